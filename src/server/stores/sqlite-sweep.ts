import type { TransactionGroup } from './transaction-group.ts'

/** How long one step deletes, so that no request waits long behind it. */
const STEP_MS = 3
/** Rows that one statement deletes: a fraction of a millisecond's work. */
const ROWS = 32
/** Pause after a step, so that a sweep takes half of the process at most. */
const PAUSE_MS = STEP_MS

/** Counting takes a millisecond for so many. */
const MAX_BACKLOG = 100_000

const SWEEP = `DELETE FROM sessions WHERE session_id IN
  (SELECT session_id FROM sessions WHERE expires_at <= ? ORDER BY expires_at LIMIT ${ROWS})`
const SWEEP_ERASED = `DELETE FROM erased_sessions WHERE session_id IN
  (SELECT session_id FROM erased_sessions WHERE until <= ? ORDER BY until LIMIT ${ROWS})`
const COUNT_EXPIRED = `SELECT count(*) FROM
  (SELECT 1 FROM sessions WHERE expires_at <= ? LIMIT ${MAX_BACKLOG})`

/** What goes on in the background of a store. */
export interface Sweeping {
  /** How many expired sessions are left to the sweep that runs; of more than {@link MAX_BACKLOG} so many. */
  backlog(): number
  stop(): void
}

/** Removes what has expired, every `sweepMs`, in short steps. */
export function sweepRegularly(group: TransactionGroup, sweepMs: number, time: () => number): Sweeping {
  const [removeSessions, removeErased] = [group.statement(SWEEP), group.statement(SWEEP_ERASED)]
  const countExpired = group.statement(COUNT_EXPIRED)
  let backlog = 0
  let isSweeping = false
  let isOver = false

  const count = () => {
    backlog = (countExpired().get([time()]) as [number])[0] // one column was asked for
  }
  /** Answers whether more may be left. */
  const step = () => {
    const start = performance.now()
    const isTimeUp = () => performance.now() - start >= STEP_MS
    let removed: number
    do {
      if (isTimeUp()) return true
      removed = removeSessions().run([time()]).changes
      backlog = removed < ROWS ? 0 : backlog - removed
      if (backlog < 0) count()
    } while (removed === ROWS)
    do {
      if (isTimeUp()) return true
    } while (removeErased().run([time()]).changes === ROWS)
    return false
  }
  const sweep = async () => {
    if (isSweeping) return
    isSweeping = true
    try {
      await group.read(count)
      while (!isOver && (await group.write(step))) await pause()
    } catch {
      // What a sweep could not do for a busy or absent disk, the next one does; requests report that trouble.
    } finally {
      isSweeping = false
    }
  }
  const sweeping = setInterval(sweep, sweepMs)
  sweeping.unref()
  return {
    backlog: () => backlog,
    stop: () => {
      isOver = true
      clearInterval(sweeping)
    },
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS).unref())
