import { createSessionIds } from '../session-id.ts'
import {
  addSessionIds,
  newSession,
  PROBE_ID,
  type SessionIds,
  type SessionStore,
  type StoredSession,
} from '../session-store.ts'

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /**
   * How many sessions are kept; beyond it the one that was used least recently goes.
   * @default 100_000
   */
  maxSessions?: number | undefined
  /**
   * The clock, in milliseconds since the epoch.
   * @default Date.now
   */
  now?: (() => number) | undefined
}

const MAX_SESSIONS = 100_000

/**
 * A store in this process's memory, for tests, development and demos: a restart forgets every session, and a
 * second process sees none of them. It needs no Node module and also runs in browsers and workers.
 *
 * @throws TypeError if `maxSessions` is not a positive integer
 */
export function memoryStore({
  maxSessions = MAX_SESSIONS,
  now = Date.now,
}: MemoryStoreOptions = {}): SessionStore {
  if (!Number.isSafeInteger(maxSessions) || maxSessions < 1)
    throw new TypeError(`memoryStore: maxSessions must be a positive integer, not ${maxSessions}`)

  const newSessionId = createSessionIds()
  // A Map keeps the order of insertion, and every use inserts anew: the first entry is the least recently used.
  const sessions = new Map<string, StoredSession>()
  // One iterator for good, whose every step deletes what it has passed: a new one would walk over the traces of that.
  const byAge = sessions.keys()

  const put = (session: StoredSession): StoredSession => {
    sessions.set(session.sessionId, session)
    return { ...session }
  }

  const make = (sessionId: string, ids: SessionIds, ttlMs: number): StoredSession => {
    const createdAt = now()
    const made = put(newSession(sessionId, ids, createdAt, createdAt + ttlMs))
    if (sessions.size > maxSessions) sessions.delete(byAge.next().value ?? '')
    return made
  }

  /** Takes a session out, to be put in again as the latest; what has expired is gone with that. */
  const take = (sessionId: string): StoredSession | undefined => {
    const session = sessions.get(sessionId)
    if (!session) return
    sessions.delete(sessionId)
    return session.expiresAt > now() ? session : undefined
  }

  const use = (session: StoredSession, ids: SessionIds, ttlMs: number): StoredSession => {
    session.expiresAt = now() + ttlMs
    return put(addSessionIds(session, ids))
  }

  return {
    create: async (ids, ttlMs) => make(newSessionId(), ids, ttlMs),
    get: async (sessionId, ttlMs) => {
      const session = take(sessionId)
      return session ? use(session, {}, ttlMs) : null
    },
    associate: async (sessionId, ids, ttlMs, create) => {
      const session = take(sessionId)
      if (session) return use(session, ids, ttlMs)
      if (!create) return null
      // Memory takes every write, so that the health check learns nothing by it and would push out a visitor.
      if (sessionId === PROBE_ID) return newSession(sessionId, ids, now(), now() + ttlMs)
      return make(sessionId, ids, ttlMs)
    },
    close: async () => sessions.clear(),
  }
}
