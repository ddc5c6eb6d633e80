import { endAfterUse, isAlive } from '../session-lifetime.ts'
import { newSession, type SessionLimits, type StoredSession } from '../session-store.ts'
import type { TransactionGroup } from './transaction-group.ts'

// Each statement names its columns, so that it works on a table to which a later version has added some.
const COLUMNS =
  'session_id, customer_id, agent_id, visit_id, global_visit_id, tenant_id, previous_session_id, created_at, expires_at'
const SELECT = `SELECT ${COLUMNS} FROM sessions WHERE session_id = ?`
/** REPLACE: the row of an expired session may still be there, and nothing of it may remain, in no column. */
const INSERT = `INSERT OR REPLACE INTO sessions (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
const UPDATE = `UPDATE sessions
  SET customer_id = ?, agent_id = ?, visit_id = ?, global_visit_id = ?, previous_session_id = ?, expires_at = ?
  WHERE session_id = ?`
const RENEW = 'UPDATE sessions SET expires_at = ? WHERE session_id = ?'
const DELETE = 'DELETE FROM sessions WHERE session_id = ?'
const MARK_ERASED = 'INSERT OR REPLACE INTO erased_sessions (session_id, until) VALUES (?, ?)'
const SELECT_ERASED = 'SELECT 1 FROM erased_sessions WHERE session_id = ? AND until > ?'
const FIND = `SELECT ${COLUMNS} FROM sessions WHERE customer_id = ? AND expires_at > ?`
const COUNT = 'SELECT count(*) FROM sessions'
const SCAN = `SELECT ${COLUMNS} FROM sessions WHERE session_id > ? AND expires_at > ? ORDER BY session_id LIMIT ?`

/** A session that is used: with its new end, which is written only where it differs from the stored one. */
export interface Use {
  session: StoredSession
  isRenewed: boolean
}

/** The rows of the tables, to be used within a transaction of the group. */
export function createRows({ statement }: TransactionGroup) {
  const [select, insert, update, renew, remove, markErased, selectErased, find, scan, count] = [
    statement(SELECT),
    statement(INSERT),
    statement(UPDATE),
    statement(RENEW),
    statement(DELETE),
    statement(MARK_ERASED),
    statement(SELECT_ERASED),
    statement(FIND),
    statement(SCAN),
    statement(COUNT),
  ]
  return {
    /** The living session of this id, as it is after a use. */
    use: (sessionId: string, now: number, ttlMs: number | null, limits?: SessionLimits): Use | null => {
      const row = select().get([sessionId])
      if (!row) return null
      const session = toSession(row)
      if (!isAlive(session, now, limits)) return null
      const end = endAfterUse(session, now, ttlMs, limits)
      const isRenewed = ttlMs !== null && end !== session.expiresAt
      session.expiresAt = end
      return { session, isRenewed }
    },
    insert: (session: StoredSession): void => {
      const { sessionId, customerId, agentId, visitId, globalVisitId } = session
      const { tenantId, previousSessionId, createdAt, expiresAt } = session
      insert().run([
        sessionId,
        customerId ?? null,
        agentId ?? null,
        visitId ?? null,
        globalVisitId ?? null,
        tenantId ?? null,
        previousSessionId ?? null,
        createdAt,
        expiresAt,
      ])
    },
    /** Writes the ids and the end of a session that is there. */
    update: (session: StoredSession): void => {
      const { sessionId, customerId, agentId, visitId, globalVisitId, previousSessionId, expiresAt } = session
      update().run([
        customerId ?? null,
        agentId ?? null,
        visitId ?? null,
        globalVisitId ?? null,
        previousSessionId ?? null,
        expiresAt,
        sessionId,
      ])
    },
    renew: ({ sessionId, expiresAt }: StoredSession): void => void renew().run([expiresAt, sessionId]),
    /** Removes the session and marks its id as erased. */
    erase: (sessionId: string, until: number): void => {
      remove().run([sessionId])
      markErased().run([sessionId, until])
    },
    isErased: (sessionId: string, now: number): boolean => Boolean(selectErased().get([sessionId, now])),
    find: (customerId: string, now: number): StoredSession[] => find().all([customerId, now]).map(toSession),
    scan: (after: string, now: number, limit: number): StoredSession[] =>
      scan().all([after, now, limit]).map(toSession),
    /** Expired sessions included. */
    count: (): number => Number((count().get([]) as [number])[0]), // one column was asked for
  }
}

type Text = string | null

function toSession(row: unknown): StoredSession {
  // The columns of COLUMNS, whose types a STRICT table guarantees.
  const columns = row as [string, Text, Text, Text, Text, Text, Text, number, number]
  const [sessionId, customer, agent, visit, globalVisit, tenant, previous, createdAt, expiresAt] = columns
  const ids = {
    customerId: customer ?? undefined,
    agentId: agent ?? undefined,
    visitId: visit ?? undefined,
    globalVisitId: globalVisit ?? undefined,
    tenantId: tenant ?? undefined,
    previousSessionId: previous ?? undefined,
  }
  return newSession(sessionId, ids, createdAt, expiresAt)
}
