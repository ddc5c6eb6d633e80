import type Libsql from 'libsql'
import { blockWhileBusy } from './busy-file.ts'
import { loadDriver } from './load-driver.ts'
import { MAX_LOG_BYTES } from './sqlite-log.ts'
import { migrate, schemaOf } from './sqlite-schema.ts'

/** How long one attempt may block the process: longer than another's commit takes, too short for a visitor to notice. */
const BLOCKING_WAIT_MS = 10
/** For the user of the process alone. */
const PRIVATE = 0o600

/** How the file is opened: options of the store. */
export interface FileSettings {
  path: string
  synchronous: 'normal' | 'full'
  busyTimeoutMs: number
  mustExist: boolean
}

/** A database that is ready for the store. */
export interface OpenFile {
  database: Libsql.Database
  /** The absolute path of the file; empty for a database in memory. */
  file: string
}

/**
 * Opens the file of the store, or makes it.
 *
 * @throws Error if `libsql` is not installed, or if the file can't be used, with the reason
 */
export function openFile(settings: FileSettings): OpenFile {
  const { path, busyTimeoutMs, mustExist } = settings
  // libsql has no ESM types; this is the class that its CommonJS module exports.
  const Database = loadDriver('sqliteStore', 'libsql', '0.5') as typeof Libsql
  try {
    if (mustExist && !fs().existsSync(nameOf(path))) throw new Error('there is no such file')
    makePrivately(path)
    // The timeout of SQLite alone is not enough: the switch to WAL fails at once on a file that another process is
    // about to switch, as when two start on a new one.
    return blockWhileBusy(busyTimeoutMs, () => connect(Database, settings))
  } catch (cause) {
    throw new Error(`sqliteStore can't use the database "${path}": ${reasonOf(cause)}`, { cause })
  }
}

function connect(Database: typeof Libsql, { path, synchronous, mustExist }: FileSettings): OpenFile {
  const database = new Database(path, { timeout: BLOCKING_WAIT_MS })
  try {
    const file = fileOf(database)
    // Before the first change: a foreign file stays as it is.
    if (schemaOf(database) === 'absent' && mustExist) throw new Error('it holds no sessions')
    database.pragma('journal_mode = WAL')
    database.pragma(`journal_size_limit = ${MAX_LOG_BYTES}`)
    database.pragma(`synchronous = ${synchronous === 'full' ? 'FULL' : 'NORMAL'}`)
    // What is deleted is overwritten with zeros, so that no expired or erased id stays readable in the file.
    database.pragma('secure_delete = ON')
    // Version 1 left its files to the umask, as SQLite does with a file that a URI names. A file that is up to date
    // keeps the mode that it has.
    if (migrate(database) && file) closeToOthers(file)
    return { database, file }
  } catch (error) {
    database.close()
    throw error
  }
}

/** SQLite leaves the mode of a new file to the umask, and another user could open it before it is changed. */
function makePrivately(path: string): void {
  if (path === ':memory:' || path.startsWith('file:')) return
  try {
    fs().closeSync(fs().openSync(path, 'wx', PRIVATE))
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
}

/** The name of the file that a path or a URI means. */
const nameOf = (path: string): string =>
  path.startsWith('file:')
    ? decodeURIComponent(path.replace(/^file:(\/\/)?/, '').replace(/[?#].*$/s, ''))
    : path

function closeToOthers(file: string): void {
  for (const part of [file, `${file}-wal`, `${file}-shm`]) {
    try {
      fs().chmodSync(part, PRIVATE)
    } catch (error) {
      // There may be no log yet, and of a file that another user owns its mode is that user's matter.
      if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EPERM') throw error
    }
  }
}

const fileOf = (database: Libsql.Database): string =>
  // Number, name and path of the one database of this connection.
  (database.prepare('PRAGMA database_list').raw().get([]) as [number, string, string])[2]

function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause)
  return /unable to open/i.test(message) || ['ENOENT', 'ENOTDIR', 'EACCES', 'EROFS'].includes(codeOf(cause))
    ? 'it could not be opened; does its folder exist, and may this process write there?'
    : message
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

/** Asked for when a store is made, so that runtimes without Node's modules can load the entry. */
const fs = () => process.getBuiltinModule('node:fs')
