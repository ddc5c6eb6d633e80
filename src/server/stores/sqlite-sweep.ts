import type { TransactionGroup } from './transaction-group.ts'

/** How long one step deletes, so that no request waits long behind it. */
const STEP_MS = 3
/** Rows that one statement deletes: a fraction of a millisecond's work. */
const ROWS = 32
/** Pause after a step, so that a sweep takes half of the process at most. */
const PAUSE_MS = STEP_MS

const DELETES = [
  `DELETE FROM sessions WHERE session_id IN
    (SELECT session_id FROM sessions WHERE expires_at <= ? ORDER BY expires_at LIMIT ${ROWS})`,
  `DELETE FROM erased_sessions WHERE session_id IN
    (SELECT session_id FROM erased_sessions WHERE until <= ? ORDER BY until LIMIT ${ROWS})`,
]

/** Beyond it the number says nothing more, and to count on would take a request's time. */
const MAX_BACKLOG = 100_000
const COUNT_EXPIRED = `SELECT count(*) FROM (SELECT 1 FROM sessions WHERE expires_at <= ? LIMIT ${MAX_BACKLOG})`

/** Counts the expired sessions that no sweep has removed yet. */
export function createBacklogCount(group: TransactionGroup, time: () => number): () => Promise<number> {
  const countExpired = group.statement(COUNT_EXPIRED)
  return () => group.read(() => Number((countExpired().get([time()]) as [number])[0])) // one column was asked for
}

/** Removes what has expired, every `sweepMs`, in short steps. Answers a function that ends this. */
export function sweepRegularly(group: TransactionGroup, sweepMs: number, time: () => number): () => void {
  const deletes = DELETES.map(group.statement)
  let isSweeping = false
  let isOver = false

  /** Answers whether more may be left. */
  const step = () => {
    const start = performance.now()
    for (const remove of deletes)
      do {
        if (performance.now() - start >= STEP_MS) return true
      } while (remove().run([time()]).changes === ROWS)
    return false
  }
  const sweep = async () => {
    if (isSweeping) return
    isSweeping = true
    try {
      while (!isOver && (await group.write(step))) await pause()
    } catch {
      // What a sweep could not do for a busy or absent disk, the next one does; requests report that trouble.
    } finally {
      isSweeping = false
    }
  }
  const sweeping = setInterval(sweep, sweepMs)
  sweeping.unref()
  return () => {
    isOver = true
    clearInterval(sweeping)
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS).unref())
