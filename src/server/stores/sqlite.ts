import { createSessionIds } from '../session-id.ts'
import { endAtCreation } from '../session-lifetime.ts'
import { checkLimit, ERASED_MS, newSession, PAGE_SIZE, type SessionStore } from '../session-store.ts'
import { openFile } from './sqlite-file.ts'
import { keepLogShort } from './sqlite-log.ts'
import { createRows } from './sqlite-rows.ts'
import { createBacklogCount, sweepRegularly } from './sqlite-sweep.ts'
import { createTransactionGroup } from './transaction-group.ts'

/** Options of {@link sqliteStore}. */
export interface SqliteStoreOptions {
  /** The database file, also as `file:…`; made if absent. Its folder must exist. */
  path: string
  /**
   * What a power cut may cost. `normal`: the last moments before it (a killed process loses nothing).
   * `full`: nothing, for one `fsync` a commit. A commit holds all requests that arrived together.
   * @default 'normal'
   */
  synchronous?: 'normal' | 'full' | undefined
  /**
   * How long to wait for another process that is writing to the same file, in milliseconds.
   * @default 2_000
   */
  busyTimeoutMs?: number | undefined
  /**
   * How often expired sessions are removed, in milliseconds.
   * @default 60_000
   */
  sweepMs?: number | undefined
  /**
   * Refuses a file that is not there or holds no sessions, where else it is made.
   * @default false
   */
  mustExist?: boolean | undefined
  /**
   * The clock, in milliseconds since the epoch.
   * @default Date.now
   */
  now?: (() => number) | undefined
}

const BUSY_TIMEOUT_MS = 2_000
const SWEEP_MS = 60_000
/** libsql would connect to a server by such a name. A single letter is a drive of Windows. */
const REMOTE = /^(?!file:)[a-z][a-z\d+.-]+:\/\//i
/** The longest wait of a timer; with a longer one it does not wait at all. */
const MAX_WAIT_MS = 2 ** 31 - 1

/**
 * A store in one SQLite file, the embedded default. It runs on the npm package `libsql` (optional peer), in WAL
 * mode; several processes of one machine may share the file, but not over a network file system.
 *
 * Every answered write survives `kill -9` of the process; see `synchronous` for a power cut. A new file is readable
 * by its own user only (mode 0600), and what is erased or has expired is overwritten (`secure_delete`).
 *
 * @throws TypeError for a wrong option
 * @throws Error if `libsql` is not installed, or if the file can't be opened, is no database of this store, or
 * was written by a later version
 */
export function sqliteStore({
  path,
  synchronous = 'normal',
  busyTimeoutMs = BUSY_TIMEOUT_MS,
  sweepMs = SWEEP_MS,
  mustExist = false,
  now = Date.now,
}: SqliteStoreOptions): SessionStore {
  if (typeof path !== 'string' || !path) throw new TypeError('sqliteStore: path must be the name of a file')
  if (REMOTE.test(path)) throw new TypeError('sqliteStore: path must be the name of a file, not a URL')
  if (synchronous !== 'normal' && synchronous !== 'full')
    throw new TypeError(`sqliteStore: synchronous must be 'normal' or 'full', not '${synchronous}'`)
  checkWait('busyTimeoutMs', busyTimeoutMs, 0)
  checkWait('sweepMs', sweepMs, 1)
  const { database, file } = openFile({ path, synchronous, busyTimeoutMs, mustExist })
  const group = createTransactionGroup(database, busyTimeoutMs)
  const rows = createRows(group)
  // A clock may count fractions, as `performance.now` does; the table takes whole milliseconds.
  const time = () => Math.floor(now())
  const stopSweeping = sweepRegularly(group, sweepMs, time)
  const stopTrimming = file ? keepLogShort(database, file) : undefined
  const newSessionId = createSessionIds()

  return {
    create: (ids, ttlMs, limits) => {
      const createdAt = time()
      const end = endAtCreation(createdAt, ttlMs, limits)
      const session = newSession(inOrder(createdAt, newSessionId()), ids, createdAt, end)
      return group.write(() => {
        rows.insert(session)
        return session
      })
    },
    get: async (sessionId, ttlMs, limits) => {
      const usedAt = time()
      const use = () => rows.use(sessionId, usedAt, ttlMs, limits)
      // Most uses renew nothing, and those write nothing.
      const seen = await group.read(use)
      if (!seen?.isRenewed) return seen?.session ?? null
      return group.write(() => {
        const found = use()
        if (found?.isRenewed) rows.renew(found.session)
        return found?.session ?? null
      })
    },
    associate: (sessionId, ids, ttlMs, create, limits) => {
      const usedAt = time()
      return group.write(() => {
        const found = rows.use(sessionId, usedAt, ttlMs, limits)
        if (found) {
          if (found.session.tenantId !== ids.tenantId) return null
          rows.update(found, ids)
          return found.session
        }
        if (!create || rows.isErased(sessionId, usedAt)) return null
        const session = newSession(sessionId, ids, usedAt, endAtCreation(usedAt, ttlMs, limits))
        rows.insert(session)
        return session
      })
    },
    remove: (sessionId) => {
      const removedAt = time()
      return group.write(() => {
        const found = rows.use(sessionId, removedAt, null)
        rows.erase(sessionId, removedAt + ERASED_MS)
        return found !== null
      })
    },
    find: (customerId) => group.read(() => rows.find(customerId, time())),
    scan: async ({ after = '', limit = PAGE_SIZE } = {}) => {
      checkLimit(limit)
      // One more than asked for tells whether another page follows.
      const found = await group.read(() => rows.scan(after, time(), limit + 1))
      const sessions = found.slice(0, limit)
      const last = sessions.at(-1)
      return { sessions, ...(last && found.length > limit && { next: last.sessionId }) }
    },
    count: () => group.read(rows.count),
    sweepBacklog: createBacklogCount(group, time),
    close: async () => {
      stopSweeping()
      stopTrimming?.()
      await group.close()
    },
  }
}

function checkWait(name: string, value: number, min: number): void {
  if (!Number.isSafeInteger(value) || value < min || value > MAX_WAIT_MS)
    throw new TypeError(`sqliteStore: ${name} must be an integer from ${min} to ${MAX_WAIT_MS}, not ${value}`)
}

/**
 * The id with its time in front, so that new rows stand side by side: at random places each would write a whole page
 * to the log, which takes three times as long. The time is no secret (the API answers `createdAt`), and all the random
 * bits are still there to guess.
 */
const inOrder = (time: number, sessionId: string): string => time.toString(36) + sessionId
