import { type CallName, explain } from './explanation.ts'
import { SessionError, type SessionErrorCode } from './session-error.ts'
import { ASSOCIATION_FIELDS, isSessionId, type SessionInfo } from './session-info.ts'

const RETRY_AFTER_MAX_MS = 300_000

/** How the documented API says that it does not know an id, in any envelope. */
export const saysSessionNotFound = (text: string): boolean => /session not found/i.test(text)

/** The SessionInfo in a value from outside, or undefined. A null id counts as absent. */
export function parseSessionInfo(value: unknown): SessionInfo | undefined {
  const info = { ...(value as SessionInfo) }
  for (const field of ['agentId', ...ASSOCIATION_FIELDS] as const) {
    if ((info[field] ?? undefined) === undefined) delete info[field]
    else if (typeof info[field] !== 'string') return
  }
  return isSessionId(info.sessionId) ? info : undefined
}

/**
 * Reads one answer of the API. The payload stands under `response` (documented), under `data` (seen in client
 * code) or bare. An error is a status of 400 or more, or a 2xx answer with a description in place of a payload.
 * Only a call that names a session can find it lost: a `PUT` can't.
 *
 * @param text its body, read before
 * @param now wall clock in milliseconds, for a Retry-After that is a date
 * @throws SessionError `session-not-found`, `http` or `invalid-response`
 */
export function readAnswer(
  { status, headers }: Pick<Response, 'status' | 'headers'>,
  text: string,
  now: number,
  call: CallName,
): SessionInfo {
  // biome-ignore lint/suspicious/noExplicitAny: unknown JSON; every use below checks what it takes
  let body: any
  try {
    body = JSON.parse(text)
  } catch {
    // Not JSON: `body` stays undefined, and the status decides below what that means.
  }
  const failed = status >= 400
  const payload = body?.response ?? body?.data ?? body
  // A bare payload may have a field of that name, which we don't know.
  const info = failed ? undefined : (parseSessionInfo(payload) ?? parseSessionInfo(body))
  if (info) return info
  const description = body?.description ?? body?.message ?? payload?.description
  const isLost =
    call.method !== 'PUT' &&
    (failed
      ? // A 404 with a page of HTML comes from a proxy, not from the API.
        (status === 404 || status === 410) && (body !== undefined || !text.trim())
      : saysSessionNotFound(String(description)))
  const code: SessionErrorCode = isLost
    ? 'session-not-found'
    : failed || typeof description === 'string'
      ? 'http'
      : 'invalid-response'
  const message =
    process.env.NODE_ENV === 'production' ? `${code} ${status}` : explain(code, call, { status })
  throw new SessionError(code, message, {
    status,
    retryAfterMs: retryAfterMs(headers, now),
  })
}

/** Retry-After in seconds or as a date, as milliseconds between 0 and five minutes. `now`: wall clock in milliseconds. */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const value = headers.get('retry-after') ?? ''
  const ms = /^\d+$/.test(value) ? +value * 1000 : Date.parse(value) - now
  return ms >= 0 ? Math.min(ms, RETRY_AFTER_MAX_MS) : undefined
}
