import type Libsql from 'libsql'

/** Beyond this size the log beside the file is emptied as soon as no reader needs it; the promise is 16 MB. */
export const MAX_LOG_BYTES = 8 * 1024 * 1024
/** How often the log is looked at: within ten seconds of a long reader's leaving it is short again. */
const CHECK_MS = 5_000
/** How long the log keeps what was erased: with {@link CHECK_MS} less than the promised minute. */
const KEEP_MS = 30_000

/**
 * Empties SQLite's log (the WAL) from time to time. SQLite alone never shortens it while it is idle, and what was
 * erased from the file stays readable there. Answers a function that ends this.
 */
export function keepLogShort(database: Libsql.Database, file: string): () => void {
  const { statSync } = process.getBuiltinModule('node:fs')
  let emptiedAt = performance.now()

  const sizeOf = () => statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0

  const check = () => {
    const now = performance.now()
    const size = sizeOf()
    if (size === 0) emptiedAt = now
    if (size <= MAX_LOG_BYTES && now - emptiedAt < KEEP_MS) return
    try {
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    } catch {
      // A reader or a writer holds the log, or the disk is full: the next check tries again. Requests report the trouble.
    }
  }
  const checking = setInterval(check, CHECK_MS)
  checking.unref()
  return () => clearInterval(checking)
}
