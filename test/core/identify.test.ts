import { QueryClient } from '@tanstack/query-core'
import { createSessionClient, type SessionClientOptions } from 'storefront-session/core'
import { describe, expect, test } from 'vitest'
import { openBrowser, quiet } from './support/client-page.ts'
import { createApi } from './support/remembering-api.ts'

/** A browser and an API that knows this session of this customer, or none. */
function openShop(stored?: { customerId?: string; ageMs?: number }) {
  const browser = openBrowser()
  const api = createApi()
  if (stored) {
    const { customerId, ageMs = 1_000 } = stored
    api.server.sessions.set('stored-1', customerId ? { customerId } : {})
    browser.store('stored-1', ageMs)
  }
  const open = (options: Partial<SessionClientOptions> = {}) => browser.open({ fetch: api.fetch, ...options })
  return { browser, api, open }
}

/** The page has nothing left to do. */
const settled = ({ client }: ReturnType<ReturnType<typeof openShop>['open']>) =>
  expect
    .poll(() => client.getState())
    .toMatchObject({ status: 'ready', isConfirmed: true, isAssociating: false, isValidating: false })

describe('a customer who is named', () => {
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

  test('is the one of a session that the app hands in: nothing is sent', async () => {
    const { api, open } = openShop()
    const page = open({ initialSession: { sessionId: 'given-1', customerId: 'ada' } })
    page.client.start()
    page.client.identify('ada')
    await quiet()
    expect([api.asked(), page.events()]).toEqual([[], []])
  })
})

describe('another customer', () => {
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

  test('F177: while the first request is under way gets a session of his own', async () => {
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

  test('F177: waits while the API can not tell whose session it is, and nothing of him is sent till then', async () => {
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

describe('null', () => {
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

describe('a value that has not changed does nothing', () => {
  test('where another tab has signed out meanwhile', async () => {
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

describe('an error shows in state and events, and is not thrown', () => {
  test('where the id can not be sent', async () => {
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

describe('while the client is disabled a value is remembered', () => {
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

  test('F177: and another customer in that time gets a session of his own', async () => {
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

describe('forget() drops the value', () => {
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

test.each(['clear', 'resetQueries'] as const)(
  'where the app has emptied its cache by %s, another customer gets a session of his own all the same',
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
