import { saysSessionNotFound } from '../wire/answer.ts'
import { isSessionId, type SessionInfo } from '../wire/session-info.ts'

/** Where the examined API is, and how to ask it. */
export interface Patient {
  baseUrl: string
  tenantId?: string | undefined
  /** Sent with every request, such as `Authorization`. */
  headers: Record<string, string>
  timeoutMs: number
}

/** One request of the doctor and what came back. */
export interface Probe {
  ms: number
  /** 0 where no answer came. */
  status: number
  headers: Headers
  text: string
  /** How the payload was wrapped; null where there is no SessionInfo. */
  envelope: 'response' | 'data' | 'bare' | null
  session: SessionInfo | null
  /** Code of the network error, such as `ECONNREFUSED`; null where an answer came. */
  trouble: string | null
}

/** Sends one request; whatever goes wrong is part of the result. */
export async function probe(
  { baseUrl, tenantId, headers, timeoutMs }: Patient,
  method: string,
  path: string,
  extra: Record<string, string> = {},
  body?: object,
): Promise<Probe> {
  const start = performance.now()
  const query = tenantId ? `?tenantId=${encodeURIComponent(tenantId)}` : ''
  const took = () => Math.round((performance.now() - start) * 10) / 10
  try {
    const answer = await fetch(`${baseUrl}${path}${query}`, {
      method,
      headers: { ...headers, ...extra, ...(body && { 'content-type': 'application/json' }) },
      body: body ? JSON.stringify(body) : null,
      // As the client does: a redirect is no answer.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = await answer.text()
    const read = readSession(text)
    return { ms: took(), status: answer.status, headers: answer.headers, text, ...read, trouble: null }
  } catch (error) {
    return {
      ms: took(),
      status: 0,
      headers: new Headers(),
      text: '',
      envelope: null,
      session: null,
      trouble: troubleOf(error),
    }
  }
}

function readSession(text: string): Pick<Probe, 'envelope' | 'session'> {
  const body = parseJson(text)
  for (const envelope of ['response', 'data', 'bare'] as const) {
    const payload = envelope === 'bare' ? body : field(body, envelope)
    // Only the id is proven; the other fields are compared as they are.
    if (isSessionId(field(payload, 'sessionId'))) return { envelope, session: payload as SessionInfo }
  }
  return { envelope: null, session: null }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // No JSON: the examination says so.
    return undefined
  }
}

/** A field of whatever came over the wire. */
const field = (value: unknown, name: string): unknown =>
  Object.getOwnPropertyDescriptor(Object(value), name)?.value

/** What became of a request, for people. */
export const outcomeOf = ({ status, trouble }: Probe): string =>
  trouble ? `no answer: ${trouble}` : `HTTP ${status}`

/** More than this of a description helps nobody. */
const MAX_DESCRIPTION = 200

/** What an error of the API's own shape says, in quotes and on one line; empty where it says nothing. */
export function descriptionOf({ text }: Probe): string {
  const description = field(parseJson(text), 'description')
  return typeof description === 'string' && description
    ? JSON.stringify(description.slice(0, MAX_DESCRIPTION))
    : ''
}

/** Whether an answer says in the API's own shape that it does not know the id. */
export const saysNotFound = ({ status, text, session }: Probe): boolean =>
  !session &&
  (((status === 404 || status === 410) && (!text.trim() || parseJson(text) !== undefined)) ||
    saysSessionNotFound(String(field(parseJson(text), 'description'))))

function troubleOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  if (error.name === 'TimeoutError') return 'TIMEOUT'
  const { cause } = error
  if (!(cause instanceof Error)) return error.message
  return 'code' in cause ? String(cause.code) : cause.message
}
