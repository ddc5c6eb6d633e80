import { endAfterUse, isAlive } from '../session-lifetime.ts'
import { newSession, type SessionIds, type SessionLimits, type StoredSession } from '../session-store.ts'
import type { TransactionGroup } from './transaction-group.ts'

// Each statement names its columns, so that it works on a table to which a later version has added some.
const COLUMNS =
  'session_id, customer_id, agent_id, visit_id, global_visit_id, tenant_id, previous_session_id, created_at, expires_at'
const SELECT = `SELECT ${COLUMNS} FROM sessions WHERE session_id = ?`
/** REPLACE: the row of an expired session may still be there, and nothing of it may remain, in no column. */
const INSERT = `INSERT OR REPLACE INTO sessions (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
const RENEW = 'UPDATE sessions SET expires_at = ? WHERE session_id = ?'
const DELETE = 'DELETE FROM sessions WHERE session_id = ?'
const MARK_ERASED = 'INSERT OR REPLACE INTO erased_sessions (session_id, until) VALUES (?, ?)'
const SELECT_ERASED = 'SELECT 1 FROM erased_sessions WHERE session_id = ? AND until > ?'
const FIND = `SELECT ${COLUMNS} FROM sessions WHERE customer_id = ? AND expires_at > ?`
const COUNT = 'SELECT count(*) FROM sessions'
const SCAN = `SELECT ${COLUMNS} FROM sessions WHERE session_id > ? AND expires_at > ? ORDER BY session_id LIMIT ?`

/** The ids that an association may change, and their columns. A session never changes its tenant. */
const CHANGEABLE = [
  ['customerId', 'customer_id'],
  ['agentId', 'agent_id'],
  ['visitId', 'visit_id'],
  ['globalVisitId', 'global_visit_id'],
  ['previousSessionId', 'previous_session_id'],
] as const

/** A session that is used: with its new end, which is written only where it differs from the stored one. */
export interface Use {
  session: StoredSession
  isRenewed: boolean
}

/** The rows of the tables, to be used within a transaction of the group. */
export function createRows({ statement }: TransactionGroup) {
  const [select, insert, renew, remove, markErased, selectErased, find, scan, count] = [
    statement(SELECT),
    statement(INSERT),
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
    /**
     * Merges ids into a session that is used. Writes only what differs: a column that is written with the value that it
     * has costs as much as a new one, with an index more than twice.
     */
    update: ({ session, isRenewed }: Use, ids: SessionIds): void => {
      const changes: string[] = []
      const values: (string | number)[] = []
      for (const [field, column] of CHANGEABLE) {
        const value = ids[field]
        if (value === undefined || value === session[field]) continue
        session[field] = value
        changes.push(`${column} = ?`)
        values.push(value)
      }
      if (isRenewed) {
        changes.push('expires_at = ?')
        values.push(session.expiresAt)
      }
      if (!changes.length) return
      const sql = `UPDATE sessions SET ${changes.join(', ')} WHERE session_id = ?`
      statement(sql)().run([...values, session.sessionId])
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
