import { QueryClient } from '@tanstack/query-core'
import { createSessionClient } from 'storefront-session/core'
import { expect, test } from 'vitest'
import { catchUncaught } from '../support/uncaught.ts'
import { quiet } from './support/client-page.ts'
import { openShop, settled } from './support/identified-shop.ts'

// identify() where the cache of the app, an API that says little, or another tab stands in the way.

test.each(['clear', 'resetQueries'] as const)(
  'where the app has emptied its cache by %s, another customer gets another session all the same',
  async (empty) => {
    const { api, open } = openShop()
    const queryClient = new QueryClient()
    const page = open({ queryClient })
    page.client.start()
    page.client.identify('ada')
    await settled(page)
    const { sessionId } = page.client.getState()
    void queryClient[empty]()
    page.client.identify('bob')
    await expect.poll(() => page.client.getState().session?.customerId).toBe('bob')
    await settled(page)
    expect([api.customerOf(sessionId), api.customerOf(page.client.getState().sessionId)]).toEqual([
      'ada',
      'bob',
    ])
  },
)

test('F179: where a listener of the app throws as its cache is emptied, another customer gets another session all the same', async () => {
  catchUncaught()
  const { api, open } = openShop()
  const queryClient = new QueryClient()
  queryClient.getQueryCache().subscribe(() => {
    throw new Error('of the app')
  })
  const page = open({ queryClient })
  page.client.start()
  page.client.identify('ada')
  await expect.poll(() => api.customerOf(page.client.getState().sessionId)).toBe('ada')
  await expect.poll(() => page.client.getState().isAssociating).toBe(false)
  const { sessionId } = page.client.getState()
  // The listener stands in the way of the client, too: it does not hear of this.
  void (async () => queryClient.resetQueries())().catch(() => undefined)
  page.client.identify('bob')
  await expect.poll(() => api.seen.some(({ customerId }) => customerId === 'bob')).toBe(true)
  await expect.poll(() => page.client.getState()).toMatchObject({ status: 'ready', isAssociating: false })
  expect([api.customerOf(sessionId), api.customerOf(page.client.getState().sessionId)]).toEqual([
    'ada',
    'bob',
  ])
})

test('F24, F177: a customer whom another tab has named and not sent yet gets no session together with this one', async () => {
  const { api, open } = openShop()
  const customersOf = new Map<string, Set<string>>()
  const { answer } = api.server
  api.server.answer = (...request) => {
    const response = answer(...request)
    for (const [id, { customerId }] of api.server.sessions)
      if (customerId) customersOf.set(id, (customersOf.get(id) ?? new Set()).add(customerId))
    return response
  }
  let answerNow = (): void => undefined
  api.fault = ({ customerId, method }) => {
    // The first visit of the other tab takes its time.
    if (method === 'PUT' && !customerId) return new Promise(() => undefined)
    if (customerId !== 'bob') return
    api.fault = undefined
    return new Promise((resolve) => {
      answerNow = () =>
        resolve(api.server.answer('PUT', '/api/sessions/new', new Headers({ gkc_customerId: 'bob' }), ''))
    })
  }
  const [one, two] = [open(), open()]
  two.client.start()
  await expect.poll(() => api.seen.length).toBe(1)
  one.client.identify('bob')
  one.client.start()
  await expect.poll(() => api.seen.some(({ customerId }) => customerId === 'bob')).toBe(true)
  // No storage event has told this tab of the other tab's customer yet.
  two.client.identify('ada')
  answerNow()
  await quiet()
  for (const { happen } of [one, two]) happen('storage', { key: null, newValue: null })
  await expect.poll(() => api.customerOf(two.client.getState().sessionId)).toBe('ada')
  expect([...customersOf].filter(([, customers]) => customers.size > 1)).toEqual([])
})

