/** The timers that a deadline needs. */
export interface Timers {
  setTimeout(callback: () => void, delayMs: number): unknown
  clearTimeout(timer: unknown): void
}

/**
 * Waits for work with a deadline. Never rejects: resolves with `settled` when the work has ended in any way, with
 * `timeout` after `ms`, and with `aborted` when the signal aborts.
 */
export function settledWithin(
  { setTimeout, clearTimeout }: Timers,
  ms: number,
  work: Promise<unknown>,
  signal?: AbortSignal | null,
): Promise<'settled' | 'timeout' | 'aborted'> {
  return new Promise((resolve) => {
    const end = (how: 'settled' | 'timeout' | 'aborted') => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      resolve(how)
    }
    const onAbort = () => end('aborted')
    const onEnd = () => end('settled')
    const timer = setTimeout(() => end('timeout'), ms)
    work.then(onEnd, onEnd)
    signal?.addEventListener('abort', onAbort)
    if (signal?.aborted) onAbort()
  })
}
