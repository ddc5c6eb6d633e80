import type { Environment } from '../../../src/core/environment.ts'

/** A storage that can be made to refuse, in the ways in which browsers do. */
export function createStorage() {
  const values = new Map<string, string>()
  const storage = {
    values,
    /** Each write, in order. */
    writes: [] as string[],
    /** `throws` where it is blocked or full, `forgets` where it takes a value and does not keep it. */
    fault: undefined as 'throws' | 'forgets' | undefined,
    getItem: (key: string) => values.get(key) ?? null,
    setItem(key: string, value: string) {
      if (storage.fault === 'throws') throw new DOMException('full', 'QuotaExceededError')
      storage.writes.push(`${key}=${value}`)
      if (!storage.fault) values.set(key, value)
    },
    removeItem(key: string) {
      if (storage.fault === 'throws') throw new DOMException('blocked', 'SecurityError')
      storage.writes.push(`${key}=`)
      if (!storage.fault) values.delete(key)
    },
  }
  return storage
}

/** A page without tabs, locks and events. Its clock and its timers are the test's. */
export function createEnvironment(parts: Partial<Environment> = {}): Environment {
  const storage = createStorage()
  let uuids = 0
  return {
    fetch: () => Promise.reject(new TypeError('no network')),
    storage: () => storage,
    locks: () => undefined,
    channel: () => undefined,
    now: () => Date.now(),
    setTimeout: (callback, ms) => setTimeout(callback, ms),
    clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
    random: () => 0.5,
    randomUUID: () => `uuid-${++uuids}`,
    isVisible: () => true,
    activation: async () => undefined,
    href: () => 'https://shop.example/',
    origin: () => 'https://shop.example',
    listen: () => () => undefined,
    ...parts,
  }
}
