import type { EnvironmentLocks } from '../../src/core/environment.ts'
import type { Tab } from './tab.ts'

/** Who holds a lock, and who waits for it. */
interface Lock {
  holder: Tab | undefined
  queue: { tab: Tab; callback: () => Promise<void>; done: (value: unknown) => void }[]
}

/**
 * Web Locks of one browser. Without them (`hasLocks` false) the clients of one page still take turns, as
 * `browser-environment.ts` makes them; a page never waits for another one then.
 *
 * @param later runs something in a frozen page as soon as it is thawed
 */
export function createLocks(hasLocks: boolean, later: (tab: Tab, run: () => void) => void) {
  /** By page, where a page has locks of its own, and by name. */
  const locks = new Map<Tab | undefined, Map<string, Lock>>()
  const lockOf = (tab: Tab, name: string): Lock => {
    const owner = hasLocks ? undefined : tab
    const named = locks.get(owner) ?? new Map<string, Lock>()
    const lock = named.get(name) ?? { holder: undefined, queue: [] }
    locks.set(owner, named.set(name, lock))
    return lock
  }
  const grant = (lock: Lock) => {
    if (lock.holder) return
    const next = lock.queue.shift()
    if (!next) return
    lock.holder = next.tab
    const release = () => {
      if (lock.holder === next.tab) lock.holder = undefined
      next.done(undefined)
      grant(lock)
    }
    // A frozen page is given the lock all the same, and sits on it.
    const begin = () => next.callback().then(release, release)
    if (next.tab.state === 'alive') begin()
    else later(next.tab, begin)
  }

  return {
    of: (tab: Tab): EnvironmentLocks => ({
      request(name, { ifAvailable }, callback) {
        const lock = lockOf(tab, name)
        if (ifAvailable && hasLocks && (lock.holder || lock.queue.length)) return callback(null)
        return new Promise((done) => {
          lock.queue.push({ tab, callback: () => callback(tab), done })
          Promise.resolve().then(() => grant(lock))
        })
      },
    }),
    /** The page is closed: it waits for nothing, and holds nothing. */
    drop(tab: Tab) {
      for (const named of locks.values())
        for (const lock of named.values()) {
          lock.queue = lock.queue.filter((waiting) => waiting.tab !== tab)
          if (lock.holder === tab) lock.holder = undefined
          grant(lock)
        }
    },
  }
}
