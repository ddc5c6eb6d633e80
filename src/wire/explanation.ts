import type { SessionErrorCode } from './session-error.ts'

/** Which call an error is about. The URL carries no session id and no query. */
export interface CallName {
  method: string
  url: string
}

/** What there is to say of a failed call. */
export interface Failure {
  status?: number | undefined
  timeoutMs?: number | undefined
}

const DOCS = 'https://storefront-session.github.io/storefront-session/errors/'

/**
 * Development only: what happened, in which call, and what to do. What the server said is left out: it may name the
 * customer.
 */
export function explain(
  code: SessionErrorCode,
  { method, url }: CallName,
  { status, timeoutMs }: Failure = {},
): string {
  const base = url.replace(/\/sessions\/[^/]*$/, '')
  const doctor = `Try: npx storefront-session doctor ${base}`
  const unreachable = status === 404 || status === 405 || status === 410
  const texts: Partial<Record<SessionErrorCode, string>> = {
    network: `got no answer. Does the API run there, and does it allow this page's origin (CORS)? ${doctor}`,
    timeout: `got no complete answer within ${timeoutMs} ms. Is the API slow or out of reach? ${doctor}`,
    aborted: 'was given up, because the session was left or the client was stopped.',
    http: `answered ${status}. ${
      unreachable
        ? `Is baseUrl right, and does the API run there? ${doctor}`
        : status === 401 || status === 403
          ? 'Does the API ask for credentials? The option headers can send them.'
          : status === 429
            ? 'The API asks for patience; the client tries again later.'
            : `The log of the API says why. ${doctor}`
    }`,
    'session-not-found': `answered that the session is unknown (${status}). The client makes a new one.`,
    'invalid-response': `answered ${status}, but not with a session. Is baseUrl right, or did a page of HTML answer? ${doctor}`,
  }
  return `${method} ${url} ${texts[code]}${unreachable && code === 'http' ? '' : ` See ${DOCS}${code}`}`
}
