import { createSessionIds } from '../session-id.ts'
import { endAfterUse, endAtCreation, isAlive } from '../session-lifetime.ts'
import {
  addSessionIds,
  checkLimit,
  ERASED_MS,
  newSession,
  PAGE_SIZE,
  type SessionIds,
  type SessionLimits,
  type SessionPage,
  type SessionStore,
  type StoredSession,
} from '../session-store.ts'

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /**
   * How many sessions are kept at most; an odd number counts as the next even one. The half that was used last is
   * always kept: when as many sessions were used since the last removal, all others are removed at once.
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
/** Some 10 MB, if as many sessions are removed within ten minutes. */
const MAX_ERASED = 100_000

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
  // Two generations, of which the older is dropped as a whole: a Map that loses an entry for each new one is
  // rebuilt again and again, which doubles the cost of an operation.
  const perGeneration = Math.ceil(maxSessions / 2)
  let younger = new Map<string, StoredSession>()
  let older = new Map<string, StoredSession>()
  const erased = createErasedIds()

  const put = (session: StoredSession): void => {
    if (younger.size === perGeneration && !younger.has(session.sessionId)) {
      older = younger
      younger = new Map()
    }
    younger.set(session.sessionId, session)
  }

  const make = (sessionId: string, ids: SessionIds, ttlMs: number, limits?: SessionLimits): StoredSession => {
    const createdAt = now()
    const session = newSession(sessionId, ids, createdAt, endAtCreation(createdAt, ttlMs, limits))
    put(session)
    return { ...session }
  }

  const living = (sessionId: string, time: number, limits?: SessionLimits): StoredSession | undefined => {
    const session = younger.get(sessionId) ?? older.get(sessionId)
    return session && isAlive(session, time, limits) ? session : undefined
  }

  /** What is used belongs to the younger generation. */
  const use = (session: StoredSession, time: number, ttlMs: number, limits?: SessionLimits): void => {
    session.expiresAt = endAfterUse(session, time, ttlMs, limits)
    if (older.delete(session.sessionId)) put(session)
  }

  const all = function* (): Generator<StoredSession> {
    const time = now()
    for (const generation of [younger, older])
      for (const session of generation.values()) if (isAlive(session, time)) yield session
  }

  return {
    create: async (ids, ttlMs, limits) => make(newSessionId(), ids, ttlMs, limits),
    get: async (sessionId, ttlMs, limits) => {
      const time = now()
      const session = living(sessionId, time, limits)
      if (!session) return null
      if (ttlMs === null) return { ...session, expiresAt: endAfterUse(session, time, null, limits) }
      use(session, time, ttlMs, limits)
      return { ...session }
    },
    associate: async (sessionId, ids, ttlMs, create, limits) => {
      const time = now()
      const session = living(sessionId, time, limits)
      if (!session) {
        if (!create || erased.has(sessionId, time)) return null
        older.delete(sessionId)
        return make(sessionId, ids, ttlMs, limits)
      }
      if (session.tenantId !== ids.tenantId) return null
      use(session, time, ttlMs, limits)
      return { ...addSessionIds(session, ids) }
    },
    remove: async (sessionId) => {
      const time = now()
      const wasAlive = living(sessionId, time) !== undefined
      younger.delete(sessionId)
      older.delete(sessionId)
      erased.add(sessionId, time)
      return wasAlive
    },
    find: async (customerId) =>
      [...all()].filter((session) => session.customerId === customerId).map((session) => ({ ...session })),
    scan: async ({ after = '', limit = PAGE_SIZE } = {}) => pageOf(all(), after, checkLimit(limit)),
    count: async () => younger.size + older.size,
    close: async () => {
      younger.clear()
      older.clear()
      erased.clear()
    },
  }
}

/** The ids that were removed within {@link ERASED_MS}, the latest {@link MAX_ERASED} of them. */
function createErasedIds() {
  // In the order of their times: what is removed again moves to the end.
  const untilById = new Map<string, number>()
  return {
    has: (sessionId: string, time: number): boolean => (untilById.get(sessionId) ?? 0) > time,
    add: (sessionId: string, time: number): void => {
      untilById.delete(sessionId)
      untilById.set(sessionId, time + ERASED_MS)
      for (const [oldest, until] of untilById) {
        if (until > time && untilById.size <= MAX_ERASED) break
        untilById.delete(oldest)
      }
    },
    clear: (): void => untilById.clear(),
  }
}

/** The `limit` sessions that follow `after` in the order of their ids. Holds no more than twice as many at once. */
function pageOf(sessions: Iterable<StoredSession>, after: string, limit: number): SessionPage {
  let page: StoredSession[] = []
  let bound: string | undefined
  const cut = () => {
    page.sort((one, other) => (one.sessionId < other.sessionId ? -1 : 1))
    if (page.length > limit) {
      page = page.slice(0, limit)
      bound = page.at(-1)?.sessionId
    }
  }
  for (const session of sessions) {
    if (session.sessionId <= after || (bound !== undefined && session.sessionId >= bound)) continue
    page.push(session)
    if (page.length === 2 * limit) cut()
  }
  cut()
  return { sessions: page.map((session) => ({ ...session })), ...(bound !== undefined && { next: bound }) }
}
