import type { Environment } from './environment.ts'

/**
 * One tab at a time, as far as the browser helps. The task always runs: after `waitMs` at the latest, or at once
 * where there are no locks. What it does must be right without the lock, too; the lock only saves requests.
 *
 * supabase/auth-js took its lock out again (supabase-js#2013, #2344): orphaned locks, steals, callbacks that called
 * back. So nothing is stolen here, no user code runs inside, and a task is one bounded request.
 *
 * `hadToWait` tells the task that another tab held the lock until just now. The browser grants a lock from another
 * process than the one that carries storage: what that tab has stored may be seen here some milliseconds later.
 */
export type TabLock = ReturnType<typeof createTabLock>

export function createTabLock(environment: Environment, name: string, waitMs: number) {
  return <T>(task: (hadToWait: boolean) => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      let begun = false
      // A grant that comes after the wait was given up returns at once, which frees the lock.
      const begin = async (hadToWait: boolean) => {
        if (begun) return
        begun = true
        environment.clearTimeout(timer)
        await task(hadToWait).then(resolve, reject)
      }
      const withoutLock = () => begin(false)
      const timer = environment.setTimeout(withoutLock, waitMs)
      const ask = async () => {
        const locks = environment.locks()
        if (!locks) return withoutLock()
        await locks.request(name, { ifAvailable: true }, async (lock) => {
          if (lock) await begin(false)
        })
        if (!begun) await locks.request(name, {}, () => begin(true))
      }
      // The object may be there and still refuse (sandboxed frames): SecurityError.
      ask().catch(withoutLock)
    })
}
