/** Pause before a busy file is tried again. */
export const BUSY_RETRY_MS = 5

/** Whether SQLite failed because another process is using the file. */
export const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')

/** Repeats `work` while the file is busy, for `timeoutMs` at most. Blocks the process for that time. */
export function blockWhileBusy<Result>(timeoutMs: number, work: () => Result): Result {
  const deadline = performance.now() + timeoutMs
  while (true) {
    try {
      return work()
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) throw error
    }
    // Nothing notifies this wait: it ends by its time.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_RETRY_MS)
  }
}
