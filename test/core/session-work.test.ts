import { expect, test, vi } from 'vitest'
import { createSessionWork } from '../../src/core/session-work.ts'
import { openFacts } from './support/facts-world.ts'

/** What is done, in order, where each thing takes a moment and succeeds. */
function open() {
  const page = openFacts()
  const done: string[] = []
  const life = { isAlive: true, isRunning: true }
  const moment = () => new Promise((resolve) => setTimeout(resolve, 20))
  const fetch = vi.spyOn(page.cache, 'fetch').mockImplementation(async (isForced) => {
    done.push(`asked${isForced ? '' : ' where stale'}`)
    await moment()
    page.facts.confirm({ sessionId: 's-1' }, {})
    return { sessionId: 's-1' }
  })
  const sendPending = async () => {
    const ids = page.pending.ids()
    done.push(`sent ${Object.keys(ids).sort()}`)
    await moment()
    page.facts.confirm({ sessionId: 's-1' }, ids)
  }
  const work = createSessionWork({
    ...page,
    isAlive: () => life.isAlive,
    isRunning: () => life.isRunning,
    sendPending,
  })
  const confirmed = () => {
    page.facts.follow()
    page.facts.confirm({ sessionId: 's-1' }, {})
  }
  return { ...page, done, life, fetch, work, confirmed }
}

test('where nothing is due, nothing is done', async () => {
  const { work, done, confirmed } = open()
  confirmed()
  await work()
  expect(done).toEqual([])
})

test('a session that is not there is asked for first, then what is pending is sent', async () => {
  const { work, done, pending } = open()
  pending.accept({ visitId: 'v1' })
  await work()
  expect(done).toEqual(['asked', 'sent visitId'])
})

test('calls of one tick go together, and there is one worker', async () => {
  const { work, done, pending, confirmed } = open()
  confirmed()
  pending.accept({ visitId: 'v1' })
  const first = work()
  pending.accept({ customerId: 'ada' })
  await work()
  await first
  expect(done).toEqual(['sent customerId,visitId'])
})

test('what comes while something is under way is done after it, by the same worker or by a new one', async () => {
  const { work, done, pending, confirmed } = open()
  confirmed()
  pending.accept({ visitId: 'v1' })
  const first = work()
  await vi.waitFor(() => expect(done).toHaveLength(1), { interval: 1 })
  pending.accept({ customerId: 'ada' })
  void work()
  await first
  pending.accept({ globalVisitId: 'g1' })
  await work()
  expect(done).toEqual(['sent visitId', 'sent customerId', 'sent globalVisitId'])
})

test('after a failure the session is asked for again, while the client runs and nothing else would tell', async () => {
  for (const [isRunning, ids, expected] of [
    [true, {}, ['asked']],
    [false, {}, []],
    [true, { visitId: 'v1' }, ['sent visitId']],
  ] as const) {
    const { work, done, life, pending, facts, confirmed } = open()
    confirmed()
    life.isRunning = isRunning
    pending.accept(ids)
    facts.isFailing = true
    await work()
    expect(done).toEqual(expected)
  }
})

test('what the app asks meanwhile is waited for', async () => {
  const { work, done, cache, confirmed, queryClient, fetch } = open()
  confirmed()
  fetch.mockRestore()
  let answer: (info: { sessionId: string }) => void = () => undefined
  void queryClient.fetchQuery({
    ...cache.queryOptions,
    staleTime: 0,
    queryFn: () =>
      new Promise<{ sessionId: string }>((resolve) => {
        answer = resolve
      }),
  })
  const working = vi.fn()
  const worked = work().then(working)
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(working).not.toHaveBeenCalled()
  answer({ sessionId: 's-1' })
  await worked
  expect(done).toEqual([])
})

test('the back-off is kept, and who ends meanwhile asks nothing', async () => {
  const { work, done, life, backOff, pending, confirmed } = open()
  confirmed()
  pending.accept({ visitId: 'v1' })
  backOff.fail(undefined)
  const worked = work()
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(done).toEqual([])
  life.isAlive = false
  backOff.succeed()
  await worked
  expect(done).toEqual([])
  life.isAlive = true
  await work()
  expect(done).toEqual(['sent visitId'])
})
