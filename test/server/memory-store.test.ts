import fc from 'fast-check'
import { memoryStore } from 'storefront-session/server'
import { describe, expect, test } from 'vitest'
import { describeStore } from './store-conformance.ts'

describeStore('memoryStore', { open: (now) => memoryStore({ now }) })

describe('the bound of memoryStore', () => {
  test('F123, F142: memoryStore keeps at most the maxSessions sessions that were used last, and always half of these', async () => {
    const uses = fc.array(fc.nat({ max: 30 }), { maxLength: 200 })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), uses, async (half, visitors) => {
        const store = memoryStore({ maxSessions: 2 * half })
        const idOf = (visitor: number) => `visitor-${String(visitor).padStart(12, '0')}`
        for (const visitor of visitors) await store.associate(idOf(visitor), {}, 1_000, true)
        const kept: boolean[] = []
        for (const visitor of new Set(visitors.toReversed()))
          kept.push((await store.associate(idOf(visitor), {}, 1_000, false)) !== null)
        expect(kept.slice(0, half)).not.toContain(false)
        expect(kept.slice(2 * half)).not.toContain(true)
      }),
    )
  })

  test('memoryStore removes the least recently used sessions beyond maxSessions', async () => {
    const store = memoryStore({ maxSessions: 2 })
    const first = await store.create({}, 1_000)
    const second = await store.create({}, 1_000)
    await store.get(first.sessionId, 1_000)
    await store.create({}, 1_000)
    expect(await store.get(second.sessionId, 1_000)).toBeNull()
    expect(await store.get(first.sessionId, 1_000)).not.toBeNull()
  })

  test('a session that begins anew, and an expired one, push out no other session', async () => {
    let time = 0
    const store = memoryStore({ maxSessions: 4, now: () => time })
    const [one, two, three, four] = [1, 2, 3, 4].map((number) => `visitor-${number}`.padEnd(16, '-')) as [
      string,
      string,
      string,
      string,
    ]
    await store.associate(one, {}, 10, true)
    await store.associate(two, {}, 10, true)
    time = 20
    await store.associate(three, {}, 1_000, true)
    await store.associate(four, {}, 10, true)
    expect(await store.get(one, 1_000)).toBeNull()
    expect(await store.get(two, 1_000)).toBeNull()
    time = 40
    await store.associate(four, {}, 1_000, true)
    expect(await store.get(three, 1_000)).not.toBeNull()
    expect(await store.get(four, 1_000)).not.toBeNull()
  })

  test('a scan has a session once that began anew, also where its first life is in the older generation', async () => {
    let time = 0
    const store = memoryStore({ maxSessions: 4, now: () => time })
    const idOf = (number: number) => `visitor-${number}`.padEnd(16, '-')
    for (const number of [1, 2, 3]) await store.associate(idOf(number), {}, 1_000, true)
    time = 20
    await store.associate(idOf(1), {}, 1_000, true, { maxAgeMs: 10 })
    const { sessions } = await store.scan()
    expect(sessions.map(({ sessionId }) => sessionId)).toEqual([1, 2, 3].map(idOf))
  })

  test('memoryStore remembers the latest 100,000 removed ids', async () => {
    const store = memoryStore()
    const idOf = (number: number) => `removed-${number}`.padEnd(16, '-')
    for (let number = 0; number <= 100_000; number++) await store.remove(idOf(number))
    expect(await store.associate(idOf(0), {}, 1_000, true)).not.toBeNull()
    expect(await store.associate(idOf(1), {}, 1_000, true)).toBeNull()
    expect(await store.associate(idOf(100_000), {}, 1_000, true)).toBeNull()
  })

  test('memoryStore refuses a maxSessions that is no positive integer', () => {
    for (const maxSessions of [0, -1, 1.5, Number.NaN])
      expect(() => memoryStore({ maxSessions })).toThrow(/maxSessions must be a positive integer/)
  })
})
