import type { SessionClient } from 'storefront-session/core'
import { expect, test } from 'vitest'
import type { Tab } from './support/engine.ts'
import { customerOf, idOf, statusOf, type Visitor } from './support/visitor.ts'

declare const client: SessionClient

/** What a page knows that comes back: from the back-forward cache, or in the next visit after a crash. */
export function describeReturn(visitor: Visitor): void {
  const { open, openStalled, sharedId, puts } = visitor

  /** Back to the page before, which must come out of the cache as it was. */
  const goBack = async (tab: Tab) => {
    await tab.back()
    // The page itself tells: some drivers wait in vain for a load of a page that is restored.
    await expect.poll(() => visitor.api.calls(), { timeout: 10_000 }).toContain('GET /restored')
  }

  test('F34, F35: a page in the back-forward cache comes back with its session, for no request', async () => {
    const tab = await open()
    const id = await sharedId([tab])
    await tab.goto(visitor.site.elsewhere)
    await goBack(tab)
    expect(await idOf(tab)).toBe(id)
    expect(visitor.sessionCalls()).toEqual(['PUT /sessions/new'])
  })

  test('F28: a page that slept through a reset comes back to the new session, without its customer', async () => {
    const [sleeper, tab] = [await open(), await open()]
    const before = await sharedId([sleeper, tab])
    await sleeper.evaluate(() => client.associate({ customerId: 'ada' }).then(() => undefined))
    await sleeper.goto(visitor.site.elsewhere)
    await tab.evaluate(() => client.reset().then(() => undefined))
    await goBack(sleeper)
    expect(await sharedId([sleeper, tab])).not.toBe(before)
    expect(await customerOf(sleeper)).toBeNull()
    expect(puts()).toHaveLength(2)
  })

  // Chromium delivers the storage events that a page slept through, when it is back.
  for (const [how, query] of [
    ['', ''],
    [' and hears nothing afterwards', '?without=channel&without=events'],
  ] as const) {
    test(`F28: a page that slept through a forget${how} comes back disabled, and storage stays empty`, async () => {
      const [sleeper, tab] = [await open(query), await open()]
      await sharedId([sleeper, tab])
      await sleeper.goto(visitor.site.elsewhere)
      await tab.evaluate(() => client.forget())
      await goBack(sleeper)
      await expect.poll(() => statusOf(sleeper)).toBe('disabled')
      expect(await tab.evaluate(() => Object.keys(localStorage))).toEqual([])
      expect(puts()).toHaveLength(1)
    })

    test(`F28: a page that slept through a forget and a new start${how} comes back to the new session, without its customer`, async () => {
      const [sleeper, tab] = [await open(query), await open()]
      const before = await sharedId([sleeper, tab])
      await sleeper.evaluate(() => client.associate({ customerId: 'ada' }).then(() => undefined))
      await sleeper.goto(visitor.site.elsewhere)
      await tab.evaluate(() => {
        client.forget()
        client.setEnabled(true)
      })
      const after = await sharedId([tab])
      expect(after).not.toBe(before)
      await goBack(sleeper)
      expect(await sharedId([sleeper, tab])).toBe(after)
      expect(await customerOf(sleeper)).toBeNull()
      expect(puts()).toHaveLength(2)
    })
  }

  test('F33, F165: a page that leaves for another while it creates the session holds up nobody', async () => {
    const leaving = await openStalled()
    await leaving.goto(visitor.site.elsewhere)
    await sharedId([await open('?timeout=60000')])
  })
}
