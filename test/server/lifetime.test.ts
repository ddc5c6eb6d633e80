import { memoryStore, type SessionHandlerOptions } from 'storefront-session/server'
import { expect, test } from 'vitest'
import { askRequest, createSession, sessionOf } from './support/ways-in.ts'

/** A handler whose store has a clock that the test moves. */
function start(options: Partial<SessionHandlerOptions>) {
  const clock = { now: Date.parse('2026-01-01T00:00:00Z') }
  const ask = askRequest({ store: memoryStore({ now: () => clock.now }), ...options })
  const endOf = async (sessionId: string) => {
    const { expiresAt } = await sessionOf(await ask('GET', `/sessions/${sessionId}`))
    return Date.parse(expiresAt) - Date.parse('2026-01-01T00:00:00Z')
  }
  return { clock, ask, endOf }
}

test('a GET renews a session when a hundredth of its lifetime has passed, and not before', async () => {
  const { clock, ask, endOf } = start({ ttlMs: 100_000 })
  const sessionId = await createSession(ask)
  clock.now += 999
  expect(await endOf(sessionId)).toBe(100_000)
  clock.now += 1
  expect(await endOf(sessionId)).toBe(101_000)
})

test('touchMs says how much of the lifetime passes before a GET renews it; 0 renews each time', async () => {
  const late = start({ ttlMs: 100_000, touchMs: 50_000 })
  const lateId = await createSession(late.ask)
  late.clock.now += 49_999
  expect(await late.endOf(lateId)).toBe(100_000)
  const each = start({ ttlMs: 100_000, touchMs: 0 })
  const eachId = await createSession(each.ask)
  each.clock.now += 1
  expect(await each.endOf(eachId)).toBe(100_001)
})

test('maxAgeMs ends a session however often it is used', async () => {
  const { clock, ask, endOf } = start({ ttlMs: 1_000, maxAgeMs: 2_500 })
  const sessionId = await createSession(ask)
  for (const end of [1_800, 2_500, 2_500]) {
    clock.now += 800
    expect(await endOf(sessionId)).toBe(end)
  }
  clock.now += 99
  expect((await ask('GET', `/sessions/${sessionId}`)).status).toBe(200)
  clock.now += 1
  expect((await ask('GET', `/sessions/${sessionId}`)).status).toBe(404)
})
