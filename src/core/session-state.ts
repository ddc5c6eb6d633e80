import type { SessionError } from '../wire/session-error.ts'
import type { Associations, SessionInfo } from '../wire/session-info.ts'

/** What a component can know of the session. One object, the same reference until something in it changes. */
export interface SessionState {
  /** `error` only while there is no id to work with. */
  status: 'disabled' | 'pending' | 'ready' | 'error'
  /** Known at once when storage has one. */
  sessionId: string | null
  /** With associations applied at once, before the server has confirmed them. */
  session: SessionInfo | null
  /** A request that asks for or creates the session is under way. */
  isValidating: boolean
  /** Some ids are not confirmed yet. */
  isAssociating: boolean
  /** The latest trouble; cleared by the next success. */
  error: SessionError | null
  /** Where the id is kept; `memory` where the browser refused storage. */
  persistence: 'local' | 'session' | 'memory' | 'custom'
}

/** The facts from which the state follows. */
export interface SessionFacts {
  enabled: boolean
  sessionId: string | null
  /** What the query cache holds. */
  cached: SessionInfo | undefined
  pending: Associations
  isValidating: boolean
  error: SessionError | null
  persistence: SessionState['persistence']
}

/** The one place where the state is made; returns `last` itself where nothing changed. */
export function deriveSessionState(facts: SessionFacts, last?: SessionState): SessionState {
  const { enabled, cached, pending, error, persistence } = facts
  const sessionId = enabled ? facts.sessionId : null
  const session: SessionInfo | null = sessionId
    ? { ...(cached?.sessionId === sessionId ? cached : undefined), ...pending, sessionId }
    : null
  const next: SessionState = {
    status: !enabled ? 'disabled' : sessionId ? 'ready' : error ? 'error' : 'pending',
    sessionId,
    session: last && sameFields(last.session, session) ? last.session : session,
    isValidating: enabled && facts.isValidating,
    isAssociating: enabled && Object.keys(pending).length > 0,
    error,
    persistence,
  }
  return last && sameFields(last, next) ? last : next
}

function sameFields(a: object | null, b: object | null): boolean {
  if (!a || !b) return a === b
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))]
  return (
    left.length === right.size &&
    left.every(([field, value]) => right.has(field) && right.get(field) === value)
  )
}
