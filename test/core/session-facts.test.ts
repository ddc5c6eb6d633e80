import { describe, expect, test, vi } from 'vitest'
import { SessionError } from '../../src/wire/session-error.ts'
import { openFacts } from './support/facts-world.ts'

const ID = 'session-1'
const OTHER = 'session-2'
const trouble = new SessionError('http', 'no', { status: 503, retryAfterMs: 5_000 })

/** A page with a session that the server has confirmed, with what it said of it. */
function openConfirmed(ids: object = {}) {
  const page = openFacts()
  page.facts.follow()
  page.facts.confirm({ sessionId: ID, ...ids }, ids)
  page.events()
  page.told.length = 0
  Object.assign(page.counts, { changed: 0, work: 0 })
  return page
}

describe('what the server confirms', () => {
  test('is the current session: written, cached with its age, told to the other tabs', () => {
    const { facts, record, cache, told, clock, queryClient, counts } = openFacts()
    facts.lose(OTHER, 'lost')
    facts.confirm({ sessionId: ID, customerId: 'ada' }, { customerId: 'ada' })
    expect([record.id(), record.confirmedAt(), facts.confirmedId, facts.lost]).toEqual([
      ID,
      clock.ms,
      ID,
      undefined,
    ])
    expect(cache.get()).toEqual({ sessionId: ID, customerId: 'ada' })
    expect(queryClient.getQueryState(cache.queryOptions.queryKey)?.dataUpdatedAt).toBe(clock.ms)
    expect(told).toEqual([{ sessionId: ID, customerId: 'ada' }])
    expect(counts.changed).toBeGreaterThan(0)
  })

  test('a second time is no news', () => {
    const { facts, told } = openConfirmed()
    facts.confirm({ sessionId: ID }, {})
    expect(told).toEqual([])
    facts.confirm({ sessionId: ID }, { visitId: 'v1' })
    expect(told).toHaveLength(1)
  })

  test('settles what was sent, and keeps in mind what it is', async () => {
    const { facts, pending, cache, counts } = openConfirmed()
    pending.accept({ customerId: 'ada', visitId: 'v1' })
    const confirmation = pending.confirmation({ customerId: 'ada', visitId: 'v1' })
    facts.confirm({ sessionId: ID }, { customerId: 'ada', visitId: 'v1' })
    await confirmation
    expect([pending.ids(), cache.get(), counts.work]).toEqual([
      {},
      { sessionId: ID, customerId: 'ada', visitId: 'v1' },
      0,
    ])
    expect(facts.known()).toEqual({ customerId: 'ada', visitId: 'v1' })
  })

  test('of several that an answer lacks, one that it had before is enough to say that the session was lost', () => {
    const { facts, pending, events } = openConfirmed({ customerId: 'ada' })
    pending.accept({ visitId: 'v2' })
    facts.confirm({ sessionId: ID, customerId: 'ada' }, { visitId: 'v2' })
    // Overtaken on its way by the later value.
    facts.confirm({ sessionId: ID }, { visitId: 'v1' })
    expect(events()).toEqual([{ type: 'lost', sessionId: ID }])
    expect(pending.ids()).toEqual({ customerId: 'ada', visitId: 'v2' })
  })

  test('says nothing of a value that was accepted while the earlier one was on its way', () => {
    const { facts, pending, cache } = openConfirmed()
    pending.accept({ customerId: 'ada' })
    pending.accept({ customerId: 'bob' })
    facts.confirm({ sessionId: ID, customerId: 'ada' }, { customerId: 'ada' })
    expect([pending.ids(), cache.get()?.customerId]).toEqual([{ customerId: 'bob' }, 'ada'])
    facts.confirm({ sessionId: ID, customerId: 'bob' }, { customerId: 'bob' })
    expect([pending.ids(), cache.get()?.customerId]).toEqual([{}, 'bob'])
  })

  test('sends a later value once more, which the earlier one may have overtaken', () => {
    const { facts, pending, counts } = openConfirmed()
    pending.accept({ customerId: 'bob' })
    pending.settle({ customerId: 'bob' })
    facts.confirm({ sessionId: ID, customerId: 'ada' }, { customerId: 'ada' })
    expect([pending.ids(), counts.work]).toEqual([{ customerId: 'bob' }, 1])
  })

  test('without what it was told before, by a server that tells what it knows: sent once more, and lost is said', () => {
    const { facts, pending, counts, events } = openConfirmed({ customerId: 'ada', visitId: 'v1' })
    facts.confirm({ sessionId: ID, visitId: 'v1' }, {})
    expect(pending.ids()).toEqual({ customerId: 'ada' })
    expect([events(), counts.work]).toEqual([[{ type: 'lost', sessionId: ID }], 1])
  })

  test('without anything, by a server that never tells: nothing is missing', () => {
    const page = openFacts()
    page.facts.follow()
    page.facts.confirm({ sessionId: ID }, { customerId: 'ada' })
    page.events()
    page.facts.confirm({ sessionId: ID }, {})
    expect([page.pending.ids(), page.events(), page.facts.known()]).toEqual([{}, [], { customerId: 'ada' }])
  })

  test('without an id for which somebody waits: it goes again, though nothing tells that it was lost', () => {
    const { facts, pending, storage, events } = openConfirmed()
    pending.accept({ visitId: 'v1' })
    void pending.confirmation({ visitId: 'v1' })
    storage.values.delete('key:visitId')
    facts.follow()
    expect(facts.isUnsure()).toBe(true)
    facts.confirm({ sessionId: ID }, {})
    expect([pending.ids(), events()]).toEqual([{ visitId: 'v1' }, []])
  })

  test('ends trouble and back-off', () => {
    const { facts, backOff } = openConfirmed()
    facts.fail(trouble)
    expect([facts.error, facts.isFailing, backOff.isOpen()]).toEqual([trouble, true, false])
    facts.confirm({ sessionId: ID }, {})
    expect([facts.error, facts.isFailing, backOff.isOpen()]).toEqual([null, false, true])
  })
})

