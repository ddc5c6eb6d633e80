import type { Environment } from './environment.ts'

/** The one pace of all requests of a client: an API that fails is asked ever more rarely. */
export interface BackOff {
  /** Resolves when the next request may go out. */
  gate(): Promise<void>
  isOpen(): boolean
  /** Attempts that failed since the last success. */
  failures(): number
  /** Closes the gate for a while; a Retry-After is obeyed. */
  fail(retryAfterMs: number | undefined): void
  /** Opens the gate. */
  succeed(): void
  /** A sign that the API may be back (online, visible): shortens the wait, unless the server named it. */
  wake(): void
}

const BASE_MS = 1_000
const MAX_MS = 60_000
/** Per failure so far, and at most: a flapping connection is no way around the back-off. */
const WAKE_MS = 200
const WAKE_MAX_MS = 1_000

export function createBackOff({ now, setTimeout, clearTimeout, random, activation }: Environment): BackOff {
  let failures = 0
  let named = false
  let open: (() => void) | undefined
  let gate = Promise.resolve()
  let timer: unknown
  /** When the gate opens by itself, by the wall clock. */
  let dueAt = 0

  const openAfter = (delayMs: number, namedMs?: number) => {
    // Scattered, so that clients which failed together do not come back together; but never before a named time.
    const jitteredMs = namedMs ? namedMs * (1 + random() / 4) : delayMs * (0.5 + random() / 2)
    clearTimeout(timer)
    dueAt = now() + jitteredMs
    timer = setTimeout(succeed, jitteredMs)
  }
  const succeed = () => {
    clearTimeout(timer)
    open?.()
    open = undefined
  }

  return {
    gate: () => activation().then(() => gate),
    isOpen: () => !open,
    failures: () => failures,
    fail(retryAfterMs) {
      const delayMs = Math.min(BASE_MS * 2 ** failures++, MAX_MS)
      named = !!retryAfterMs
      if (!open)
        gate = new Promise((resolve) => {
          open = resolve
        })
      openAfter(delayMs, retryAfterMs)
    },
    succeed() {
      failures = 0
      succeed()
    },
    wake() {
      const delayMs = Math.min(WAKE_MS * failures, WAKE_MAX_MS)
      // Time and again a sign would else put off what is due.
      if (open && !named && now() + delayMs < dueAt) openAfter(delayMs)
    },
  }
}
