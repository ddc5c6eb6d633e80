import { describe, expect, test } from 'vitest'
import { quiet } from './support/client-page.ts'
import { openShop, settled } from './support/identified-shop.ts'

describe('identify(null)', () => {
  test('on load says nothing: the session stays, and the server is not asked', async () => {
    const { api, open } = openShop({ customerId: 'ada' })
    const page = open()
    page.client.start()
    page.client.identify(null)
    await quiet()
    expect([api.asked(), page.events(), page.client.getState().sessionId]).toEqual([
      [],
      ['restored'],
      'stored-1',
    ])
  })

  test('after a customer is a sign-out: the session is left at once', async () => {
    const { api, open } = openShop()
    const page = open()
    page.client.start()
    page.client.identify('ada')
    await settled(page)
    const { sessionId } = page.client.getState()
    page.events()
    api.asked()
    page.client.identify(null)
    expect(page.client.getState().sessionId).toBeNull()
    await settled(page)
    expect([api.asked(), page.events()]).toEqual([['PUT /api/sessions/new'], ['reset', 'created']])
    expect([api.customerOf(sessionId), api.customerOf(page.client.getState().sessionId)]).toEqual([
      'ada',
      undefined,
    ])
  })

  test('said twice leaves once', async () => {
    const { open } = openShop()
    const page = open()
    page.client.start()
    page.client.identify('ada')
    await settled(page)
    page.events()
    page.client.identify(null)
    page.client.identify(null)
    await settled(page)
    expect(page.events()).toEqual(['reset', 'created'])
  })

  test('after a customer whom another tab has signed out leaves nothing', async () => {
    const { open } = openShop()
    const [one, two] = [open(), open()]
    for (const page of [one, two]) {
      page.client.start()
      page.client.identify('ada')
      await settled(page)
    }
    two.events()
    one.client.identify(null)
    await settled(one)
    await settled(two)
    two.client.identify(null)
    await quiet()
    expect(two.events().filter((type) => type === 'reset')).toHaveLength(1)
    expect(two.client.getState().sessionId).toBe(one.client.getState().sessionId)
  })

  test('after a customer in whose place another tab has signed somebody else in leaves nothing', async () => {
    const { api, open } = openShop()
    const [one, two] = [open(), open()]
    for (const page of [one, two]) {
      page.client.start()
      page.client.identify('ada')
      await settled(page)
    }
    one.client.identify('bob')
    await settled(one)
    await expect.poll(() => two.client.getState().session?.customerId).toBe('bob')
    const { sessionId } = one.client.getState()
    two.client.identify(null)
    await quiet()
    expect(two.client.getState().sessionId).toBe(sessionId)
    expect(api.customerOf(sessionId)).toBe('bob')
  })

  test('right after a reload leaves the session at once, though the API does not say whose it is', async () => {
    const { api, open } = openShop({ customerId: 'ada' })
    api.fault = ({ method }) => (method === 'GET' ? new Promise(() => undefined) : undefined)
    const page = open()
    page.client.start()
    page.client.identify('ada')
    page.client.identify(null)
    expect(page.client.getState().sessionId).toBeNull()
    await settled(page)
    expect(page.client.getState().sessionId).not.toBe('stored-1')
    expect(api.customerOf(page.client.getState().sessionId)).toBeUndefined()
    expect(api.seen.map(({ customerId }) => customerId)).not.toContain('ada')
  })

  test('and the customer again sign that one in to the next session', async () => {
    const { api, open } = openShop()
    const page = open()
    page.client.start()
    page.client.identify('ada')
    await settled(page)
    page.client.identify(null)
    await settled(page)
    page.client.identify('ada')
    await settled(page)
    expect(api.customerOf(page.client.getState().sessionId)).toBe('ada')
    expect(api.server.sessions.size).toBe(2)
  })
})

describe('identify() with an unchanged value does nothing', () => {
  test('where another tab has signed out since', async () => {
    const { api, open } = openShop()
    const [one, two] = [open(), open()]
    for (const page of [one, two]) {
      page.client.start()
      page.client.identify('ada')
      await settled(page)
    }
    one.client.identify(null)
    await settled(one)
    await settled(two)
    two.client.identify('ada')
    await quiet()
    expect(two.client.getState().session?.customerId).toBeUndefined()
    expect(api.customerOf(one.client.getState().sessionId)).toBeUndefined()
    expect(two.client.getState().sessionId).toBe(one.client.getState().sessionId)
  })

  test('where the app has reset the session itself', async () => {
    const { api, open } = openShop()
    const page = open()
    page.client.start()
    page.client.identify('ada')
    await settled(page)
    await page.client.reset()
    page.client.identify('ada')
    await quiet()
    expect(api.customerOf(page.client.getState().sessionId)).toBeUndefined()
    expect(page.client.getState().session?.customerId).toBeUndefined()
  })

  test('where the server refused that customer', async () => {
    const { api, open } = openShop()
    api.fault = ({ customerId }) => (customerId ? Response.json({}, { status: 403 }) : undefined)
    const page = open()
    page.client.start()
    await settled(page)
    page.client.identify('ada')
    await expect.poll(page.events).toContain('association-failed')
    api.asked()
    page.client.identify('ada')
    await quiet()
    expect(api.asked()).toEqual([])
  })
})

describe('identify() throws nothing: state and events show the error', () => {
  test('where the id cannot be sent', async () => {
    const { api, open } = openShop()
    const failures: unknown[] = []
    const page = open({
      onEvent: (event) => {
        if (event.type === 'association-failed') failures.push(event.fields)
      },
    })
    page.client.start()
    page.client.identify('ada lovelace')
    await settled(page)
    expect(failures).toEqual([['customerId']])
    expect(api.asked()).toEqual(['PUT /api/sessions/new'])
  })

  test('where the server refuses the customer', async () => {
    const { api, open } = openShop()
    const failures: unknown[] = []
    const page = open({
      onEvent: (event) => {
        if (event.type === 'association-failed') failures.push(event.fields)
      },
    })
    page.client.start()
    await settled(page)
    api.fault = ({ customerId }) => (customerId ? Response.json({}, { status: 403 }) : undefined)
    page.client.identify('ada')
    await expect.poll(() => failures).toEqual([['customerId']])
    expect(page.client.getState()).toMatchObject({ status: 'ready', error: { code: 'http', status: 403 } })
    expect(page.client.getState().session?.customerId).toBeUndefined()
  })
})
