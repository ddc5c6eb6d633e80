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
   * How many sessions are kept at most; an odd number is taken for the next even one. Certain are the half that was
   * used last: when so many were used since the last time, all others go at once.
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
  // Two generations, of which the older is dropped as a whole: a Map that loses one entry for each that it gains is
  // made anew ever so often, which costs as much again as all else that is done here.
  const perGeneration = Math.ceil(maxSessions / 2)
  let younger = new Map<string, StoredSession>()
  let older = new Map<string, StoredSession>()

  const put = (session: StoredSession): void => {
    if (younger.size === perGeneration && !younger.has(session.sessionId)) {
      older = younger
      younger = new Map()
    }
    younger.set(session.sessionId, session)
  }

  const make = (sessionId: string, ids: SessionIds, ttlMs: number): StoredSession => {
    const createdAt = now()
    const session = newSession(sessionId, ids, createdAt, createdAt + ttlMs)
    put(session)
    return { ...session }
  }

  const use = (sessionId: string, ids: SessionIds, ttlMs: number): StoredSession | undefined => {
    const session = younger.get(sessionId) ?? older.get(sessionId)
    const time = now()
    if (!session || session.expiresAt <= time) return
    session.expiresAt = time + ttlMs
    // What is used belongs to the younger generation.
    if (older.delete(sessionId)) put(session)
    return { ...addSessionIds(session, ids) }
  }

  return {
    create: async (ids, ttlMs) => make(newSessionId(), ids, ttlMs),
    get: async (sessionId, ttlMs) => use(sessionId, {}, ttlMs) ?? null,
    associate: async (sessionId, ids, ttlMs, create) => {
      const session = use(sessionId, ids, ttlMs)
      if (session) return session
      if (!create) return null
      // Memory takes every write, so that the health check learns nothing by it and would push out a visitor.
      if (sessionId === PROBE_ID) return newSession(sessionId, ids, now(), now() + ttlMs)
      return make(sessionId, ids, ttlMs)
    },
    close: async () => {
      younger.clear()
      older.clear()
    },
  }
}
