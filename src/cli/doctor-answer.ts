import { parseSessionInfo, readAnswer } from '../wire/answer.ts'
import { SessionError, type SessionErrorCode } from '../wire/session-error.ts'
import type { SessionInfo } from '../wire/session-info.ts'

/** What the client makes of an answer. */
export interface Reading {
  session: SessionInfo | null
  /** How the payload was wrapped; null where there is no session. */
  envelope: 'response' | 'data' | 'bare' | null
  /** The code of the client's error for an answer without a session; null where there is one. */
  error: SessionErrorCode | null
}

/** Reads an answer with the client's own code: an answer that the client refuses must not pass here. */
export function readAsClient(
  answer: Pick<Response, 'status' | 'headers'>,
  text: string,
  method = 'GET',
): Reading {
  // The client asks with `redirect: 'error'`, so a redirect is a failed request.
  if (isRedirect(answer)) return { session: null, envelope: null, error: 'network' }
  try {
    return {
      session: readAnswer(answer, text, Date.now(), { method, url: '' }),
      envelope: envelopeOf(text),
      error: null,
    }
  } catch (error) {
    if (!(error instanceof SessionError)) throw error
    return { session: null, envelope: null, error: error.code }
  }
}

/** The redirects of the Fetch standard. */
export const isRedirect = ({ status }: { status: number }): boolean =>
  [301, 302, 303, 307, 308].includes(status)

/** Whether the answer has a session, but with the status of an error. */
export const hidesSession = ({ status, text }: { status: number; text: string }): boolean =>
  status >= 400 && readAsClient({ status: 200, headers: new Headers() }, text).session !== null

/** The name of the field that holds the session, in a body in which the client found one. */
function envelopeOf(text: string): Reading['envelope'] {
  const body: unknown = JSON.parse(text)
  const name = (['response', 'data'] as const).find((name) => (field(body, name) ?? null) !== null)
  return name && parseSessionInfo(field(body, name)) ? name : 'bare'
}

/** A longer description is cut. */
const MAX_DESCRIPTION = 200

/** The description in an error of the API's shape, in quotes and on one line; empty if the answer is not such an error. */
export function descriptionOf(text: string): string {
  const body = parseJson(text)
  const payload = field(body, 'response') ?? field(body, 'data')
  const description = field(body, 'description') ?? field(body, 'message') ?? field(payload, 'description')
  return typeof description === 'string' && description
    ? JSON.stringify(description.slice(0, MAX_DESCRIPTION))
    : ''
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A text that is no JSON has no description.
    return undefined
  }
}

/** A field of an unknown value. */
const field = (value: unknown, name: string): unknown =>
  Object.getOwnPropertyDescriptor(Object(value), name)?.value
