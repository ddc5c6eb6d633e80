import type { Environment } from './environment.ts'

/**
 * One tab at a time, as far as the browser helps. The task always runs: after `waitMs` at the latest, or at once
 * where there are no locks. What it does must be right without the lock, too; the lock only saves requests.
 *
 * supabase/auth-js took its lock out again (supabase-js#2013, #2344): orphaned locks, steals, callbacks that called
 * back. So nothing is stolen here, no user code runs inside, and a task is one bounded request.
 */
export function createTabLock(environment: Environment, name: string, waitMs: number) {
  return <T>(task: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      let begun = false
      // A grant that comes after the wait was given up returns at once, which frees the lock.
      const begin = async () => {
        if (begun) return
        begun = true
        environment.clearTimeout(timer)
        await task().then(resolve, reject)
      }
      const timer = environment.setTimeout(begin, waitMs)
      // The object may be there and still refuse (sandboxed frames): SecurityError.
      const ask = async () => environment.locks()?.request(name, begin) ?? begin()
      ask().catch(begin)
    })
}
