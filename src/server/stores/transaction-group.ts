import type Libsql from 'libsql'
import { BUSY_RETRY_MS, isBusy } from './busy-file.ts'

/** Puts the reads that arrive together into one transaction, and the writes into another. */
export interface TransactionGroup {
  /** A statement of this connection, prepared when first asked for and again after an error. Its rows are arrays. */
  statement(sql: string): () => Libsql.Statement<unknown[]>
  /** Runs `work` in the next transaction that reads; no process that writes makes it wait. */
  read<Result>(work: () => Result): Promise<Result>
  /** Runs `work` in the next transaction that writes; resolves after its commit. */
  write<Result>(work: () => Result): Promise<Result>
  /** Finishes what is waiting, then closes the database. */
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
 * A transaction costs as much as several rows, and a commit as much as a dozen: requests that the event loop delivers
 * together share one. A request that comes alone does not wait: it runs at the end of the same turn of the loop.
 */
export function createTransactionGroup(database: Libsql.Database, busyTimeoutMs: number): TransactionGroup {
  let closed = false
  // libsql repeats the error of a failed statement at its next use: after an error all are prepared anew.
  let prepared = new Map<string, Libsql.Statement<unknown[]>>()

  const createQueue = (begin: 'BEGIN' | 'BEGIN IMMEDIATE') => {
    let waiting: Waiting[] = []
    let scheduled = false

    const flush = () => {
      scheduled = false
      const batch = waiting
      waiting = []
      if (batch.length) attempt(batch)
    }

    const attempt = (batch: Waiting[]) => {
      try {
        database.exec(begin)
        for (const one of batch) one.run()
        database.exec('COMMIT')
      } catch (error) {
        prepared = new Map()
        rollBack(database)
        if (isBusy(error)) retryLater(batch, error)
        else if (batch.length === 1) batch[0]?.reject(error)
        else attemptHalves(batch)
        return
      }
      for (const one of batch) one.settle()
    }

    /** An operation that fails, as on a spoilt page, must not fail the others: by halves it is soon alone. */
    const attemptHalves = (batch: Waiting[]) => {
      const middle = batch.length >> 1
      attempt(batch.slice(0, middle))
      attempt(batch.slice(middle))
    }

    /** Rejects the operations whose time is over, and tries the rest again. */
    const retryLater = (batch: Waiting[], error: unknown) => {
      const now = performance.now()
      for (const one of batch) {
        if (closed || one.deadline <= now) one.reject(error)
        else waiting.push(one)
      }
      if (!waiting.length || scheduled) return
      scheduled = true
      setTimeout(flush, BUSY_RETRY_MS)
    }

    const add = <Result>(work: () => Result) =>
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
        setImmediate(flush)
      })

    return { add, flush }
  }

  const reads = createQueue('BEGIN')
  const writes = createQueue('BEGIN IMMEDIATE')

  return {
    statement: (sql) => () => {
      const known = prepared.get(sql)
      if (known) return known
      const statement = database.prepare(sql)
      // Only a statement that has rows takes this; arrays cost a third less than objects.
      if (statement.reader) statement.raw()
      prepared.set(sql, statement)
      return statement
    },
    read: reads.add,
    write: writes.add,
    close: async () => {
      if (closed) return
      closed = true
      reads.flush()
      writes.flush()
      moveLogIntoFile(database)
      database.close()
    },
  }
}

function rollBack(database: Libsql.Database): void {
  if (!database.inTransaction) return
  try {
    database.exec('ROLLBACK')
  } catch {
    // SQLite rolls back by itself on a full disk or an I/O error; the operations report the first error.
  }
}

/** Closing alone leaves the latest sessions in the log, so that a copy of the file would lack them. */
function moveLogIntoFile(database: Libsql.Database): void {
  try {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } catch {
    // The log stays where it is, and the next opening reads it.
  }
}