describe('the queries of the app that belong to a customer', () => {
  const watched = (page: ReturnType<typeof openFacts>) => vi.spyOn(page.cache, 'invalidateDependents')

  test('are stale when the customer comes, becomes another one, or goes with the session', () => {
    const page = openFacts()
    const stale = watched(page)
    page.facts.follow()
    page.facts.confirm({ sessionId: ID }, {})
    expect(stale).toHaveBeenCalledTimes(0)
    page.facts.confirm({ sessionId: ID, customerId: 'ada' }, { customerId: 'ada' })
    expect(stale).toHaveBeenCalledTimes(1)
    page.facts.confirm({ sessionId: ID, customerId: 'ada' }, { visitId: 'v1' })
    expect(stale).toHaveBeenCalledTimes(1)
    page.facts.leave('left')
    page.facts.confirm({ sessionId: OTHER }, {})
    expect(stale).toHaveBeenCalledTimes(2)
  })

  test('are not, when a page only learns who its customer is', () => {
    const page = openFacts()
    const stale = watched(page)
    page.facts.follow()
    page.facts.confirm({ sessionId: ID, customerId: 'ada' }, {})
    expect(stale).not.toHaveBeenCalled()
  })

  test('are, when another tab tells of a customer and this page has never asked; not for a session that was handed in', () => {
    const page = openFacts()
    const stale = watched(page)
    page.record.keep(ID, 1)
    page.facts.hear({ sessionId: ID, customerId: 'ada' })
    expect(stale).not.toHaveBeenCalled()
    const third = openFacts(page.storage)
    const staleThere = watched(third)
    third.facts.hear({ sessionId: ID, customerId: 'ada' }, true)
    expect(staleThere).toHaveBeenCalledTimes(1)
    const other = openFacts(page.storage)
    const alsoStale = watched(other)
    other.facts.hear({ sessionId: ID, visitId: 'v1' }, true)
    expect(alsoStale).not.toHaveBeenCalled()
    other.facts.hear({ sessionId: ID, visitId: 'v1', customerId: 'ada' }, true)
    expect(alsoStale).toHaveBeenCalledTimes(1)
  })

  test('are, when the session was left before it was known whose it was', () => {
    const page = openFacts()
    const stale = watched(page)
    page.facts.leave('left')
    page.facts.confirm({ sessionId: OTHER }, {})
    expect(stale).toHaveBeenCalledTimes(1)
  })
})

