import type { SessionClient } from 'storefront-session/core'
import { expect, test } from 'vitest'
import type { Tab } from './support/engine.ts'
import { customerOf, idOf, idsOf, statusOf, stored, type Visitor } from './support/visitor.ts'

declare const client: SessionClient
declare const told: unknown[]

/** What the server has confirmed, as this tab knows it. */
const associationsOf = (tab: Tab) =>
  tab.evaluate(() => {
    const { session, isAssociating } = client.getState()
    const { customerId, visitId, globalVisitId } = session ?? {}
    return isAssociating ? null : { customerId, visitId, globalVisitId }
  })

/** What several tabs of one visitor promise each other. */
export function describeTabs(visitor: Visitor): void {
  const { open, openStalled, openAtOnce, sharedId, sessionCalls, puts } = visitor

  test('F17: ten tabs that open at the same moment make one PUT and share one id', async () => {
    visitor.api.latencyMs = 150
    await sharedId(await openAtOnce(10))
    expect(sessionCalls()).toEqual(['PUT /sessions/new'])
  })

  test('F18: without Web Locks ten tabs still converge on one id within a second', async () => {
    visitor.api.latencyMs = 150
    const tabs = await openAtOnce(10, '?without=locks')
    await expect.poll(() => idsOf(tabs), { timeout: 20_000 }).not.toContain(null)
    await expect.poll(() => idsOf(tabs), { timeout: 1_000 }).toHaveLength(1)
    expect(await stored(tabs[0])).toBe(await sharedId(tabs))
  })

  test('F20, F41: a tab that is closed while it creates the session holds up nobody', async () => {
    const dying = await openStalled()
    const waiting = await open('?timeout=60000')
    await dying.close()
    await sharedId([waiting])
  })

  test('F24: a reset in one tab leaves the session in all tabs, for one new session', async () => {
    visitor.api.latencyMs = 50
    const tabs = await openAtOnce(3)
    const before = await sharedId(tabs)
    await tabs[0].evaluate(async () => {
      await client.associate({ customerId: 'ada' })
      await client.reset()
    })
    await expect.poll(() => sharedId(tabs)).not.toBe(before)
    expect(puts()).toHaveLength(2)
    expect(await Promise.all(tabs.map(customerOf))).toEqual([null, null, null])
  })

  for (const [missing, rest, query] of [
    ['BroadcastChannel', 'the storage event', 'channel'],
    ['storage events', 'BroadcastChannel', 'events'],
  ])
    test(`F164: without ${missing} a reset and a forget reach the other tab by ${rest}`, async () => {
      const [first, second] = await openAtOnce(2, `?without=${query}`)
      const before = await sharedId([first, second])
      await first.evaluate(() => void client.reset())
      await expect.poll(() => idOf(second)).not.toBe(before)
      await sharedId([first, second])
      expect(puts()).toHaveLength(2)
      await first.evaluate(() => client.forget())
      await expect.poll(() => statusOf(second)).toBe('disabled')
    })

  test('F28, F164: a tab that no news reaches sends the id of now with its next request', async () => {
    const [first, deaf] = [await open(), await open('?without=channel&without=events')]
    const before = await sharedId([first, deaf])
    await first.evaluate(() => client.reset().then(() => undefined))
    const id = await idOf(first)
    expect(id).not.toBe(before)
    await deaf.evaluate(() => client.fetch('/gks-server/v1/help').then(() => undefined))
    expect(visitor.api.seen.find(({ path }) => path.endsWith('/help'))?.search).toBe(`?sessionId=${id}`)
  })

  test('F119: three tabs that associate different ids at one moment lose none', async () => {
    visitor.api.latencyMs = 50
    const tabs = await openAtOnce(3)
    await sharedId(tabs)
    const ids = { customerId: 'ada', visitId: 'v1', globalVisitId: 'g1' }
    const each = Object.entries(ids).map(([field, value]) => ({ [field]: value }))
    await Promise.all(each.map((one, n) => tabs[n]?.evaluate((ids) => void client.associate(ids), one)))
    await expect
      .poll(() => Promise.all(tabs.map(associationsOf)), { timeout: 10_000 })
      .toEqual([ids, ids, ids])
    const answer = await fetch(`${visitor.api.baseUrl}/sessions/${await idOf(tabs[0])}`)
    expect((await answer.json()).response).toMatchObject(ids)
  })

  test('what is associated in one tab shows in the other', async () => {
    const tabs = await openAtOnce(2)
    await sharedId(tabs)
    await tabs[0].evaluate(() => void client.associate({ customerId: 'ada' }))
    await expect.poll(() => customerOf(tabs[1])).toBe('ada')
  })

  test('a forget in one tab empties storage and disables the session in all tabs', async () => {
    const tabs = await openAtOnce(3)
    await sharedId(tabs)
    await tabs[0].evaluate(() => client.forget())
    await expect.poll(() => Promise.all(tabs.map(statusOf))).toEqual(['disabled', 'disabled', 'disabled'])
    expect(await tabs[2]?.evaluate(() => Object.keys(localStorage))).toEqual([])
  })

  test('F30: a duplicated tab shares the session: none keeps anything of its own in sessionStorage', async () => {
    const tabs = await openAtOnce(2)
    await sharedId(tabs)
    const lengths = await Promise.all(tabs.map((tab) => tab.evaluate(() => sessionStorage.length)))
    expect(lengths).toEqual([0, 0])
  })

  test('F10: a second profile never meets the first, and not its resets', async () => {
    const mine = await open()
    const other = await visitor.engine.profile()
    try {
      const theirs = await other.open(visitor.site.tab)
      const [id, otherId] = [await sharedId([mine]), await sharedId([theirs])]
      expect(otherId).not.toBe(id)
      await theirs.evaluate(() => client.reset().then(() => undefined))
      expect(await idOf(theirs)).not.toBe(otherId)
      expect([await idOf(mine), await stored(mine)]).toEqual([id, id])
    } finally {
      await other.close()
    }
  })

  test('many tabs cost one creation, and each tab tells a change once at most', async () => {
    // So many tabs keep a small machine busy for longer than the usual wait for the lock.
    const tabs = await openAtOnce(visitor.engine.manyTabs, '?timeout=30000')
    await sharedId(tabs)
    expect(sessionCalls()).toEqual(['PUT /sessions/new'])
    const tellings = async () => {
      const lengths = await Promise.all(tabs.map((tab) => tab.evaluate(() => told.length)))
      return { most: Math.max(...lengths), all: lengths.reduce((sum, length) => sum + length) }
    }
    const created = await tellings()
    expect(created.most).toBeLessThanOrEqual(1)
    await tabs[0].evaluate(() => client.associate({ customerId: 'ada' }).then(() => undefined))
    await expect.poll(() => Promise.all(tabs.map(customerOf)), { timeout: 10_000 }).not.toContain(null)
    const associated = await tellings()
    expect(associated.all - created.all).toBe(1)
    expect(sessionCalls()).toEqual(['PUT /sessions/new', 'POST /sessions/:id'])
  })
}
