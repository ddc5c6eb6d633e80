import * as query from '@tanstack/query-core'
import { createSessionClient } from 'storefront-session/core'
import { expect, test, vi } from 'vitest'
import * as turns from '../../src/core/turn.ts'
import { createEnvironment, createStorage } from './support/simple-environment.ts'

// What one associate() on a confirmed session costs.

vi.mock('@tanstack/query-core', async (original) => {
  const actual = await original<typeof query>()
  return { ...actual, replaceEqualDeep: vi.fn(actual.replaceEqualDeep) }
})

/** A client with a confirmed session, whose storage counts how often it is read. */
async function openConfirmed() {
  const storage = createStorage()
  let reads = 0
  const fetch: typeof globalThis.fetch = async () =>
    Response.json({ statusCode: 0, response: { sessionId: 's-1' } })
  const client = createSessionClient(
    { baseUrl: '/api', fetch },
    createEnvironment({
      storage: () => ({
        ...storage,
        getItem(key) {
          reads++
          return storage.getItem(key)
        },
      }),
    }),
  )
  client.start()
  await client.ready()
  await vi.waitFor(() => expect(client.getState().isConfirmed).toBe(true))
  reads = 0
  return { client, reads: () => reads }
}

test('one associate() on a confirmed session reads storage twelve times at most', async () => {
  const { client, reads } = await openConfirmed()
  await client.associate({ visitId: 'v1' })
  console.log(`storage reads: ${reads()}`)
  expect(reads()).toBeLessThanOrEqual(12)
  client.stop()
})

test('a turn derives the public state once', async () => {
  const { client } = await openConfirmed()
  const derived = vi.mocked(query.replaceEqualDeep)
  const turn = vi.spyOn(turns, 'turn')
  derived.mockClear()
  await client.associate({ visitId: 'v1' })
  console.log(`turns: ${turn.mock.calls.length}, derivations: ${derived.mock.calls.length}`)
  expect(turn.mock.calls.length).toBeGreaterThan(1)
  expect(derived.mock.calls.length).toBe(turn.mock.calls.length)
  client.stop()
})
