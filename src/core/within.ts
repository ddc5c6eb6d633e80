import type { Environment } from './environment.ts'

/** Resolves when the work has ended in any way, when `signal` aborts, or `ms` later. */
export function within(
  { setTimeout, clearTimeout }: Pick<Environment, 'setTimeout' | 'clearTimeout'>,
  ms: number,
  work: Promise<unknown>,
  signal?: AbortSignal | null,
): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    work.then(end, end)
    signal?.addEventListener('abort', end)
    if (signal?.aborted) end()
  })
}
