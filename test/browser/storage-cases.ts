import type { SessionClient } from 'storefront-session/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Profile, Tab } from './support/engine.ts'
import { idOf, statusOf, stored, type Visitor } from './support/visitor.ts'

declare const client: SessionClient

const persistenceOf = (tab: Tab) => tab.evaluate(() => client.getState().persistence)

/** What a session is worth where the browser refuses or loses storage. */
export function describeStorage(visitor: Visitor): void {
  const { open, openAtOnce, sharedId, puts } = visitor

  for (const { how, hasChannel, profile: makeProfile } of visitor.engine.blocked)
    describe(`with ${how}`, () => {
      let profile: Profile | undefined
      beforeEach(async () => {
        profile = await makeProfile()
      })
      afterEach(() => profile?.close())
      const openBlocked = async () => {
        if (!profile) throw new Error('The browser is not started')
        return profile.open(visitor.site.tab)
      }

      test('F1, F163: the session lives in memory and says so', async () => {
        const tab = await openBlocked()
        await sharedId([tab])
        expect(await statusOf(tab)).toBe('ready')
        expect(await persistenceOf(tab)).toBe('memory')
        expect(puts()).toHaveLength(1)
      })

      if (hasChannel)
        test('F1: a reset and a forget still reach the other tab, which has a session of its own', async () => {
          const [first, second] = [await openBlocked(), await openBlocked()]
          await sharedId([first])
          const before = await sharedId([second])
          await first.evaluate(() => void client.reset())
          await expect.poll(() => idOf(second)).not.toBe(before)
          await sharedId([second])
          await first.evaluate(() => client.forget())
          await expect.poll(() => statusOf(second)).toBe('disabled')
        })
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
    expect(await persistenceOf(tab)).toBe('memory')
    await tab.evaluate(() => client.associate({ visitId: 'v1' }).then(() => undefined))
    await other.evaluate(() => localStorage.removeItem('filler'))
    await expect.poll(() => tab.evaluate(() => localStorage.getItem('filler'))).toBeNull()
    // As if the network had come back: one of the moments at which the client tries again.
    await tab.evaluate(() => void dispatchEvent(new Event('online')))
    await expect.poll(() => stored(other)).toBe(id)
    expect(await persistenceOf(tab)).toBe('local')
    const second = await open()
    expect(await idOf(second)).toBe(id)
  })
}
