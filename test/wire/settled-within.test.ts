import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { settledWithin } from '../../src/wire/settled-within.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const timers = {
  setTimeout: (callback: () => void, ms: number) => setTimeout(callback, ms),
  clearTimeout: (timer: unknown) => clearTimeout(timer as NodeJS.Timeout),
}
const never = () => new Promise(() => undefined)

const endings: Record<
  string,
  [work: () => Promise<unknown>, end: (caller: AbortController) => unknown, ms: number]
> = {
  'work that succeeds': [() => Promise.resolve(), () => undefined, 0],
  'work that fails': [() => Promise.reject(new Error('no')), () => undefined, 0],
  'the time': [never, () => undefined, 2_000],
  'an abort': [never, (caller) => setTimeout(() => caller.abort(), 500), 500],
  'an abort before': [never, (caller) => caller.abort(), 0],
}

test.each(Object.entries(endings))(
  '%s ends the wait, and leaves no timer and no listener',
  async (_, ending) => {
    const [work, end, ms] = ending
    const caller = new AbortController()
    const add = vi.spyOn(caller.signal, 'addEventListener')
    const remove = vi.spyOn(caller.signal, 'removeEventListener')
    const begin = Date.now()
    end(caller)
    const waited = settledWithin(timers, 2_000, work(), caller.signal).then(() => Date.now() - begin)
    await vi.advanceTimersByTimeAsync(ms)
    expect(await waited).toBe(ms)
    expect(vi.getTimerCount()).toBe(0)
    for (const [type, listener] of add.mock.calls) expect(remove).toHaveBeenCalledWith(type, listener)
    expect(add).toHaveBeenCalledOnce()
  },
)

test('without a signal the time alone ends it', async () => {
  const waited = vi.fn()
  void settledWithin(timers, 2_000, never()).then(waited)
  await vi.advanceTimersByTimeAsync(1_999)
  expect(waited).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  expect(waited).toHaveBeenCalledOnce()
})
