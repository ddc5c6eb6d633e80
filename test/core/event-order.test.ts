import { QueryClient } from '@tanstack/query-core'
import type { SessionClient, SessionEvent } from 'storefront-session/core'
import { expect, test } from 'vitest'
import { openBrowser, quiet } from './support/client-page.ts'
import { openPage } from './support/handling-page.ts'

test('an event is told after the state and storage have changed, and subscribers hear before it', async () => {
  const browser = openBrowser()
  const seen: unknown[] = []
  let listener = 0
  const page = openPage(browser, (event, client) => {
    const { status, sessionId, isAssociating } = client.getState()
    seen.push({
      type: event.type,
      status,
      isCurrent: sessionId === event.sessionId,
      isAssociating,
      isStored: browser.storage.values.get('storefront-session') === event.sessionId,
      waits: client.pendingFields().length,
      isToldBefore: listener > 0,
    })
    listener = 0
  })
  page.client.subscribe(() => listener++)
  page.client.start()
  await page.client.ready()
  await page.client.associate({ visitId: 'v1' })
  const told = { isToldBefore: true, isAssociating: false, waits: 0 }
  expect(seen).toEqual([
    { type: 'created', status: 'ready', isCurrent: true, isStored: true, ...told },
    { type: 'associated', status: 'ready', isCurrent: true, isStored: true, ...told },
  ])
  seen.length = 0
  page.client.forget()
  expect(seen).toEqual([
    { type: 'forgotten', status: 'disabled', isCurrent: false, isStored: false, ...told },
  ])
  expect([...browser.storage.values.keys()]).toEqual([])
})

test('the event reset is told when nothing of the session that was left is there any more', async () => {
  const browser = openBrowser()
  browser.store('session-old', 1_000)
  browser.setFault((call) => (call.startsWith('POST') ? new Promise(() => undefined) : undefined))
  const queryClient = new QueryClient()
  const seen: unknown[] = []
  const page = openPage(
    browser,
    (event, client) => {
      if (event.type !== 'reset') return
      seen.push({
        event,
        sessionId: client.getState().sessionId,
        session: client.getState().session,
        cached: queryClient.getQueryData(client.queryOptions.queryKey),
        stored: browser.storage.values.get('storefront-session'),
        waits: client.pendingFields(),
      })
    },
    { queryClient },
  )
  page.client.start()
  await quiet()
  void page.client.associate({ customerId: 'ada' })
  await quiet()
  void page.client.reset()
  expect(seen).toEqual([
    {
      event: { type: 'reset', sessionId: 'session-old' },
      sessionId: null,
      session: null,
      cached: undefined,
      stored: undefined,
      waits: [],
    },
  ])
})

test('events that belong together are told in the order in which they happened, also where a handler makes new ones', async () => {
  const browser = openBrowser()
  browser.store('session-a', 1_000)
  const told: string[] = []
  const page = openPage(browser, (event, client) => {
    told.push(`${event.type} ${event.sessionId}`)
    if (event.type === 'reset' && event.sessionId === 'session-a') client.forget()
  })
  const observed: string[] = []
  page.client.observe((note) => {
    if ('sessionId' in note) observed.push(`${note.type} ${note.sessionId}`)
  })
  page.client.start()
  await quiet()
  told.length = 0
  observed.length = 0
  // Another tab has signed out and made the next session.
  browser.storage.values.set('storefront-session:at', `othergeneration ${Date.now()} session-b`)
  browser.storage.values.set('storefront-session', 'session-b')
  page.happen('storage', { key: 'storefront-session', newValue: 'session-b' })
  await quiet()
  expect(told).toEqual(['reset session-a', 'adopted session-b', 'forgotten session-b'])
  expect(observed).toEqual(told)
})

test('subscribers see no state in between where another tab left a session and made the next one', async () => {
  const browser = openBrowser()
  browser.store('session-a', 1_000)
  const page = browser.open()
  page.client.start()
  await quiet()
  const states: (string | null)[] = []
  page.client.subscribe(() => states.push(page.client.getState().sessionId))
  browser.storage.values.set('storefront-session:at', `othergeneration ${Date.now()} session-b`)
  browser.storage.values.set('storefront-session', 'session-b')
  page.happen('storage', { key: 'storefront-session', newValue: 'session-b' })
  await quiet()
  expect(new Set(states)).toEqual(new Set(['session-b']))
})

test('a subscriber that changes the session does so after the change of which it hears', async () => {
  const browser = openBrowser()
  const seen: (string | null)[] = []
  const page = browser.open()
  let isLeft = false
  page.client.subscribe(() => {
    const { sessionId } = page.client.getState()
    seen.push(sessionId)
    if (sessionId !== 'session-1' || isLeft) return
    isLeft = true
    void page.client.reset()
  })
  page.client.start()
  await expect.poll(() => page.client.getState().sessionId).toBe('session-2')
  await quiet()
  expect(page.events()).toEqual(['created', 'reset', 'created'])
  expect(browser.storage.values.get('storefront-session')).toBe('session-2')
  expect(browser.asked()).toEqual(['PUT /api/sessions/new', 'PUT /api/sessions/new'])
})

test('a handler may call every method of the client on every event', async () => {
  const methods: ((client: SessionClient) => unknown)[] = [
    (client) => client.start(),
    (client) => client.stop(),
    (client) => client.getState(),
    (client) => client.ready(),
    (client) => client.associate({ visitId: 'v2' }),
    (client) => client.reset(),
    (client) => client.forget(),
    (client) => client.setEnabled(false),
    (client) => client.setEnabled(true),
    (client) => client.fetch('/api/cart'),
    (client) => client.pendingFields(),
  ]
  const types: SessionEvent['type'][] = [
    'created',
    'associated',
    'reset',
    'adopted',
    'lost',
    'restored',
    'forgotten',
  ]
  for (const type of types)
    for (const method of methods) {
      const browser = openBrowser()
      if (type === 'restored') browser.store('session-old', 400_000)
      let calls = 0
      const page = openPage(browser, (event, client) => {
        // Once: an app that resets on each reset has asked for what it gets.
        if (event.type === type && !calls++) Promise.resolve(method(client)).catch(() => undefined)
      })
      const { client } = page
      client.start()
      await client.ready().catch(() => undefined)
      await client.associate({ visitId: 'v1' }).catch(() => undefined)
      browser.setFault((call) =>
        call.startsWith('GET')
          ? Response.json({ description: 'Session not found' }, { status: 404 })
          : undefined,
      )
      client.fetch('/api/cart').catch(() => undefined)
      await quiet()
      browser.setFault(undefined)
      client.reset().catch(() => undefined)
      await quiet()
      client.forget()
      client.setEnabled(true)
      client.start()
      const { sessionId } = await client.ready()
      await expect
        .poll(() => client.getState())
        .toMatchObject({ sessionId, isAssociating: false, error: null })
      expect(browser.storage.values.get('storefront-session')).toBe(sessionId)
      client.stop()
    }
}, 30_000)
