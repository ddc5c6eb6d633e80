/**
 * What went wrong, as a code that a program can branch on:
 *
 * - `network`: the request got no answer (offline, DNS, CORS, connection cut)
 * - `timeout`: no complete answer within `timeoutMs`
 * - `aborted`: given up on purpose, by `reset()`, `forget()` or `stop()`
 * - `http`: an answer with a status of 400 or more, or a documented error inside a 2xx answer
 * - `session-not-found`: the API says in its own shape that it does not know the id
 * - `invalid-response`: a 2xx answer that is no SessionInfo (an HTML page, an empty body)
 * - `invalid-input`: an option or an id that can't be sent; nothing was sent
 * - `disabled`: the client is disabled (no consent), or runs on a server
 */
export type SessionErrorCode =
  | 'network'
  | 'timeout'
  | 'aborted'
  | 'http'
  | 'session-not-found'
  | 'invalid-response'
  | 'invalid-input'
  | 'disabled'

/** Details that only some errors have. */
export interface SessionErrorDetails {
  /** HTTP status of the answer. */
  status?: number | undefined
  /** Milliseconds that the server asked to wait (Retry-After). */
  retryAfterMs?: number | undefined
  /** The error underneath. */
  cause?: unknown
}

/**
 * The one error class of this library. Its message never contains a session id or a customer id. In production the
 * message is short; code, status and cause are always there.
 */
export class SessionError extends Error {
  override readonly name = 'SessionError'
  /** What went wrong: `network`, `timeout`, `aborted`, `http`, `session-not-found`, `invalid-response`, `invalid-input` or `disabled`. */
  readonly code: SessionErrorCode
  /** HTTP status of the answer, where there was one. */
  readonly status?: number | undefined
  /** Milliseconds that the server asked to wait (Retry-After), where it did. */
  readonly retryAfterMs?: number | undefined

  constructor(code: SessionErrorCode, message: string, details: SessionErrorDetails = {}) {
    super(message, details)
    this.code = code
    this.status = details.status
    this.retryAfterMs = details.retryAfterMs
  }
}

/** Whether a value is a SessionError, also one made by another copy of this library. */
export const isSessionError = (value: unknown): value is SessionError =>
  value instanceof Error && value.name === 'SessionError' && 'code' in value
