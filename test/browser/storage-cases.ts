import type { SessionClient } from 'storefront-session/core'
import { expect, test } from 'vitest'
import { idOf, stored, type Visitor } from './support/visitor.ts'

declare const client: SessionClient

/** What a session is worth where the browser refuses or loses storage. */
export function describeStorage(visitor: Visitor): void {
  const { open, openAtOnce, sharedId, puts } = visitor

  for (const [how, makeProfile] of Object.entries(visitor.engine.blocked))
    test(`F1, F163: with ${how} the session lives in memory and says so`, async () => {
      const profile = await makeProfile()
      try {
        const tab = await profile.open(visitor.site.tab)
        await sharedId([tab])
        const { status, persistence } = await tab.evaluate(() => {
          const { status, persistence } = client.getState()
          return { status, persistence }
        })
        expect({ status, persistence }).toEqual({ status: 'ready', persistence: 'memory' })
        expect(puts()).toHaveLength(1)
      } finally {
        await profile.close()
      }
    })

  test('F8: storage that is cleared while tabs are open gets the session back, and the API no second one', async () => {
    const tabs = await openAtOnce(2)
    const id = await sharedId(tabs)
    const other = await visitor.profile.open(visitor.site.elsewhere)
    await other.evaluate(() => localStorage.clear())
    await expect.poll(() => stored(other), { timeout: 10_000 }).toBe(id)
    expect(await sharedId(tabs)).toBe(id)
    expect(puts()).toHaveLength(1)
  })

  test('F2: a full storage costs durability only, until there is room again', async () => {
    const other = await visitor.profile.open(visitor.site.elsewhere)
    await other.evaluate(() => {
      let filler = ''
      for (let size = 8_000_000; size >= 1; ) {
        try {
          localStorage.setItem('filler', filler + 'x'.repeat(size))
          filler += 'x'.repeat(size)
        } catch {
          size = Math.floor(size / 2)
        }
      }
    })
    const tab = await open()
    const id = await sharedId([tab])
    expect(await tab.evaluate(() => client.getState().persistence)).toBe('memory')
    await tab.evaluate(() => client.associate({ visitId: 'v1' }).then(() => undefined))
    await other.evaluate(() => localStorage.removeItem('filler'))
    await expect.poll(() => tab.evaluate(() => localStorage.getItem('filler'))).toBeNull()
    // As if the network had come back: one of the moments at which the client tries again.
    await tab.evaluate(() => void dispatchEvent(new Event('online')))
    await expect.poll(() => stored(other)).toBe(id)
    expect(await tab.evaluate(() => client.getState().persistence)).toBe('local')
    const second = await open()
    expect(await idOf(second)).toBe(id)
  })
}