describe('another tab', () => {
  /** Two tabs of one browser in one session. */
  function openTwo() {
    const here = openConfirmed({ customerId: 'ada' })
    const there = openFacts(here.storage)
    there.facts.follow()
    here.events()
    there.events()
    return { here, there }
  }

  test('has a session already: it is adopted, and asked for if this page has sent ids of its own', () => {
    const page = openFacts()
    page.facts.follow()
    const other = openFacts(page.storage)
    other.facts.follow()
    other.facts.confirm({ sessionId: OTHER }, {})
    expect(page.facts.follow()).toBe(OTHER)
    expect([page.events(), page.cache.get(), page.facts.isUnsure()]).toEqual([
      [{ type: 'adopted', sessionId: OTHER }],
      { sessionId: OTHER },
      false,
    ])
    page.pending.accept({ visitId: 'v1' })
    other.facts.confirm({ sessionId: 'session-3' }, {})
    const { work } = page.counts
    page.facts.follow()
    expect([page.facts.isUnsure(), page.counts.work]).toEqual([true, work + 1])
  })

  test('has sent with its session what this one accepted before it had any: that is waited for', async () => {
    const here = openFacts()
    const there = openFacts(here.storage)
    there.facts.follow()
    there.pending.accept({ visitId: 'v1' })
    const waits = there.pending.confirmation({ visitId: 'v1' })
    here.facts.follow()
    here.facts.confirm({ sessionId: ID }, { visitId: 'v1' })
    expect([there.facts.follow(), there.events()]).toEqual([ID, [{ type: 'adopted', sessionId: ID }]])
    there.facts.hear({ sessionId: ID, visitId: 'v1' })
    await waits
  })

  test('leaves the session: so does this one, and waits for the next', async () => {
    const { here, there } = openTwo()
    const { work, changed } = there.counts
    there.pending.accept({ visitId: 'v1' })
    const waits = there.pending.confirmation({ visitId: 'v1' })
    const signal = there.facts.signal()
    here.record.leave()
    expect(there.facts.follow()).toBeNull()
    expect(there.events()).toEqual([{ type: 'reset', sessionId: ID }])
    await expect(waits).rejects.toMatchObject({
      code: 'aborted',
      message: 'The session was left in another tab',
    })
    expect([signal.aborted, there.facts.isNextOurs, there.facts.isDue(), there.cache.get()]).toEqual([
      true,
      false,
      true,
      undefined,
    ])
    expect([there.counts.work > work, there.counts.changed > changed]).toEqual([true, true])
    expect([there.facts.follow(), there.facts.isNextOurs]).toEqual([null, false])
    here.facts.confirm({ sessionId: OTHER }, {})
    expect([there.facts.follow(), there.facts.isNextOurs]).toEqual([OTHER, undefined])
  })

  test('has made the first session while this one slept: it is taken, with what was accepted for it', () => {
    const here = openFacts()
    const there = openFacts(here.storage)
    there.facts.follow()
    there.pending.accept({ visitId: 'v1' })
    here.facts.follow()
    here.facts.confirm({ sessionId: ID }, {})
    expect(there.facts.follow(true)).toBe(ID)
    expect([there.events(), there.pending.ids()]).toEqual([
      [{ type: 'adopted', sessionId: ID }],
      { visitId: 'v1' },
    ])
  })

  test.each([undefined, OTHER])(
    'has taken away, while this one slept, what was accepted for the first session, and stored %s: that is left',
    async (stored) => {
      const here = openFacts()
      const there = openFacts(here.storage)
      there.facts.follow()
      there.pending.accept({ customerId: 'ada' })
      const waits = there.pending.confirmation({ customerId: 'ada' })
      here.storage.values.clear()
      here.facts.follow()
      if (stored) here.facts.confirm({ sessionId: stored }, {})
      expect(there.facts.follow(true)).toBe(stored ?? null)
      await expect(waits).rejects.toMatchObject({ code: 'aborted' })
      expect([there.facts.known(), there.events()[0]]).toEqual([{}, { type: 'reset', sessionId: null }])
    },
  )

  test('tells what the server said to it: the same holds here, without a request', () => {
    const { there } = openTwo()
    there.facts.hear({ sessionId: ID, customerId: 'ada' })
    expect([there.cache.get()?.customerId, there.facts.confirmedId]).toEqual(['ada', ID])
    there.facts.hear({ sessionId: OTHER, customerId: 'eve' })
    expect([there.cache.get()?.customerId, there.facts.confirmedId]).toEqual(['ada', ID])
  })

  test('accepts an id: it only shows here', () => {
    const { here, there } = openTwo()
    const { work, changed } = there.counts
    here.pending.accept({ visitId: 'v1' })
    there.facts.follow()
    expect(there.counts).toEqual({ work, changed: changed + 1 })
    there.facts.follow()
    expect(there.counts).toEqual({ work, changed: changed + 1 })
  })

  test('empties the storage: only the server can say whether there still is a session', () => {
    const { here, there } = openTwo()
    here.storage.values.clear()
    expect([there.facts.follow(), there.facts.isUnsure(), there.facts.isDue()]).toEqual([ID, true, true])
    there.facts.confirm({ sessionId: ID }, {})
    expect([there.facts.isUnsure(), there.facts.isDue()]).toEqual([false, false])
  })
})

