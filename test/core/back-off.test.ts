import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createBackOff } from '../../src/core/back-off.ts'
import type { Environment } from '../../src/core/environment.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** A back-off, and how long its gate stays shut from now on. */
function start(random: number) {
  const backOff = createBackOff({
    now: () => Date.now(),
    setTimeout: (callback, ms) => setTimeout(callback, ms),
    clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
    random: () => random,
    activation: async () => undefined,
  } as Environment)
  const untilOpen = async () => {
    const begin = Date.now()
    let openMs: number | undefined
    void backOff.gate().then(() => {
      openMs = Date.now() - begin
    })
    await vi.advanceTimersByTimeAsync(200_000)
    return openMs
  }
  return { backOff, untilOpen }
}

const fail = (backOff: { fail(ms: undefined): void }, times: number) => {
  for (let time = 0; time < times; time++) backOff.fail(undefined)
}

test.each([
  [1, 500, 1_000],
  [2, 1_000, 2_000],
  [6, 16_000, 32_000],
  [7, 30_000, 60_000],
  [20, 30_000, 60_000],
])('after %i failures the gate stays shut for %i to %i ms', async (failures, least, most) => {
  for (const [random, expected] of [
    [0, least],
    [1, most],
  ] as const) {
    const { backOff, untilOpen } = start(random)
    fail(backOff, failures)
    expect(backOff.isOpen()).toBe(false)
    expect(await untilOpen()).toBe(expected)
    expect(backOff.isOpen()).toBe(true)
  }
})

test('a named time is never cut short, and at most a quarter longer', async () => {
  for (const [random, expected] of [
    [0, 30_000],
    [1, 37_500],
  ] as const) {
    const { backOff, untilOpen } = start(random)
    backOff.fail(30_000)
    backOff.wake()
    expect(await untilOpen()).toBe(expected)
  }
})

test('the next failure that names no time may be cut short again', async () => {
  const { backOff, untilOpen } = start(1)
  backOff.fail(30_000)
  fail(backOff, 6)
  backOff.wake()
  expect(await untilOpen()).toBe(1_000)
})

test.each([
  [1, 200],
  [3, 600],
  [5, 1_000],
  [9, 1_000],
])('a sign that the API may be back after %i failures leaves at most %i ms', async (failures, most) => {
  const { backOff, untilOpen } = start(1)
  fail(backOff, failures)
  backOff.wake()
  expect(await untilOpen()).toBe(most)
})

test('signs that keep coming do not put off what is due', async () => {
  const { backOff, untilOpen } = start(1)
  fail(backOff, 2)
  const signs = setInterval(backOff.wake, 100)
  expect(await untilOpen()).toBe(500)
  clearInterval(signs)
})

test('whoever waited from the first failure on goes with those who came later', async () => {
  const { backOff, untilOpen } = start(1)
  fail(backOff, 1)
  const first = vi.fn()
  void backOff.gate().then(first)
  await vi.advanceTimersByTimeAsync(500)
  fail(backOff, 1)
  expect(await untilOpen()).toBe(2_000)
  expect(first).toHaveBeenCalledOnce()
})

test('a success opens the gate, and leaves neither a failure nor a timer', async () => {
  const { backOff, untilOpen } = start(1)
  fail(backOff, 5)
  backOff.succeed()
  expect([backOff.isOpen(), vi.getTimerCount()]).toEqual([true, 0])
  backOff.wake()
  expect(vi.getTimerCount()).toBe(0)
  expect(await untilOpen()).toBe(0)
})

test('stopped, it lets go whoever waits; who comes later waits for what was left', async () => {
  const { backOff, untilOpen } = start(1)
  fail(backOff, 3)
  const first = vi.fn()
  void backOff.gate().then(first)
  await vi.advanceTimersByTimeAsync(1_000)
  backOff.stop()
  await vi.advanceTimersByTimeAsync(1_000)
  expect([first.mock.calls.length, backOff.isOpen(), vi.getTimerCount()]).toEqual([1, false, 0])
  expect(await untilOpen()).toBe(2_000)
  expect(backOff.isOpen()).toBe(true)
  // Stopped in peace, there is nothing left to wait for.
  backOff.stop()
  expect([backOff.isOpen(), await untilOpen()]).toEqual([true, 0])
})

test('what was left when it was stopped does not grow with a clock that is set back, and ends with a success', async () => {
  const { backOff, untilOpen } = start(1)
  fail(backOff, 3)
  backOff.stop()
  vi.setSystemTime(Date.now() - 3_600_000)
  expect(await untilOpen()).toBe(4_000)
  fail(backOff, 1)
  backOff.stop()
  backOff.succeed()
  expect([backOff.isOpen(), await untilOpen()]).toEqual([true, 0])
})
