import { saysSessionNotFound } from '../wire/answer.ts'
import { type AttachRule, withParameter } from './attach.ts'
import type { Environment } from './environment.ts'
import type { AttachOptions } from './options.ts'

/** What the middleware needs of the client. */
export interface SessionFetchParts {
  rule: AttachRule
  attach: AttachOptions
  fetch: typeof globalThis.fetch
  /** The current id, after a look into storage. */
  id(): string | null
  /** Whether there will be an id: false when disabled. */
  mayWait(): boolean
  /** Resolves or rejects when it is clear whether there is a session. */
  ready(): Promise<unknown>
  /** An answer said that this id is unknown; ends when that is mended, or can't be. */
  mend(id: string): Promise<void>
  world: Pick<Environment, 'setTimeout' | 'clearTimeout'>
  origin(): string | undefined
}

const WAIT_MS = 2_000
const REQUEST_FIELDS = [
  'method',
  'headers',
  'mode',
  'credentials',
  'cache',
  'redirect',
  'referrer',
  'referrerPolicy',
  'integrity',
  'keepalive',
  'signal',
] as const
/** A 2xx answer is only looked into where its length says that it is no more than an error envelope. */
const ENVELOPE_BYTES = 512

/** The middleware: fetch, with the session attached where it belongs. */
export function createSessionFetch(parts: SessionFetchParts): typeof globalThis.fetch {
  const { rule, attach } = parts
  const { name = 'sessionId', waitMs = WAIT_MS } = attach
  const inHeader = attach.as === 'header'

  const isLost = async (response: Response): Promise<boolean | undefined> => {
    const { status, headers } = response
    if (attach.isLost && (await attach.isLost(response.clone()))) return true
    return (
      (status === 404 ||
        status === 410 ||
        (response.ok && +(headers.get('content-length') ?? NaN) <= ENVELOPE_BYTES)) &&
      /json/.test(headers.get('content-type') ?? '') &&
      saysSessionNotFound(await response.clone().text())
    )
  }

  return (input, init) => {
    const { fetch } = parts
    const url = rule.match(input)
    if (!url || !parts.mayWait()) return fetch(input, init)
    const request = typeof input === 'object' && 'url' in input ? input : undefined
    const method = (init?.method ?? request?.method ?? 'GET').toUpperCase()
    const isSafe = method === 'GET' || method === 'HEAD'
    // Rebuilt around a new URL, a Request with a body becomes a streaming upload, which HTTP/1.1 refuses:
    // so its body is read, once.
    let body: Promise<ArrayBuffer> | undefined

    const send = async (id: string | null): Promise<Response> => {
      if (!id) return fetch(input, init)
      if (inHeader) {
        const given = new Request(input, init)
        if (given.headers.has(name)) return fetch(given)
        const mode = init?.mode ?? (request && request.mode !== 'cors')
        const redirect = init?.redirect ?? (request && request.redirect !== 'follow')
        const sent =
          mode || redirect
            ? given
            : new Request(
                given,
                url.origin === parts.origin() ? { mode: 'same-origin' } : { redirect: 'error' },
              )
        sent.headers.set(name, id)
        return fetch(sent)
      }
      if (url.searchParams.has(name)) return fetch(input, init)
      const address = withParameter(input, url, name, id)
      if (!request) return fetch(address, init)
      // Field by field: tools that wrap Request spread what they are given, and a Request has nothing to spread.
      const fields: RequestInit = Object.fromEntries(REQUEST_FIELDS.map((field) => [field, request[field]]))
      if (request.body && !init?.body) {
        body ??= request.arrayBuffer()
        fields.body = await body
      }
      return fetch(new Request(address, fields), init)
    }

    const sendAndMend = async (id: string | null): Promise<Response> => {
      const response = await send(id)
      if (!id || response.type === 'opaque' || !(await isLost(response))) return response
      await within(parts.world, waitMs, parts.mend(id))
      const isDocumented = !attach.isLost
      const isRepeatable =
        isSafe ||
        (isDocumented && (request?.body ? !!body && !init?.body : !(init?.body instanceof ReadableStream)))
      const now = parts.id()
      return isRepeatable && now && !init?.signal?.aborted ? send(now) : response
    }

    const id = parts.id()
    return id
      ? sendAndMend(id)
      : within(parts.world, waitMs, parts.ready(), init?.signal ?? request?.signal).then(() =>
          sendAndMend(parts.id()),
        )
  }
}

/** Resolves when the work has ended in any way, when `signal` aborts, or `ms` later. */
function within(
  { setTimeout, clearTimeout }: SessionFetchParts['world'],
  ms: number,
  work: Promise<unknown>,
  signal?: AbortSignal | null,
): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    work.then(end, end)
    signal?.addEventListener('abort', end)
    if (signal?.aborted) end()
  })
}
