import { saysSessionNotFound } from '../wire/answer.ts'
import { type AttachRule, withParameter } from './attach.ts'
import { report } from './callbacks.ts'
import type { Environment } from './environment.ts'
import type { AttachOptions, SessionNote } from './options.ts'
import { within } from './within.ts'

/** What the middleware needs of the client. */
interface SessionFetchParts {
  rule: AttachRule
  attach: AttachOptions
  /** How long a request waits for a session, in milliseconds. */
  waitMs: number
  fetch: typeof globalThis.fetch
  /** The current id, after a look into storage. */
  id(): string | null | undefined
  /** Resolves or rejects when it is clear whether there is a session; undefined where there will be none. */
  ready(): Promise<unknown> | undefined
  /** Another one after each `reset()`, `forget()` and stop: what failed in the one before says nothing about it. */
  lifetime(): AbortSignal
  /** An answer said that this id is unknown; ends when that is mended, or can't be. */
  mend(id: string): Promise<unknown>
  /** Tells devtools. */
  note(what: SessionNote): void
  world: Pick<Environment, 'now' | 'setTimeout' | 'clearTimeout' | 'origin'>
}

/** A 2xx answer is only looked into where its length says that it is no more than an error envelope. */
const ENVELOPE_BYTES = 512

/** The middleware: fetch, with the session attached where it belongs. */
export function createSessionFetch(parts: SessionFetchParts): typeof globalThis.fetch {
  const { rule, attach, waitMs, fetch, world } = parts
  const { name = 'sessionId' } = attach
  /** Requests without a session wait until then, all together; in another lifetime anew. Wall clock, in milliseconds. */
  let deadline = 0
  let waitedFor: AbortSignal | undefined

  const isLost = async (response: Response): Promise<boolean> => {
    const { status, headers } = response
    let verdict: unknown
    const judge = async () => {
      verdict = await attach.isLost?.(response.clone())
    }
    const rethrow = (error: unknown) =>
      report(() => {
        throw error
      })
    // A verdict that fails or does not come is none: the answer is the caller's in any case.
    if (attach.isLost) await within(world, waitMs, judge().catch(rethrow))
    if (verdict) return true
    const isCandidate =
      (status === 404 ||
        status === 410 ||
        (response.ok && +(headers.get('content-length') ?? NaN) <= ENVELOPE_BYTES)) &&
      /json/.test(headers.get('content-type') ?? '')
    if (!isCandidate) return false
    let said = ''
    const reading = response
      .clone()
      .text()
      .then((text) => {
        said = text
      })
    // A body that stalls is the caller's to wait for.
    await within(world, waitMs, reading)
    return saysSessionNotFound(said)
  }

  return (input, init) => {
    const url = rule(input)
    if (!url) return fetch(input, init)
    // A Request of whatever realm; a string and a URL have no `url`.
    const request = (input as Request | undefined)?.url ? (input as Request) : undefined
    let headers: Headers | undefined
    try {
      if (attach.as === 'header') headers = new Headers(init?.headers ?? request?.headers)
    } catch {
      return fetch(input, init) // It says itself what is wrong with them.
    }
    // What becomes of an id of the caller's own says nothing about ours.
    if (headers?.has(name) || url.searchParams.has(name)) return fetch(input, init)
    const signal = init?.signal ?? request?.signal
    const method = init?.method ?? request?.method ?? 'GET'
    // Rebuilt around a new URL, a Request with a body becomes a streaming upload, which HTTP/1.1 refuses:
    // so its body is read, once.
    let body: Promise<ArrayBuffer> | undefined

    const send = async (id: string | null | undefined): Promise<Response> => {
      if (!id) return fetch(input, init)
      parts.note({ type: 'attached', sessionId: id, method, path: url.pathname })
      if (headers) {
        headers.set(name, id)
        const isSame = url.origin === world.origin()
        const mode = init?.mode ?? (request?.mode === 'cors' ? undefined : request?.mode)
        const isChosen =
          init?.redirect ||
          (request && request.redirect !== 'follow') ||
          // Another origin is only reached by `cors`, which says nothing about redirects, or without our header.
          (mode && (isSame || mode !== 'cors'))
        const guard: RequestInit = isChosen ? {} : isSame ? { mode: 'same-origin' } : { redirect: 'error' }
        // An init makes fetch forget these two of a Request.
        const { referrer, referrerPolicy } = request ?? {}
        return fetch(input, {
          ...(request && { referrer, referrerPolicy }),
          ...copyOf(init),
          headers,
          ...guard,
        } as RequestInit) // spread of what was one before
      }
      const address = withParameter(input, url, name, id)
      if (!request) return fetch(address, init)
      const fields = copyOf(request)
      // A Request as init would hand over its body as a stream.
      delete fields.body
      // Firefox shows no `body`; null is what others show where there is none.
      if (request.body !== null && !init?.body) {
        body ??= request.arrayBuffer()
        const bytes = await body
        if (bytes.byteLength) fields.body = bytes
      }
      return fetch(new Request(address, fields), init)
    }

    const sendAndMend = async (id: string | null | undefined): Promise<Response> => {
      const response = await send(id)
      if (!id || response.type === 'opaque' || !(await isLost(response))) return response
      await within(world, waitMs, parts.mend(id))
      const isRepeatable =
        /^(get|head)$/i.test(method) ||
        // A verdict in another shape may come after the deed.
        (!attach.isLost && !(init?.body instanceof ReadableStream) && (body || !request?.bodyUsed))
      const now = parts.id()
      return isRepeatable && now && !signal?.aborted ? send(now) : response
    }

    const id = parts.id()
    if (id) return sendAndMend(id)
    const ready = parts.ready()
    if (!ready) return fetch(input, init)
    const now = world.now()
    if (waitedFor !== parts.lifetime()) {
      waitedFor = parts.lifetime()
      deadline = now + waitMs
    }
    return within(world, Math.min(deadline - now, waitMs), ready, signal).then(() => {
      signal?.throwIfAborted()
      return sendAndMend(parts.id())
    })
  }
}

/** Also what it inherits: an init may be an instance of anything, and the fields of a Request are getters. */
function copyOf(source: RequestInit | undefined): RequestInit {
  const copy: Record<string, unknown> = {}
  for (const field in source) copy[field] = source[field as keyof RequestInit]
  return copy
}
