import { memoryStore } from 'storefront-session/server'
import { describe, expect, test } from 'vitest'
import { describeStore } from './store-conformance.ts'

describeStore('memoryStore', { open: (now) => memoryStore({ now }), hasClock: true })

describe('memoryStore is bounded', () => {
  test('F123, F142: beyond maxSessions the least recently used session goes', async () => {
    const store = memoryStore({ maxSessions: 2 })
    const first = await store.create({}, 1_000)
    const second = await store.create({}, 1_000)
    await store.get(first.sessionId, 1_000)
    await store.create({}, 1_000)
    expect(await store.get(second.sessionId, 1_000)).toBeNull()
    expect(await store.get(first.sessionId, 1_000)).not.toBeNull()
  })

  test('a bound that is no positive integer is refused at once', () => {
    for (const maxSessions of [0, -1, 1.5, Number.NaN])
      expect(() => memoryStore({ maxSessions })).toThrow(/maxSessions must be a positive integer/)
  })
})
