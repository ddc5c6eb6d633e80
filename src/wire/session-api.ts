import { readAnswer } from './answer.ts'
import { SessionError } from './session-error.ts'
import type { Associations, SessionInfo } from './session-info.ts'

/** Where the API is and what every call carries. */
export interface SessionApiOptions {
  baseUrl: string
  tenantId?: string | undefined
  agentId?: string | undefined
  headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>) | undefined
  timeoutMs?: number | undefined
}

/** What a call takes from its surroundings. */
export interface SessionApiTransport {
  fetch: typeof globalThis.fetch
  now(): number
  setTimeout(callback: () => void, delayMs: number): unknown
  clearTimeout(timer: unknown): void
}

/** One of the three documented calls; a `PUT` creates, and asks for no `sessionId`. */
export interface SessionCall {
  method: 'PUT' | 'GET' | 'POST'
  sessionId?: string | null | undefined
  ids?: Associations | undefined
  /** The request outlives the page (64 KiB at most). */
  keepalive?: boolean | undefined
  signal: AbortSignal
}

export const TIMEOUT_MS = 10_000

/**
 * Sends one request to the Session Management API and reads its answer. One deadline covers headers, request
 * and body, also where `fetch` does not listen to its signal.
 *
 * @throws SessionError
 */
export function callSessionApi(
  { baseUrl, tenantId, agentId, headers, timeoutMs = TIMEOUT_MS }: SessionApiOptions,
  transport: SessionApiTransport,
  { method, sessionId, ids = {}, keepalive = false, signal }: SessionCall,
): Promise<SessionInfo> {
  const controller = new AbortController()

  const send = async () => {
    const sent = new Headers(typeof headers === 'function' ? await headers() : headers)
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
      // The page's address is none of the API's business.
      referrerPolicy: 'no-referrer',
      signal: controller.signal,
    }
    if (method !== 'GET') {
      sent.set('content-type', 'application/json')
      init.body = JSON.stringify(visit)
    }
    const { fetch } = transport
    const response = await fetch(
      `${baseUrl.replace(/\/+$/, '')}/sessions/${method === 'PUT' ? 'new' : sessionId}${tenantId ? `?tenantId=${encodeURIComponent(tenantId)}` : ''}`,
      init,
    )
    return readAnswer(response, await response.text(), transport.now())
  }

  return new Promise((resolve, reject) => {
    const fail = (code: 'network' | 'timeout' | 'aborted', cause?: unknown) => {
      end()
      controller.abort()
      reject(
        cause instanceof SessionError
          ? cause
          : new SessionError(code, `The session request (${method}) failed: ${code}`, { cause }),
      )
    }
    const onAbort = () => fail('aborted')
    const end = () => {
      transport.clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    }
    const timer = transport.setTimeout(() => fail('timeout'), timeoutMs)
    signal.addEventListener('abort', onAbort)
    if (signal.aborted) onAbort()
    else
      send().then(
        (info) => {
          end()
          resolve(info)
        },
        (error) => fail('network', error),
      )
  })
}
