import type Libsql from 'libsql'
import { createSessionIds } from '../session-id.ts'
import { newSession, type SessionIds, type SessionStore, type StoredSession } from '../session-store.ts'
import { blockWhileBusy } from './busy-file.ts'
import { loadDriver } from './load-driver.ts'
import { createWriteGroup } from './write-group.ts'

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
   * The clock, in milliseconds since the epoch.
   * @default Date.now
   */
  now?: (() => number) | undefined
}

const BUSY_TIMEOUT_MS = 2_000
/** How long one attempt may block the process: longer than another's commit takes, shorter than anybody notices. */
const BLOCKING_WAIT_MS = 10
const SWEEP_MS = 60_000
/** libsql would connect to a server by such a name. A single letter is a drive of Windows. */
const REMOTE = /^(?!file:)[a-z][a-z\d+.-]+:\/\//i
/** The longest wait of a timer; beyond it, it does not wait at all. */
const MAX_WAIT_MS = 2 ** 31 - 1
/** Rows that one sweep step removes: a few milliseconds, so that no request waits long behind it. */
const SWEEP_ROWS = 1_000
/** Raised with every change of the table; a file of a later version is refused. */
const SCHEMA_VERSION = 1

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS sessions (
    session_id TEXT PRIMARY KEY,
    customer_id TEXT, agent_id TEXT, visit_id TEXT, global_visit_id TEXT,
    created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS sessions_by_expiry ON sessions (expires_at);
  PRAGMA user_version = ${SCHEMA_VERSION};`

const INSERT = 'INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?)'

/** An expired row that the sweep has not removed yet counts as absent: it is made anew, with nothing of the old. */
const UPSERT = `${INSERT}
  ON CONFLICT (session_id) DO UPDATE SET
    customer_id = coalesce(excluded.customer_id, iif(expires_at > excluded.created_at, customer_id, NULL)),
    agent_id = coalesce(excluded.agent_id, iif(expires_at > excluded.created_at, agent_id, NULL)),
    visit_id = coalesce(excluded.visit_id, iif(expires_at > excluded.created_at, visit_id, NULL)),
    global_visit_id = coalesce(excluded.global_visit_id, iif(expires_at > excluded.created_at, global_visit_id, NULL)),
    created_at = iif(expires_at > excluded.created_at, created_at, excluded.created_at),
    expires_at = excluded.expires_at
  RETURNING *`

const UPDATE = `UPDATE sessions SET
    customer_id = coalesce(?, customer_id), agent_id = coalesce(?, agent_id),
    visit_id = coalesce(?, visit_id), global_visit_id = coalesce(?, global_visit_id),
    expires_at = ?
  WHERE session_id = ? AND expires_at > ? RETURNING *`

const SWEEP = `DELETE FROM sessions WHERE session_id IN
  (SELECT session_id FROM sessions WHERE expires_at <= ? LIMIT ${SWEEP_ROWS})`

/**
 * A store in one SQLite file, the embedded default. It runs on the npm package `libsql` (optional peer), in WAL
 * mode; several processes of one machine may share the file, but not over a network file system.
 *
 * Every answered write survives `kill -9` of the process; see `synchronous` for a power cut.
 *
 * @throws TypeError for an option that can't be right
 * @throws Error if `libsql` is not installed, or if the file can't be opened, is no database of this store, or
 * was written by a later version
 */
export function sqliteStore({
  path,
  synchronous = 'normal',
  busyTimeoutMs = BUSY_TIMEOUT_MS,
  sweepMs = SWEEP_MS,
  now = Date.now,
}: SqliteStoreOptions): SessionStore {
  if (typeof path !== 'string' || !path) throw new TypeError('sqliteStore: path must be the name of a file')
  if (REMOTE.test(path)) throw new TypeError('sqliteStore: path must be the name of a file, not a URL')
  if (synchronous !== 'normal' && synchronous !== 'full')
    throw new TypeError(`sqliteStore: synchronous must be 'normal' or 'full', not '${synchronous}'`)
  checkWait('busyTimeoutMs', busyTimeoutMs, 0)
  checkWait('sweepMs', sweepMs, 1)
  const database = open(path, synchronous, busyTimeoutMs)
  const group = createWriteGroup(database, busyTimeoutMs)

  // A clock may count fractions, as `performance.now` does; the table takes whole milliseconds.
  const time = () => Math.floor(now())
  const newSessionId = createSessionIds()
  const insert = group.statement(INSERT)
  const upsert = group.statement(UPSERT)
  const update = group.statement(UPDATE)
  const sweep = group.statement(SWEEP)

  /** Removes what has expired, a little at a time, and lets requests through in between. */
  const removeExpired = async () => {
    let removed = SWEEP_ROWS
    while (removed === SWEEP_ROWS) removed = await group.write(() => sweep().run(time()).changes)
  }
  // What a sweep could not do for a busy or absent disk, the next one does; requests report that trouble.
  const sweeping = setInterval(() => removeExpired().catch(() => undefined), sweepMs)
  sweeping.unref()

  const touch = (sessionId: string, ids: SessionIds, ttlMs: number) => {
    const usedAt = time()
    return group.write(() => toSession(update().get(...values(ids), usedAt + ttlMs, sessionId, usedAt)))
  }

  return {
    create: (ids, ttlMs) => {
      const createdAt = time()
      const sessionId = inOrder(createdAt, newSessionId())
      const expiresAt = createdAt + ttlMs
      return group.write(() => {
        insert().run(sessionId, ...values(ids), createdAt, expiresAt)
        return newSession(sessionId, ids, createdAt, expiresAt)
      })
    },
    get: (sessionId, ttlMs) => touch(sessionId, {}, ttlMs ?? 0),
    associate: (sessionId, ids, ttlMs, create) => {
      if (!create) return touch(sessionId, ids, ttlMs)
      const usedAt = time()
      return group.write(() => toSession(upsert().get(sessionId, ...values(ids), usedAt, usedAt + ttlMs)))
    },
    // The rest of version 2 follows.
    remove: (sessionId) =>
      group.write(
        () => group.statement('DELETE FROM sessions WHERE session_id = ?')().run(sessionId).changes > 0,
      ),
    find: () => Promise.reject(new Error('sqliteStore: find is not built yet')),
    scan: () => Promise.reject(new Error('sqliteStore: scan is not built yet')),
    close: async () => {
      clearInterval(sweeping)
      await group.close()
    },
  }
}

function checkWait(name: string, value: number, min: number): void {
  if (!Number.isSafeInteger(value) || value < min || value > MAX_WAIT_MS)
    throw new TypeError(`sqliteStore: ${name} must be an integer from ${min} to ${MAX_WAIT_MS}, not ${value}`)
}

/**
 * The id with its time in front, so that new rows stand side by side: at random places each would write a page of
 * its own to the log, which takes three times as long. Whoever has the id learns `createdAt` anyway, and whoever
 * guesses still has all the random bits to guess.
 */
const inOrder = (time: number, sessionId: string): string => time.toString(36) + sessionId

function open(path: string, synchronous: 'normal' | 'full', busyTimeoutMs: number): Libsql.Database {
  // libsql has no ESM types; this is the class that its CommonJS module exports.
  const Database = loadDriver('sqliteStore', 'libsql', '0.5') as typeof Libsql
  try {
    // The timeout of SQLite alone is not enough: the switch to WAL fails at once on a file that another process is
    // about to switch, as when two start on a new one.
    return blockWhileBusy(busyTimeoutMs, () => connect(Database, path, synchronous))
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    const reason = /unable to open/i.test(message)
      ? 'it could not be opened; does its folder exist, and may this process write there?'
      : message
    throw new Error(`sqliteStore can't use the database "${path}": ${reason}`, { cause })
  }
}

