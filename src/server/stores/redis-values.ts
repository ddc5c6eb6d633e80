import { addSessionIds, newSession, type SessionIds, type StoredSession } from '../session-store.ts'

/** One letter for each field: with ten million sessions every byte of a name costs ten megabytes. */
const LETTERS = {
  customerId: 'c',
  agentId: 'a',
  visitId: 'v',
  globalVisitId: 'g',
  tenantId: 'n',
  previousSessionId: 'p',
} as const

/** What stands at the key of a session, as JSON: the times of creation and end, and the ids by their letters. */
interface Value extends Partial<Record<(typeof LETTERS)[keyof typeof LETTERS], string>> {
  t: number
  e: number
}

/** A session as it is stored. */
export const encode = (session: StoredSession): string =>
  JSON.stringify({
    t: session.createdAt,
    e: session.expiresAt,
    c: session.customerId,
    a: session.agentId,
    v: session.visitId,
    g: session.globalVisitId,
    n: session.tenantId,
    p: session.previousSessionId,
  } satisfies Record<keyof Value, unknown>)

/** The given ids as pairs of letter and value. */
export const toPairs = (ids: SessionIds): string[] =>
  Object.entries(addSessionIds<SessionIds>({}, ids)).flatMap(([field, value]) => [
    // The keys of SessionIds are those of LETTERS.
    LETTERS[field as keyof typeof LETTERS],
    value,
  ])

/** A session from what stands at its key; null where nothing does, or what is no session of ours. */
export function decode(sessionId: string, text: unknown): StoredSession | null {
  const value = typeof text === 'string' ? parse(text) : null
  if (!value) return null
  const ids = {
    customerId: textOf(value.c),
    agentId: textOf(value.a),
    visitId: textOf(value.v),
    globalVisitId: textOf(value.g),
    tenantId: textOf(value.n),
    previousSessionId: textOf(value.p),
  }
  return newSession(sessionId, ids, value.t, value.e)
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

function parse(text: string): Value | null {
  try {
    const value = JSON.parse(text)
    return typeof value?.t === 'number' && typeof value.e === 'number' ? value : null
  } catch {
    // The mark of an erased session, or a text of another program below our prefix.
    return null
  }
}