describe('a session that the server does not know', () => {
  test('is lost once, and has to be made again with all that is known', () => {
    const { facts, events, pending } = openConfirmed({ customerId: 'ada' })
    pending.accept({ visitId: 'v1' })
    facts.lose(ID, 'lost')
    facts.lose(ID, 'refused')
    expect(events()).toEqual([{ type: 'lost', sessionId: ID }])
    expect([facts.lost, facts.isDue(), facts.known()]).toEqual([
      { id: ID, how: 'refused' },
      true,
      { customerId: 'ada', visitId: 'v1' },
    ])
  })

  test('is replaced without being lost', () => {
    const { facts, events } = openConfirmed()
    facts.lose(ID, 'replaced')
    expect([events(), facts.isDue()]).toEqual([[], true])
  })

  test('of another id brings nothing of what is cached', () => {
    const { facts, record } = openConfirmed({ customerId: 'ada' })
    record.adopt(OTHER)
    expect(facts.known()).toEqual({})
  })
})

test('ids that are refused for good are told, with the trouble, and are gone', async () => {
  const { facts, pending, events, counts } = openConfirmed()
  pending.accept({ visitId: 'v1' })
  const waits = pending.confirmation({ visitId: 'v1' })
  facts.refuse({ visitId: 'v1' }, trouble)
  await expect(waits).rejects.toBe(trouble)
  expect([facts.error, pending.ids(), events(), counts.changed]).toEqual([
    trouble,
    {},
    [{ type: 'association-failed', sessionId: ID, fields: ['visitId'] }],
    1,
  ])
})

test('a request that failed is tried again, not before the time that the server named', async () => {
  vi.useFakeTimers()
  const { facts, backOff, counts } = openConfirmed()
  facts.fail(trouble)
  expect(counts).toEqual({ changed: 1, work: 1 })
  await vi.advanceTimersByTimeAsync(4_999)
  expect(backOff.isOpen()).toBe(false)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(backOff.isOpen()).toBe(true)
  vi.useRealTimers()
})

test('what is left belongs to nobody: no trouble, nothing lost, nothing unsure, and new work may begin', () => {
  const { facts, cache, storage } = openConfirmed({ customerId: 'ada' })
  const signal = facts.signal()
  storage.values.clear()
  facts.follow()
  facts.lose(ID, 'lost')
  facts.fail(trouble)
  facts.isNextOurs = true
  facts.leave('left')
  const { error, isFailing, lost, isNextOurs } = facts
  expect([error, isFailing, lost, isNextOurs, facts.isUnsure(), cache.get()]).toEqual([
    null,
    false,
    undefined,
    undefined,
    false,
    undefined,
  ])
  expect([signal.aborted, facts.signal().aborted]).toEqual([true, false])
})

test('stopped, nothing goes on and no timer is left; revived, what went on goes on', () => {
  vi.useFakeTimers()
  const { facts, backOff } = openConfirmed()
  const signal = facts.signal()
  facts.revive()
  expect(facts.signal()).toBe(signal)
  facts.fail(trouble)
  facts.stop()
  expect([signal.aborted, facts.signal().aborted, backOff.isOpen(), vi.getTimerCount()]).toEqual([
    true,
    true,
    false,
    0,
  ])
  facts.revive()
  expect(facts.signal().aborted).toBe(false)
  vi.useRealTimers()
})