function connect(Database: typeof Libsql, path: string, synchronous: 'normal' | 'full'): Libsql.Database {
  const database = new Database(path, { timeout: BLOCKING_WAIT_MS })
  try {
    const row = database.prepare('PRAGMA user_version').get() as { user_version: number }
    if (row.user_version > SCHEMA_VERSION)
      throw new Error(`it was written by a later version of storefront-session`)
    refuseForeignTable(database)
    database.pragma('journal_mode = WAL')
    database.pragma(`synchronous = ${synchronous === 'full' ? 'FULL' : 'NORMAL'}`)
    database.exec(SCHEMA)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Every request would fail on a table of other columns. Looked at before anything in the file is changed. */
function refuseForeignTable(database: Libsql.Database): void {
  if (!database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'sessions'").get()) return
  try {
    for (const sql of [INSERT, UPSERT, UPDATE, SWEEP]) database.prepare(sql)
  } catch (cause) {
    throw new Error('the table "sessions" in it is of another program', { cause })
  }
}

const values = (ids: SessionIds) => [
  ids.customerId ?? null,
  ids.agentId ?? null,
  ids.visitId ?? null,
  ids.globalVisitId ?? null,
]

function toSession(row: unknown): StoredSession | null {
  if (!row) return null
  // The columns of `RETURNING *`, whose types a STRICT table guarantees.
  const found = row as Record<string, string | null> & { created_at: number; expires_at: number }
  const { session_id, customer_id, agent_id, visit_id, global_visit_id, created_at, expires_at } = found
  return {
    sessionId: session_id ?? '',
    ...(customer_id && { customerId: customer_id }),
    ...(agent_id && { agentId: agent_id }),
    ...(visit_id && { visitId: visit_id }),
    ...(global_visit_id && { globalVisitId: global_visit_id }),
    createdAt: created_at,
    expiresAt: expires_at,
  }
}
