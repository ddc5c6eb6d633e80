import type { StoredSession } from 'storefront-session/server'
import { expect, test } from 'vitest'
import { SHORT_MS, type Subject, scanAll, TTL_MS } from './subject.ts'

/** Going through all sessions, page by page. */
export function describeScanning({ store, pass, version }: Subject): void {
  const make = (count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, index) =>
        store().create(
          { customerId: `c-${index}`, tenantId: `t-${index}`, previousSessionId: 'before' },
          TTL_MS,
        ),
      ),
    )
  const byId = (sessions: StoredSession[]) =>
    sessions.toSorted((one, other) => (one.sessionId < other.sessionId ? -1 : 1))

  test('a change of a session of a page changes nothing in the store', async () => {
    const [session] = await make(1)
    for (let round = 0; round < 2; round++) {
      const [found] = await scanAll(store(), 10)
      expect(found).toEqual(session)
      Object.assign(found ?? {}, { customerId: 'changed' })
    }
  })

  test('an empty store has one empty page', async () => {
    expect(await store().scan()).toEqual({ sessions: [] })
  })

  test.each([1, 7, 30, 1_000])(
    'a scan in pages of %i has each session once, as it is stored',
    async (limit) => {
      const made = byId(await make(30))
      const before = version?.()
      expect(byId(await scanAll(store(), limit))).toEqual(made)
      expect(version?.()).toEqual(before)
    },
  )

  test('a scan without options has a page of at most a thousand sessions', async () => {
    await make(1_100)
    const { sessions, next } = await store().scan()
    expect(sessions.length).toBeLessThanOrEqual(1_000)
    expect(next).toEqual(expect.any(String))
    expect(await scanAll(store(), 1_000)).toHaveLength(1_100)
  })

  test('a scan leaves out expired and removed sessions', async () => {
    const [gone, , kept] = [
      await store().create({}, TTL_MS),
      await store().create({}, SHORT_MS),
      await store().create({}, TTL_MS),
    ]
    await store().remove(gone.sessionId)
    pass(SHORT_MS)
    expect(await scanAll(store(), 2)).toEqual([kept])
  })

  test('a scan has each session that lives all the time, whatever else is made, used and removed meanwhile', async () => {
    const made = await make(200)
    const [kept, gone] = [made.slice(0, 100), made.slice(100)]
    const found = await scanAll(store(), 10, async () => {
      const victim = gone.pop()
      if (victim) await store().remove(victim.sessionId)
      await store().create({}, TTL_MS)
      for (const { sessionId } of kept.slice(0, 5)) await store().get(sessionId, TTL_MS)
    })
    const ids = new Set(found.map(({ sessionId }) => sessionId))
    expect(kept.filter(({ sessionId }) => !ids.has(sessionId))).toEqual([])
  })

  test.each([0, -1, 1.5, Number.NaN])('a scan in pages of %d is refused', async (limit) => {
    await expect(store().scan({ limit })).rejects.toThrow(/^scan: limit must be a positive integer, not /)
  })
}
