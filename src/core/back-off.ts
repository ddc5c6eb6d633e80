import type { Environment } from './environment.ts'

/** The one pace of all requests of a client: an API that fails is asked ever more rarely. */
export interface BackOff {
  /** Resolves when the next request may go out. */
  gate(): Promise<void>
  isOpen(): boolean
  /** Closes the gate for a while; a Retry-After is obeyed. */
  fail(retryAfterMs: number | undefined): void
  /** Opens the gate. */
  succeed(): void
  /** A sign that the API may be back (online, visible): shortens the wait, unless the server named it. */
  wake(): void
  /** No timer is left, and nobody waits; who comes to the gate later waits for what was left. */
  stop(): void
}

const BASE_MS = 1_000
const MAX_MS = 60_000
/** Per failure so far, and at most: a flapping connection is no way around the back-off. */
const WAKE_MS = 200
const WAKE_MAX_MS = 1_000

export function createBackOff({ now, setTimeout, clearTimeout, random, activation }: Environment): BackOff {
  let failures = 0
  let isNamed = false
  let open: (() => void) | undefined
  let gate = Promise.resolve()
  let timer: unknown
  /** When the gate opens by itself, by the wall clock. */
  let dueAt = 0
  /** What was left of the wait when it was stopped. */
  let restMs = 0

  const close = (delayMs: number) => {
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
  // Scattered, so that clients which failed together do not come back together; but never before a named time.
  const scatter = (delayMs: number) => delayMs * (0.5 + random() / 2)

  return {
    gate: async () => {
      await activation()
      // Never longer than was left: the clock may have been set back meanwhile.
      if (restMs) close(Math.min(restMs, dueAt - now()))
      return gate
    },
    isOpen: () => !open && !restMs,
    fail(retryAfterMs) {
      const delayMs = Math.min(BASE_MS * 2 ** failures++, MAX_MS)
      isNamed = !!retryAfterMs
      close(retryAfterMs ? retryAfterMs * (1 + random() / 4) : scatter(delayMs))
    },
    succeed() {
      failures = 0
      restMs = 0
      release()
    },
    wake() {
      const delayMs = Math.min(WAKE_MS * failures, WAKE_MAX_MS)
      // Otherwise each further sign would put off what is due already.
      if (open && !isNamed && now() + delayMs < dueAt) close(scatter(delayMs))
    },
    stop() {
      if (open) restMs = dueAt - now()
      release()
    },
  }
}
