import { createSessionIds } from '../session-id.ts'
import {
  addSessionIds,
  newSession,
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
  // A value is replaced at every use and never changed, so it also tells whether it was used since.
  const sessions = new Map<string, StoredSession>()
  // One iterator for good: a new one would walk over the traces of all that was deleted before it.
  let byAge = sessions.values()
  let oldest: StoredSession | undefined

  const put = (session: StoredSession): StoredSession => {
    sessions.delete(session.sessionId)
    sessions.set(session.sessionId, session)
    return { ...session }
  }

  const use = (session: StoredSession, ids: SessionIds, ttlMs: number): StoredSession =>
    put(addSessionIds({ ...session, expiresAt: now() + ttlMs }, ids))

  const make = (sessionId: string, ids: SessionIds, ttlMs: number): StoredSession => {
    const createdAt = now()
    const session = put(newSession(sessionId, ids, createdAt, createdAt + ttlMs))
    evict()
    return session
  }

  const alive = (sessionId: string): StoredSession | undefined => {
    const session = sessions.get(sessionId)
    return session && session.expiresAt > now() ? session : undefined
  }

  /** Little work for each new session: those whose time is over, then whatever is beyond the bound. */
  const evict = () => {
    for (;;) {
      if (oldest && sessions.get(oldest.sessionId) === oldest) {
        if (sessions.size <= maxSessions && oldest.expiresAt > now()) return
        sessions.delete(oldest.sessionId)
      }
      oldest = nextOldest()
    }
  }

  /** The session at the head; there is one whenever this is asked, because one was just put in. */
  const nextOldest = (): StoredSession | undefined => {
    const { value, done } = byAge.next()
    if (!done) return value
    byAge = sessions.values()
    return byAge.next().value
  }

  return {
    create: async (ids, ttlMs) => make(newSessionId(), ids, ttlMs),
    get: async (sessionId, ttlMs) => {
      const session = alive(sessionId)
      return session ? use(session, {}, ttlMs) : null
    },
    associate: async (sessionId, ids, ttlMs, create) => {
      const session = alive(sessionId)
      if (session) return use(session, ids, ttlMs)
      return create ? make(sessionId, ids, ttlMs) : null
    },
    close: async () => sessions.clear(),
  }
}
