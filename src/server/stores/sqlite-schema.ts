import type Libsql from 'libsql'

/**
 * Raised only by a change that older code can't work with: a file of a later version is refused. A column that is
 * added is no such change, as every statement names its columns, and older code leaves the others alone.
 *
 * 1 knew no tenant and no erased ids, and its INSERT named no columns.
 */
const SCHEMA_VERSION = 2

/** The columns of a session that no earlier version of the table had; each is added where it is missing. */
const ADDED_COLUMNS = ['tenant_id', 'previous_session_id']

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS sessions (
    session_id TEXT PRIMARY KEY,
    customer_id TEXT, agent_id TEXT, visit_id TEXT, global_visit_id TEXT,
    created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS sessions_by_expiry ON sessions (expires_at);
  CREATE INDEX IF NOT EXISTS sessions_by_customer ON sessions (customer_id) WHERE customer_id IS NOT NULL;
  CREATE TABLE IF NOT EXISTS erased_sessions (
    session_id TEXT PRIMARY KEY, until INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS erased_sessions_by_time ON erased_sessions (until);`

/**
 * Makes the tables, or brings those of an earlier version up to date. Answers whether it changed the file.
 *
 * @throws Error as {@link schemaOf} does
 */
export function migrate(database: Libsql.Database): boolean {
  if (schemaOf(database) === 'current') return false
  database.exec('BEGIN IMMEDIATE')
  // Another process may have done the work while this one waited.
  const isBehind = schemaOf(database) !== 'current'
  if (isBehind) {
    database.exec(SCHEMA)
    const columns = columnsOf(database)
    for (const column of ADDED_COLUMNS)
      if (!columns.includes(column)) database.exec(`ALTER TABLE sessions ADD COLUMN ${column} TEXT`)
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`)
  }
  database.exec('COMMIT')
  return isBehind
}

/**
 * How the tables are: absent, of an earlier version, or up to date.
 *
 * @throws Error if a later version wrote the file, or if its table "sessions" belongs to another program
 */
export function schemaOf(database: Libsql.Database): 'absent' | 'old' | 'current' {
  const [version] = database.prepare('PRAGMA user_version').raw().get([]) as [number] // SQLite's own answer
  if (version > SCHEMA_VERSION) throw new Error('it was written by a later version of storefront-session')
  const columns = columnsOf(database)
  if (!columns.length) return 'absent'
  refuseForeignTable(columns)
  return version === SCHEMA_VERSION ? 'current' : 'old'
}

const columnsOf = (database: Libsql.Database): string[] =>
  database
    .prepare("SELECT name FROM pragma_table_info('sessions')")
    .raw()
    .all([])
    .map((row) => (row as [string])[0]) // one column was asked for

/** Every request would fail on a table of other columns. */
function refuseForeignTable(columns: string[]): void {
  const own = [
    'session_id',
    'customer_id',
    'agent_id',
    'visit_id',
    'global_visit_id',
    'created_at',
    'expires_at',
  ]
  if (!own.every((column) => columns.includes(column)))
    throw new Error('the table "sessions" in it belongs to another program')
}
