import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { EnvironmentLocks } from '../../src/core/environment.ts'
import { createTabLock } from '../../src/core/tab-lock.ts'
import { createEnvironment } from './support/simple-environment.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** Locks of a browser in which another tab may hold the one that is asked for. */
function createLocks() {
  const log: string[] = []
  let grant: (() => Promise<void>) | undefined
  const locks = {
    log,
    isHeld: false,
    /** The other tab gives it away. */
    release: () => grant?.(),
    request(name: string, options: { ifAvailable?: boolean }, callback: (lock: unknown) => Promise<void>) {
      log.push(`${name} ${options.ifAvailable ? 'if available' : 'in turn'}`)
      if (!locks.isHeld) return Promise.resolve(callback({ name })).finally(() => log.push('freed'))
      if (options.ifAvailable) return Promise.resolve(callback(null))
      return new Promise((resolve) => {
        grant = async () => resolve(await callback({ name }))
      })
    },
  }
  return locks
}

const withLocks = (locks: EnvironmentLocks | undefined) =>
  createTabLock(createEnvironment({ locks: () => locks }), 'key', 10_000)

test('a free lock is held while the task runs, and freed whatever becomes of it', async () => {
  const locks = createLocks()
  const lock = withLocks(locks)
  expect(await lock(async (hadToWait) => [hadToWait, [...locks.log]])).toEqual([false, ['key if available']])
  await vi.waitFor(() => expect(locks.log).toEqual(['key if available', 'freed']))
  await expect(lock(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  await vi.waitFor(() => expect(locks.log.length).toBe(4))
  expect(vi.getTimerCount()).toBe(0)
})

test('a task that had to wait for another tab is told so', async () => {
  const locks = createLocks()
  locks.isHeld = true
  const task = vi.fn(async (hadToWait: boolean) => hadToWait)
  const result = withLocks(locks)(task)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(task).not.toHaveBeenCalled()
  await locks.release()
  expect(await result).toBe(true)
  expect(locks.log).toEqual(['key if available', 'key in turn'])
  expect(vi.getTimerCount()).toBe(0)
})

test('a lock that is never freed is waited for no longer than the time given, and a late grant does nothing', async () => {
  const locks = createLocks()
  locks.isHeld = true
  const task = vi.fn(async (hadToWait: boolean) => hadToWait)
  const result = withLocks(locks)(task)
  await vi.advanceTimersByTimeAsync(9_999)
  expect(task).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  expect(await result).toBe(false)
  await locks.release()
  expect(task).toHaveBeenCalledOnce()
})

test.each<[string, () => EnvironmentLocks | undefined]>([
  ['has no locks', () => undefined],
  ['refuses them', () => ({ request: () => Promise.reject(new DOMException('no', 'SecurityError')) })],
  [
    'refuses to be asked',
    () => {
      throw new DOMException('no', 'SecurityError')
    },
  ],
])('where the browser %s, the task runs at once', async (_, locks) => {
  const lock = createTabLock(createEnvironment({ locks }), 'key', 10_000)
  expect(await lock(async (hadToWait) => hadToWait)).toBe(false)
  expect(vi.getTimerCount()).toBe(0)
})
