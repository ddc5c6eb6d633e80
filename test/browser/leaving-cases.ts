import type { SessionClient } from 'storefront-session/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ApiServer, startApiServer } from '../support/api-server.ts'
import { stored, type Visitor } from './support/visitor.ts'

declare const client: SessionClient

/** What a page keeps of its promises when it leaves, is left without a network, or dies. */
export function describeLeaving(visitor: Visitor): void {
  const { open, sharedId, puts } = visitor
  /** Of another origin, behind a slow preflight: there a request that ends with its page never arrives. */
  let foreign: ApiServer

  beforeEach(async () => {
    foreign = await startApiServer([visitor.api.origin])
  })
  afterEach(() => foreign.close())

  const say = (words: string) => ({
    words,
    control: `${foreign.origin}/control`,
  })
  const hasArrived = (words: string) => foreign.seen.some(({ body }) => body.includes(words))
  const controls = () => foreign.calls().filter((call) => call === 'POST /control')

  const openForeign = async () => {
    const tab = await open(`?api=${encodeURIComponent(foreign.baseUrl)}`)
    await sharedId([tab])
    foreign.latencyMs = 300
    return tab
  }

  test('F42, F178: a page that goes elsewhere sends what it has accepted, where a plain request is lost', async () => {
    const tab = await openForeign()
    // In a task of its own: an evaluate whose page goes away under it may never be answered. And by `replace`: a page
    // that can be gone back to lives on in the cache, with its plain requests.
    await tab.evaluate(
      ({ words, control, elsewhere }) => {
        setTimeout(() => {
          void fetch(control, { method: 'POST', headers: { 'x-control': '1' } })
          void client.associate({ visitId: words })
          location.replace(elsewhere)
        })
      },
      { ...say('last-words'), elsewhere: visitor.site.elsewhere },
    )
    await expect.poll(() => hasArrived('last-words'), { timeout: 10_000 }).toBe(true)
    expect(controls()).toEqual([])
  })

  test('F42, F178: a page that is closed sends what it has accepted, where a plain request is lost', async () => {
    const tab = await openForeign()
    await tab.evaluate(({ words, control }) => {
      void fetch(control, { method: 'POST', headers: { 'x-control': '1' } })
      void client.associate({ visitId: words })
    }, say('last-words'))
    await tab.close()
    await expect.poll(() => hasArrived('last-words'), { timeout: 10_000 }).toBe(true)
    expect(controls()).toEqual([])
  })

  test('F171: what is associated while the session is being made is not lost by a reload', async () => {
    visitor.api.latencyMs = 300
    const tab = await open()
    await expect.poll(puts).toHaveLength(1)
    await tab.evaluate(() => void client.associate({ visitId: 'early' }))
    await tab.goto(visitor.site.tab)
    await sharedId([tab])
    await expect.poll(() => tab.evaluate(() => client.getState().isAssociating)).toBe(false)
    expect(visitor.api.seen.some(({ body }) => body.includes('early'))).toBe(true)
    expect(puts().length).toBeLessThanOrEqual(2)
  })

  test('F45, F46: what is associated while the API is out of reach is sent when it is back', async () => {
    const tab = await open()
    const id = await sharedId([tab])
    visitor.api.isDown = true
    await tab.evaluate(() => void client.associate({ visitId: 'v1' }))
    await expect.poll(() => tab.evaluate(() => client.getState().error?.code)).toBe('network')
    expect(await stored(tab, ':visitId')).toMatch(/ v1$/)
    visitor.api.isDown = false
    await expect
      .poll(() => tab.evaluate(() => client.getState().isAssociating), { timeout: 15_000 })
      .toBe(false)
    expect(visitor.api.seen.at(-1)).toMatchObject({
      method: 'POST',
      path: `/gks-server/v1/sessions/${id}`,
      body: '{"visitId":"v1"}',
    })
  })

  if (!visitor.engine.cannot.goOffline)
    test('F45: what is associated offline is sent when the browser is online again', async () => {
      const tab = await open()
      await sharedId([tab])
      await visitor.profile.setOffline(true)
      await tab.evaluate(() => void client.associate({ customerId: 'ada', visitId: 'v1' }))
      await expect.poll(() => tab.evaluate(() => client.getState().error?.code)).toBe('network')
      expect(await stored(tab, ':customerId')).toMatch(/ ada$/)
      await visitor.profile.setOffline(false)
      await expect
        .poll(() => tab.evaluate(() => client.getState().isAssociating), { timeout: 10_000 })
        .toBe(false)
      expect(visitor.api.seen.at(-1)).toMatchObject({
        method: 'POST',
        body: '{"visitId":"v1"}',
        headers: { gkc_customerid: 'ada' },
      })
    })
}
