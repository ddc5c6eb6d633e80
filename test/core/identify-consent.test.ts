import { describe, expect, test } from 'vitest'
import { quiet } from './support/client-page.ts'
import { openShop, settled } from './support/identified-shop.ts'

describe('while the client is disabled identify() remembers the value', () => {
  test('and acts when the client is enabled: the last one', async () => {
    const { api, browser, open } = openShop()
    const page = open({ enabled: false })
    page.client.start()
    page.client.identify('ada')
    page.client.identify('bob')
    await quiet()
    expect([api.asked(), browser.storage.writes]).toEqual([[], []])
    page.client.setEnabled(true)
    await settled(page)
    expect(api.asked()).toEqual(['PUT /api/sessions/new bob'])
  })

  test('and a sign-out in that time leaves the session', async () => {
    const { api, open } = openShop()
    const page = open()
    page.client.start()
    page.client.identify('ada')
    await settled(page)
    const { sessionId } = page.client.getState()
    page.client.setEnabled(false)
    page.client.identify(null)
    page.client.setEnabled(true)
    await settled(page)
    expect(page.client.getState().sessionId).not.toBe(sessionId)
    expect(api.customerOf(page.client.getState().sessionId)).toBeUndefined()
  })

  test('F177: and another customer in that time gets another session', async () => {
    const { api, open } = openShop()
    const page = open()
    page.client.start()
    page.client.identify('ada')
    await settled(page)
    const { sessionId } = page.client.getState()
    page.client.setEnabled(false)
    page.client.identify('bob')
    page.client.setEnabled(true)
    await expect.poll(() => page.client.getState().session?.customerId).toBe('bob')
    await settled(page)
    expect([api.customerOf(sessionId), api.customerOf(page.client.getState().sessionId)]).toEqual([
      'ada',
      'bob',
    ])
  })
})

describe('forget() drops the value of identify()', () => {
  test.each([true, false])(
    'of a client whose enabled is %s: the next consent signs nobody in',
    async (enabled) => {
      const { api, open } = openShop()
      const page = open({ enabled })
      page.client.start()
      page.client.identify('ada')
      if (enabled) await settled(page)
      page.client.forget()
      api.asked()
      page.client.setEnabled(true)
      await settled(page)
      await quiet()
      expect(api.asked()).toEqual(['PUT /api/sessions/new'])
      expect(page.client.getState().session?.customerId).toBeUndefined()
    },
  )

  test('so that the same customer, named again, is signed in', async () => {
    const { api, open } = openShop()
    const page = open()
    page.client.start()
    page.client.identify('ada')
    await settled(page)
    page.client.forget()
    page.client.setEnabled(true)
    await settled(page)
    page.client.identify('ada')
    await settled(page)
    expect(api.customerOf(page.client.getState().sessionId)).toBe('ada')
  })
})
