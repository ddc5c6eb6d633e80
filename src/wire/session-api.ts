import { readAnswer } from './answer.ts'
import { explain } from './explanation.ts'
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

/** One of the documented calls; `create` names no session. */
export interface SessionCall {
  call: 'create' | 'retrieve' | 'associate'
  sessionId?: string | null | undefined
  ids?: Associations | undefined
  /** The request outlives the page (64 KiB at most). */
  keepalive?: boolean | undefined
  signal: AbortSignal
}

const METHODS = { create: 'PUT', retrieve: 'GET', associate: 'POST' }

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
 * Sends one request to the Session Management API and reads its answer. One deadline covers headers, request
 * and body, also where `fetch` ignores its signal.
 *
 * @throws SessionError
 */
export async function callSessionApi(
  options: SessionApiOptions,
  transport: SessionApiTransport,
  { call, sessionId, ids = {}, keepalive = false, signal }: SessionCall,
): Promise<SessionInfo> {
  const { baseUrl, tenantId, agentId, headers, timeoutMs = TIMEOUT_MS } = options
  const method = METHODS[call]
  const controller = new AbortController()

  const send = async () => {
    const sent = new Headers(typeof headers === 'function' ? await headers() : headers)
    // The app's function may take its time, and the session may be left before it answers.
    if (signal.aborted) throw failure('aborted')
    const { customerId, ...visit } = ids
    if (customerId) sent.set('gkc_customerId', customerId)
    if (agentId) sent.set('gkc_agentId', agentId)
    const init: RequestInit = {
      method,
      headers: sent,
      keepalive,
      cache: 'no-store',
      // gkc_customerId would follow a redirect to a foreign origin.
      redirect: 'error',
      // The page's address is not the API's business.
      referrerPolicy: 'no-referrer',
      signal: controller.signal,
    }
    if (call !== 'retrieve') {
      sent.set('content-type', 'application/json')
      init.body = JSON.stringify(visit)
    }
    const { fetch } = transport
    const response = await fetch(
      `${baseUrl.replace(/\/+$/, '')}/sessions/${call === 'create' ? 'new' : sessionId}${tenantId ? `?tenantId=${encodeURIComponent(tenantId)}` : ''}`,
      init,
    )
    return readAnswer(
      response,
      await response.text(),
      transport.now(),
      process.env.NODE_ENV === 'production' ? { method, url: '' } : nameOf(method, baseUrl, transport),
    )
  }
  const failure = (code: 'network' | 'timeout' | 'aborted', cause?: unknown) =>
    new SessionError(
      code,
      process.env.NODE_ENV === 'production'
        ? code
        : explain(code, nameOf(method, baseUrl, transport), { timeoutMs }),
      { cause },
    )

  if (signal.aborted) throw failure('aborted')
  const answer = send()
  const how = await settledWithin(transport, timeoutMs, answer, signal)
  if (how === 'settled')
    return answer.catch((cause) => {
      throw cause instanceof SessionError ? cause : failure('network', cause)
    })
  controller.abort()
  throw failure(how)
}
