import { readVisitIds } from 'storefront-session/web-engagement'
import { afterEach, expect, test, vi } from 'vitest'

type Command = [string, (ids: unknown) => void]
const page = window as unknown as { _gt?: unknown }

afterEach(() => {
  delete page._gt
  vi.useRealTimers()
})

/** A tracker that is there already and answers each question with these ids. */
const answerWith = (ids: unknown) => {
  page._gt = { push: ([name, hear]: Command) => name === 'getIDs' && hear(ids) }
}

test.each([
  [{ visitID: 'v', globalVisitID: 'g' }],
  [{ visitId: 'v', globalVisitId: 'g' }],
  [{ visitId: 'v', globalVisitID: 'g', pageId: 'p' }],
])('F160: takes every spelling: %j', async (ids) => {
  answerWith(ids)
  expect(await readVisitIds()).toEqual({ visitId: 'v', globalVisitId: 'g' })
})

test('makes the queue where the tracker has not loaded yet, and hears it when it has', async () => {
  const ids = readVisitIds()
  const [question] = page._gt as Command[]
  expect(question?.[0]).toBe('getIDs')
  question?.[1]({ visitID: 'late' })
  expect(await ids).toEqual({ visitId: 'late' })
})

test.each([undefined, 500])('resolves with nothing when nobody answers within %s', async (timeoutMs) => {
  vi.useFakeTimers()
  const ids = timeoutMs === undefined ? readVisitIds() : readVisitIds({ timeoutMs })
  let outcome: unknown = 'none yet'
  ids.then((value) => {
    outcome = value
  })
  await vi.advanceTimersByTimeAsync((timeoutMs ?? 2_000) - 1)
  expect(outcome).toBe('none yet')
  await vi.advanceTimersByTimeAsync(1)
  expect(outcome).toEqual({})
})

test('an answer that comes twice or too late changes nothing', async () => {
  const ids = readVisitIds({ timeoutMs: 0 })
  expect(await ids).toEqual({})
  const [question] = page._gt as Command[]
  question?.[1]({ visitId: 'too-late' })
  expect(await ids).toEqual({})
})

test.each([
  [null],
  ['v'],
  [[]],
  [{ visitId: 7, globalVisitId: '' }],
  [{ visitId: 'a b', globalVisitId: 'x'.repeat(257) }],
  [{ visitId: 'ä', globalVisitId: { toString: () => 'g' } }],
  [JSON.parse('{"__proto__":{"visitId":"v"}}')],
  [{ constructor: 'v', toString: 'g' }],
])('what can not be sent counts as absent: %j', async (ids) => {
  answerWith(ids)
  expect(await readVisitIds()).toEqual({})
})

test('a tracker that throws is as good as none', async () => {
  page._gt = {
    push() {
      throw new Error('broken')
    },
  }
  expect(await readVisitIds()).toEqual({})
})

test('an answer that throws when it is read is none, also when it comes later', async () => {
  const ids = readVisitIds()
  const [question] = page._gt as Command[]
  question?.[1]({
    get visitId() {
      throw new Error('broken')
    },
  })
  expect(await ids).toEqual({})
})