test.each([
  ['whom another tab had accepted', ' bob', false],
  ['whom this tab has accepted', undefined, true],
] as const)(
  'F24, F177: a customer on the way to the server, %s and a forgetting has taken back, shares no session with the next one',
  async (_, pending, isHeard) => {
    const { api, browser, open } = openShop()
    if (pending) browser.storage.values.set('storefront-session:customerId', pending)
    let answerNow = (): void => undefined
    api.fault = () => {
      api.fault = undefined
      return new Promise((resolve) => {
        answerNow = () =>
          resolve(api.server.answer('PUT', '/api/sessions/new', new Headers({ gkc_customerId: 'bob' }), ''))
      })
    }
    const page = open()
    page.client.start()
    page.client.identify('bob')
    await expect.poll(() => api.asked()).toEqual(['PUT /api/sessions/new bob'])
    // Another tab forgets the session, and no event has told this tab of more than the missing customer.
    browser.storage.values.delete('storefront-session:customerId')
    if (isHeard) page.happen('storage', { key: 'storefront-session:customerId', newValue: null })
    page.client.identify(null)
    page.client.identify('ada')
    answerNow()
    await settled(page)
    expect(api.asked()).toEqual(['PUT /api/sessions/new ada'])
    expect(api.customerOf(page.client.getState().sessionId)).toBe('ada')
  },
)

test('a customer who signed out before anything was sent does not cost the next one the session', async () => {
  const { api, browser } = openShop()
  const { client } = browser.open(
    { fetch: api.fetch, resume: true, eraseOnServer: true },
    { random: Math.random },
  )
  client.start()
  await settled({ client })
  const gates: (() => void)[] = []
  api.fault = ({ method }) =>
    method === 'DELETE'
      ? new Promise<Response>((resolve) => {
          gates.push(() => resolve(new Response(null, { status: 204 })))
        })
      : undefined
  void client.reset()
  client.identify('ada') // PUT with ada waits for the DELETE
  await quiet()
  client.identify(null) // signs out before anything was sent
  await quiet()
  while (gates.length) {
    gates.shift()?.()
    await quiet()
  }
  api.fault = undefined
  await settled({ client })
  const { sessionId } = client.getState()
  client.identify('bob')
  await quiet()
  await settled({ client })
  client.stop()
  expect(client.getState().sessionId).toBe(sessionId)
})

test('an API that does not tell whose session it is holds up nothing else that was accepted', async () => {
  const { api, open } = openShop({ customerId: 'ada' })
  api.fault = ({ method }) => (method === 'GET' ? Response.json({}, { status: 403 }) : undefined)
  const page = open()
  page.client.start()
  page.client.identify('bob')
  await page.client.associate({ visitId: 'v1' })
  await expect.poll(() => page.client.getState().session?.customerId, { timeout: 4_000 }).toBe('bob')
  expect(api.server.sessions.get('stored-1')).toEqual({ customerId: 'ada', visitId: 'v1' })
})

test('a sign-in reaches the other tabs, and none of them signs out for it', async () => {
  const { open } = openShop()
  const [one, two] = [open(), open()]
  for (const { client } of [one, two]) {
    client.start()
    client.identify(null)
    await client.ready()
  }
  one.client.identify('ada')
  await settled(one)
  await expect.poll(() => two.client.getState().session?.customerId).toBe('ada')
  two.client.identify('ada')
  await quiet()
  expect([...one.events(), ...two.events()]).not.toContain('reset')
  expect(two.client.getState().sessionId).toBe(one.client.getState().sessionId)
})

test('on a server nothing happens', async () => {
  const client = createSessionClient({ baseUrl: 'https://shop.example/api' }, undefined)
  expect([client.identify('ada'), client.identify(null)]).toEqual([undefined, undefined])
  expect(client.getState()).toMatchObject({ status: 'pending', sessionId: null, error: null })
})

test('identify() has taken the place of confirming()', () => {
  expect(openShop().open().client).not.toHaveProperty('confirming')
})
