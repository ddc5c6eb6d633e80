import type Libsql from 'libsql'
import { BUSY_RETRY_MS, isBusy } from './busy-file.ts'

/** Puts the writes that arrive together into one transaction. */
export interface WriteGroup {
  /** A statement of this connection, prepared when first asked for and again after an error. */
  statement(sql: string): () => Libsql.Statement<unknown[]>
  /** Runs `work` in the next transaction; resolves after its commit. */
  write<Result>(work: () => Result): Promise<Result>
  /** Commits what is waiting, then closes the database. */
  close(): Promise<void>
}

interface Waiting {
  /** When it gives up on a file that another process keeps busy. */
  deadline: number
  run(): void
  settle(): void
  reject(error: unknown): void
}

/**
 * One commit costs as much as a dozen rows, so requests that the event loop delivers together share one. Nobody
 * waits for it: a request that comes alone is committed at the end of the same turn of the loop.
 */
export function createWriteGroup(database: Libsql.Database, busyTimeoutMs: number): WriteGroup {
  let waiting: Waiting[] = []
  let scheduled = false
  let closed = false
  // libsql repeats the error of a failed statement at its next use: after an error all are prepared anew.
  let prepared = new Map<string, Libsql.Statement<unknown[]>>()

  const commit = () => {
    scheduled = false
    const batch = waiting
    waiting = []
    if (batch.length) attempt(batch)
  }

  const attempt = (batch: Waiting[]) => {
    try {
      database.exec('BEGIN IMMEDIATE')
      for (const write of batch) write.run()
      database.exec('COMMIT')
    } catch (error) {
      prepared = new Map()
      rollBack()
      if (isBusy(error)) retryLater(batch, error)
      else if (batch.length === 1) batch[0]?.reject(error)
      else attemptHalves(batch)
      return
    }
    for (const write of batch) write.settle()
  }

  /** One write that fails, as on a spoilt page, must cost no other its own: by halves it is soon alone. */
  const attemptHalves = (batch: Waiting[]) => {
    const middle = batch.length >> 1
    attempt(batch.slice(0, middle))
    attempt(batch.slice(middle))
  }

  /** Gives up on those whose time is over, and tries the rest again. */
  const retryLater = (batch: Waiting[], error: unknown) => {
    const now = performance.now()
    for (const write of batch) {
      if (closed || write.deadline <= now) write.reject(error)
      else waiting.push(write)
    }
    if (!waiting.length || scheduled) return
    scheduled = true
    setTimeout(commit, BUSY_RETRY_MS)
  }

  const rollBack = () => {
    if (!database.inTransaction) return
    try {
      database.exec('ROLLBACK')
    } catch {
      // SQLite rolls back by itself on a full disk or an I/O error; the requests report the first error.
    }
  }

  /** Closing does not, so that a copy of the file alone would lack the latest sessions. */
  const moveLogIntoFile = () => {
    try {
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    } catch {
      // The log stays where it is, and the next opening reads it.
    }
  }

  return {
    statement: (sql) => () => {
      const known = prepared.get(sql)
      if (known) return known
      const statement = database.prepare(sql)
      prepared.set(sql, statement)
      return statement
    },
    write: <Result>(work: () => Result) =>
      new Promise<Result>((resolve, reject) => {
        if (closed) return reject(new Error('sqliteStore is closed'))
        let result: Result
        waiting.push({
          deadline: performance.now() + busyTimeoutMs,
          run: () => {
            result = work()
          },
          settle: () => resolve(result),
          reject,
        })
        if (scheduled) return
        scheduled = true
        setImmediate(commit)
      }),
    close: async () => {
      if (closed) return
      closed = true
      commit()
      moveLogIntoFile()
      database.close()
    },
  }
}
