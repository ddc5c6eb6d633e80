import type { Environment } from './environment.ts'

/** The one pace of all requests of a client: an API that fails is asked ever more rarely. */
export interface BackOff {
  /** Resolves when the next request may go out. */
  gate(): Promise<void>
  isOpen(): boolean
  /** When the gate opens by itself, as a wall clock in milliseconds; null while it is open. */
  nextTryAt(): number | null
  /** A request that asks for or creates the session goes out. Too many of them close the gate for a while. */
  spend(): void
  /** Closes the gate for a while; a Retry-After is obeyed. */
  fail(retryAfterMs: number | undefined): void
  /** Opens the gate. */
  succeed(): void
  /** A sign that the API may be back (online, visible): shortens the wait, unless the server named it. */
  wake(): void
  /** Ends the timer and lets all waiters go. A later caller of the gate waits for the rest of the time. */
  stop(): void
}

const BASE_MS = 1_000
const MAX_MS = 60_000
/** Per failure so far, and at most: a flapping connection is no way around the back-off. */
const WAKE_MS = 200
const WAKE_MAX_MS = 1_000

/** However the session comes and goes, no more than so many questions are asked within this time. */
const BUDGET = 14
const BUDGET_MS = 16_000

/** Counts questions. `spend` says whether one was too many; `busyMs` says for how long that closes the gate. */
function createBudget(now: () => number) {
  /** Wall clock of the latest questions, and until when their number keeps the gate closed. */
  let spent: number[] = []
  let busyUntil = 0
  return {
    spend() {
      spent = [...spent.filter((at) => now() - at < BUDGET_MS), now()]
      const [first = 0] = spent
      if (spent.length < BUDGET) return false
      busyUntil = first + BUDGET_MS
      return true
    },
    // A clock that was set back must not keep the gate closed.
    busyMs: () => Math.min(busyUntil - now(), BUDGET_MS),
  }
}

export function createBackOff({ now, setTimeout, clearTimeout, random, activation }: Environment): BackOff {
  const { spend, busyMs } = createBudget(now)
  let failures = 0
  let isNamed = false
  let open: (() => void) | undefined
  let gate = Promise.resolve()
  let timer: unknown
  let dueAt = 0 // when the gate opens by itself, by the wall clock
  /** What was left of the wait when it was stopped. */
  let restMs = 0
  const close = (wantedMs: number) => {
    const delayMs = Math.max(wantedMs, busyMs())
    if (!open)
      gate = new Promise((resolve) => {
        open = resolve
      })
    clearTimeout(timer)
    restMs = 0
    dueAt = now() + delayMs
    timer = setTimeout(release, delayMs)
  }
  const release = () => {
    clearTimeout(timer)
    open?.()
    open = undefined
  }
  // Scattered, so that clients which failed together do not come back together, but never before a named time.
  const scatter = (delayMs: number) => delayMs * (0.5 + random() / 2)
  return {
    gate: async () => {
      await activation()
      // Never longer than the rest: the clock may have been set back since.
      if (restMs) close(Math.min(restMs, dueAt - now()))
      return gate
    },
    isOpen: () => !open && !restMs,
    nextTryAt: () => (open ? dueAt : null),
    spend: () => spend() && close(0),
    fail(retryAfterMs) {
      const delayMs = Math.min(BASE_MS * 2 ** failures++, MAX_MS)
      isNamed = !!retryAfterMs
      close(retryAfterMs ? retryAfterMs * (1 + random() / 4) : scatter(delayMs))
    },
    succeed() {
      failures = 0
      restMs = 0
      release()
      if (busyMs() > 0) close(0)
    },
    wake() {
      const delayMs = Math.min(WAKE_MS * failures, WAKE_MAX_MS)
      // Otherwise each further sign would put off a try that is due already.
      if (open && !isNamed && now() + delayMs < dueAt) close(scatter(delayMs))
    },
    stop() {
      if (open) restMs = dueAt - now()
      release()
    },
  }
}
