import { parseSessionInfo, readAnswer } from '../wire/answer.ts'
import { SessionError, type SessionErrorCode } from '../wire/session-error.ts'
import type { SessionInfo } from '../wire/session-info.ts'

/** What the client makes of an answer. */
export interface Reading {
  session: SessionInfo | null
  /** How the payload was wrapped; null where there is no session. */
  envelope: 'response' | 'data' | 'bare' | null
  /** How the client takes an answer without a session; null where it has one. */
  error: SessionErrorCode | null
}

/** Reads as the client does, with its own eyes: what it can not use must not pass here. */
export function readAsClient(
  answer: Pick<Response, 'status' | 'headers'>,
  text: string,
  method = 'GET',
): Reading {
  // To the client, which asks for `redirect: 'error'`, a redirect is a request that failed.
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

/** The statuses that the Fetch standard takes for redirects. */
export const isRedirect = ({ status }: { status: number }): boolean =>
  [301, 302, 303, 307, 308].includes(status)

/** Whether a client would read a session there, if the status were not one of an error. */
export const hidesSession = ({ status, text }: { status: number; text: string }): boolean =>
  status >= 400 && readAsClient({ status: 200, headers: new Headers() }, text).session !== null

/** Under which name the session stands, in a body in which the client found one. */
function envelopeOf(text: string): Reading['envelope'] {
  const body: unknown = JSON.parse(text)
  const name = (['response', 'data'] as const).find((name) => (field(body, name) ?? null) !== null)
  return name && parseSessionInfo(field(body, name)) ? name : 'bare'
}

/** More than this of a description helps nobody. */
const MAX_DESCRIPTION = 200

/** What an error of the API's own shape says, in quotes and on one line; empty where it says nothing. */
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
    // No JSON, and so no description.
    return undefined
  }
}

/** A field of whatever came over the wire. */
const field = (value: unknown, name: string): unknown =>
  Object.getOwnPropertyDescriptor(Object(value), name)?.value
