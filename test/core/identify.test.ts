import { describe, expect, test } from 'vitest'
import { quiet } from './support/client-page.ts'
import { openShop, settled } from './support/identified-shop.ts'

describe('a customer whom identify() names', () => {
  test('on a first visit comes with the PUT', async () => {
    const { api, open } = openShop()
    const page = open()
    page.client.start()
    expect(page.client.identify('ada')).toBeUndefined()
    await settled(page)
    expect(api.asked()).toEqual(['PUT /api/sessions/new ada'])
    expect(page.client.getState().session).toMatchObject({ customerId: 'ada' })
    expect(page.events()).toEqual(['created', 'associated'])
  })

  test('before the client is started is signed in, too', async () => {
    const { api, open } = openShop()
    const page = open()
    page.client.identify('ada')
    page.client.start()
    await settled(page)
    expect(api.asked()).toEqual(['PUT /api/sessions/new ada'])
  })

  test('on a first visit with an id that the browser chooses comes with the POST, and nothing is asked before', async () => {
    const { api, open } = openShop()
    const page = open({ create: 'client' })
    page.client.start()
    page.client.identify('ada')
    await settled(page)
    expect(api.asked()).toEqual([`POST /api/sessions/${page.client.getState().sessionId} ada`])
  })

  test('where a session is stored is signed in after the server has said whose that is', async () => {
    const { api, open } = openShop({})
    const page = open()
    page.client.start()
    page.client.identify('ada')
    await expect.poll(() => page.client.getState().session?.customerId).toBe('ada')
    await settled(page)
    expect(api.asked()).toEqual(['GET /api/sessions/stored-1', 'POST /api/sessions/stored-1 ada'])
    expect(page.events()).toEqual(['restored', 'associated'])
  })

  test('and is the stored session’s already costs one GET', async () => {
    const { api, open } = openShop({ customerId: 'ada' })
    const page = open()
    page.client.start()
    page.client.identify('ada')
    await settled(page)
    await quiet()
    expect([api.asked(), page.events()]).toEqual([['GET /api/sessions/stored-1'], ['restored']])
  })

  test('in a session that the server has confirmed in this page is signed in at once', async () => {
    const { api, open } = openShop()
    const page = open()
    page.client.start()
    await settled(page)
    api.asked()
    page.client.identify('ada')
    expect(page.client.getState()).toMatchObject({ isAssociating: true, session: { customerId: 'ada' } })
    await settled(page)
    expect(api.asked()).toEqual([`POST /api/sessions/${page.client.getState().sessionId} ada`])
  })

  test('several times makes one request', async () => {
    const { api, open } = openShop()
    const page = open()
    page.client.start()
    for (let time = 0; time < 3; time++) page.client.identify('ada')
    await settled(page)
    for (let time = 0; time < 3; time++) page.client.identify('ada')
    await quiet()
    expect(api.asked()).toEqual(['PUT /api/sessions/new ada'])
  })

  test('and is the customer of a session that the app hands in costs no request', async () => {
    const { api, open } = openShop()
    const page = open({ initialSession: { sessionId: 'given-1', customerId: 'ada' } })
    page.client.start()
    page.client.identify('ada')
    await quiet()
    expect([api.asked(), page.events()]).toEqual([[], []])
  })
})

describe('another customer whom identify() names', () => {
  test('leaves the session at once, and signs in to the next one', async () => {
    const { api, open } = openShop()
    const page = open()
    page.client.start()
    page.client.identify('ada')
    await settled(page)
    const { sessionId } = page.client.getState()
    page.events()
    api.asked()
    page.client.identify('bob')
    expect(page.client.getState().sessionId).toBeNull()
    await settled(page)
    expect(page.events()).toEqual(['reset', 'created', 'associated'])
    expect(api.asked()).toEqual(['PUT /api/sessions/new bob'])
    expect([api.customerOf(sessionId), api.customerOf(page.client.getState().sessionId)]).toEqual([
      'ada',
      'bob',
    ])
  })

  test('F177: than the stored session’s leaves it, once the server has said whose it is', async () => {
    const { api, open } = openShop({ customerId: 'ada' })
    const page = open()
    page.client.start()
    page.client.identify('bob')
    await expect.poll(() => page.client.getState().session?.customerId).toBe('bob')
    await settled(page)
    expect(api.asked()).toEqual(['GET /api/sessions/stored-1', 'PUT /api/sessions/new bob'])
    expect([api.customerOf('stored-1'), page.events()]).toEqual([
      'ada',
      ['restored', 'reset', 'created', 'associated'],
    ])
  })

  test('F177: than the one of a session that the app hands in leaves it', async () => {
    const { api, open } = openShop()
    const page = open({ initialSession: { sessionId: 'given-1', customerId: 'ada' } })
    page.client.start()
    page.client.identify('bob')
    await expect.poll(() => page.client.getState().session?.customerId).toBe('bob')
    await settled(page)
    expect(api.asked()).toEqual(['PUT /api/sessions/new bob'])
  })

  test('F177: while the first request is under way gets another session', async () => {
    const { api, open } = openShop()
    let isHeld = true
    api.fault = () => {
      if (!isHeld) return
      isHeld = false
      return new Promise(() => undefined)
    }
    const page = open()
    page.client.start()
    page.client.identify('ada')
    await expect.poll(() => api.seen.length).toBe(1)
    page.client.identify('bob')
    await settled(page)
    expect(api.asked()).toEqual(['PUT /api/sessions/new ada', 'PUT /api/sessions/new bob'])
  })

  test('F177: in the same tick as the first one is the only one who is sent', async () => {
    const { api, open } = openShop()
    const page = open()
    page.client.start()
    page.client.identify('ada')
    page.client.identify('bob')
    await settled(page)
    expect(api.seen.map(({ customerId }) => customerId)).not.toContain('ada')
    expect(page.client.getState().session).toMatchObject({ customerId: 'bob' })
  })

  test('F177: is not sent while the API cannot tell whose session it is', async () => {
    const { api, open } = openShop({ customerId: 'ada' })
    api.server.isDown = true
    const page = open()
    page.client.start()
    page.client.identify('bob')
    await expect.poll(() => page.client.getState().error).toMatchObject({ status: 503 })
    expect(api.seen.map(({ customerId }) => customerId)).not.toContain('bob')
    api.server.isDown = false
    await expect.poll(() => page.client.getState().session?.customerId, { timeout: 4_000 }).toBe('bob')
    await settled(page)
    expect(api.customerOf('stored-1')).toBe('ada')
  })
})
