import { readAnswer, retryAfterMs } from './answer.ts'
import { type CallName, explain } from './explanation.ts'
import { SessionError } from './session-error.ts'
import type { Associations, SessionInfo } from './session-info.ts'
import { settledWithin, type Timers } from './settled-within.ts'

/** Where the API is and what every call carries. */
export interface SessionApiOptions {
  baseUrl: string
  tenantId?: string | undefined
  agentId?: string | undefined
  headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>) | undefined
  timeoutMs?: number | undefined
}

/** What a call takes from its surroundings. */
export interface SessionApiTransport extends Timers {
  fetch: typeof globalThis.fetch
  /** Wall clock in milliseconds. */
  now(): number
  /** Base of relative URLs. */
  href(): string
}

/** What a `PUT` says beside the ids; both fields are our own and optional. */
export interface CreateExtras {
  /** The anonymous session that this one follows at a sign-in. */
  previousSessionId?: string
  /** The session that the server's cookie names is wanted, if there is one. */
  resume?: true
}

/** One call; `create` names no session, and `erase` is our own. */
export interface SessionCall {
  call: keyof typeof METHODS
  sessionId?: string | null | undefined
  ids?: Associations | undefined
  extras?: CreateExtras | undefined
  /** The request outlives the page (64 KiB at most). */
  keepalive?: boolean | undefined
  signal: AbortSignal
  /** Asked when the call is aborted: where it gives a function, the call is not taken back, and its answer goes there. */
  onLate?: (() => ((answer: SessionAnswer) => void) | undefined) | undefined
}

/** What the API answers to a call that is about a session. */
export interface SessionAnswer {
  info: SessionInfo
  /** The server gave back the session that its cookie names. */
  isResumed: boolean
}

export const METHODS = { create: 'PUT', retrieve: 'GET', associate: 'POST', erase: 'DELETE' } as const

/** A session is erased, is unknown, or can't be erased on this server. */
const ERASED = [204, 404, 405, 501]

export const TIMEOUT_MS = 10_000

/** The address without the id and the query, for messages. */
const nameOf = (method: string, baseUrl: string, transport: SessionApiTransport) => {
  const path = `${baseUrl.replace(/\/+$/, '')}/sessions/${method === 'PUT' ? 'new' : '{sessionId}'}`
  try {
    return { method, url: decodeURI(new URL(path, transport.href()).href) }
  } catch {
    return { method, url: path } // On a server a relative address has no base.
  }
}

/**
 * Asks the Session Management API about a session.
 *
 * @throws SessionError
 */
export const callSessionApi = (
  options: SessionApiOptions,
  transport: SessionApiTransport,
  call: SessionCall,
): Promise<SessionAnswer> =>
  send(options, transport, call, (response, text, name) => ({
    info: readAnswer(response, text, transport.now(), name),
    isResumed: response.headers.get('session-resumed') === 'true',
  }))

/**
 * Erases a session. Resolves when nothing more can be done for it.
 *
 * @throws SessionError when it has to be tried again
 */
export const eraseSession = (
  options: SessionApiOptions,
  transport: SessionApiTransport,
  sessionId: string,
  signal: AbortSignal,
): Promise<void> =>
  send(
    options,
    transport,
    { call: 'erase', sessionId, keepalive: true, signal },
    ({ status, headers }, _text, name) => {
      if (ERASED.includes(status)) return
      const message = process.env.NODE_ENV === 'production' ? 'http' : explain('http', name, { status })
      throw new SessionError('http', message, {
        status,
        retryAfterMs: retryAfterMs(headers, transport.now()),
      })
    },
  )

/**
 * Sends one request and reads its answer. One deadline covers headers, request and body, also where `fetch` ignores
 * its signal.
 *
 * @throws SessionError
 */
async function send<Answer>(
  options: SessionApiOptions,
  transport: SessionApiTransport,
  call: SessionCall,
  read: (response: Response, text: string, name: CallName) => Answer,
): Promise<Answer> {
  const { timeoutMs = TIMEOUT_MS } = options
  const { signal, onLate } = call
  const method = METHODS[call.call]
  const controller = new AbortController()
  const failure = (code: 'network' | 'timeout' | 'aborted', cause?: unknown) =>
    new SessionError(
      code,
      process.env.NODE_ENV === 'production'
        ? code
        : explain(code, nameOf(method, options.baseUrl, transport), { timeoutMs }),
      { cause },
    )
  const exchange = async () => {
    const response = await request(options, transport, call, controller.signal)
    return read(
      response,
      await response.text(),
      process.env.NODE_ENV === 'production'
        ? { method, url: '' }
        : nameOf(method, options.baseUrl, transport),
    )
  }

  if (signal.aborted) throw failure('aborted')
  const answer = exchange()
  const how = await settledWithin(transport, timeoutMs, answer, signal)
  if (how === 'settled')
    return answer.catch((cause) => {
      throw cause instanceof SessionError ? cause : failure('network', cause)
    })
  const late = how === 'aborted' ? onLate?.() : undefined
  // Late, it may fail: then there is nothing to know.
  if (late)
    answer.then(late as (answer: Answer) => void, () => undefined) // of callSessionApi only
  else controller.abort()
  throw failure(how)
}

/** Sends the request. `signal` ends it on its way; that of the call may come earlier, from the app's own `headers()`. */
async function request(
  { baseUrl, tenantId, agentId, headers }: SessionApiOptions,
  { fetch }: SessionApiTransport,
  { call, sessionId, ids = {}, extras, keepalive = false, signal: left }: SessionCall,
  signal: AbortSignal,
): Promise<Response> {
  const sent = new Headers(typeof headers === 'function' ? await headers() : headers)
  // The app's function may take its time, and the session may be left before it answers.
  if (left.aborted) throw left.reason
  const { customerId, ...visit } = ids
  if (customerId) sent.set('gkc_customerId', customerId)
  if (agentId) sent.set('gkc_agentId', agentId)
  const init: RequestInit = {
    method: METHODS[call],
    headers: sent,
    keepalive,
    cache: 'no-store',
    // gkc_customerId would follow a redirect to a foreign origin.
    redirect: 'error',
    // The page's address is not the API's business.
    referrerPolicy: 'no-referrer',
    signal,
  }
  if (call === 'create' || call === 'associate') {
    sent.set('content-type', 'application/json')
    init.body = JSON.stringify({ ...visit, ...extras })
  }
  return fetch(
    `${baseUrl.replace(/\/+$/, '')}/sessions/${call === 'create' ? 'new' : sessionId}${tenantId ? `?tenantId=${encodeURIComponent(tenantId)}` : ''}`,
    init,
  )
}
