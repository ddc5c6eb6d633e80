import { QueryClient } from '@tanstack/query-core'
import { createSessionClient, type SessionClient } from 'storefront-session/core'
import { describe, expect, test, vi } from 'vitest'
import type { Environment } from '../../src/core/environment.ts'
import { openBrowser, quiet } from './support/client-page.ts'
import { createStorage } from './support/simple-environment.ts'

const CREATED = 'PUT /api/sessions/new'

describe('a page', () => {
  test('does nothing before it is started or asked', async () => {
    const { open, asked, storage, openTabs } = openBrowser()
    const { client, listeners } = open()
    await quiet()
    expect([asked(), storage.writes, openTabs(), listeners.size]).toEqual([[], [], 0, 0])
    expect(client.getState()).toMatchObject({ status: 'pending', sessionId: null })
  })

  test('restores what is stored, says so once, and asks nothing while that is fresh', async () => {
    const browser = openBrowser()
    const first = browser.open()
    first.client.start()
    await first.client.ready()
    expect(browser.asked()).toEqual([CREATED])
    const { client, events } = browser.open()
    expect(client.getState()).toMatchObject({ status: 'ready', sessionId: 'session-1' })
    client.start()
    client.start()
    await quiet()
    expect([browser.asked(), events(), first.events()]).toEqual([[], ['restored'], ['created']])
  })

  test.each([
    ['stale', undefined, 300_000],
    ['stale by a setting', 1_000, 1_000],
  ])('asks for what is stored where it is %s', async (_, ageMs, revalidateMs) => {
    const browser = openBrowser()
    browser.store('stored-1', ageMs)
    const { client } = browser.open({ revalidateMs })
    client.start()
    await quiet()
    expect(browser.asked()).toEqual(['GET /api/sessions/stored-1'])
  })

  test.each([
    ['nothing while that is fresh', 299_000, []],
    ['once where it is stale', 300_000, ['GET /api/sessions/stored-1']],
    ['once where the clock was wrong', -60_000, ['GET /api/sessions/stored-1']],
  ])('that is asked for what is stored before it is started asks %s', async (_, ageMs, calls) => {
    const browser = openBrowser()
    browser.store('stored-1', ageMs)
    await expect(browser.open().client.ready()).resolves.toEqual({ sessionId: 'stored-1' })
    expect(browser.asked()).toEqual(calls)
  })

  test('whose shop says that the session is lost asks first, where it has not seen it alive', async () => {
    const browser = openBrowser()
    browser.store('stored-1', 0)
    const { client } = browser.open()
    client.start()
    browser.setFault((call) =>
      call === 'GET /api/orders'
        ? Response.json({ statusCode: 6, description: 'Session not found' }, { status: 404 })
        : undefined,
    )
    await client.fetch('/api/orders')
    expect(browser.asked().slice(0, 2)).toEqual(['GET /api/orders', 'GET /api/sessions/stored-1'])
  })

  test('shows while it asks', async () => {
    const browser = openBrowser()
    let answer = (): void => undefined
    browser.setFault(
      () =>
        new Promise((resolve) => {
          answer = () => resolve(Response.json({ sessionId: 'session-1' }))
        }),
    )
    const { client } = browser.open()
    client.start()
    expect(client.getState().isValidating).toBe(true)
    await vi.waitFor(() => expect(browser.sent).toHaveLength(1))
    answer()
    await client.ready()
    expect(client.getState().isValidating).toBe(false)
  })

  test('has what is stored in the cache of the app as soon as it is started, and before that nothing', async () => {
    for (const stored of ['stored-1', undefined]) {
      const browser = openBrowser()
      if (stored) browser.store(stored, 0)
      const queryClient = new QueryClient()
      const { client } = browser.open({ queryClient })
      const data = () => queryClient.getQueryData(client.queryOptions.queryKey)
      expect(data()).toBeUndefined()
      client.start()
      expect(data()).toEqual(stored && { sessionId: stored })
    }
  })

  test('does not take what the cache of the app says for what the server has confirmed', async () => {
    const browser = openBrowser()
    browser.store('stored-1', 0)
    const queryClient = new QueryClient()
    const { client } = browser.open({ queryClient })
    // An app that keeps its cache from visit to visit.
    const { queryKey } = client.queryOptions
    queryClient.setQueryData(queryKey, { sessionId: 'stored-1', customerId: 'ada' })
    client.start()
    await client.associate({ customerId: 'ada' })
    expect(browser.asked()).toEqual(['POST /api/sessions/stored-1'])
    queryClient.setQueryData(queryKey, { sessionId: 'another-1', customerId: 'eve' })
    expect(await client.ready()).toEqual({ sessionId: 'stored-1' })
  })

  test('does not write an id again that storage has lost, until the server confirms it', async () => {
    const browser = openBrowser()
    browser.store('stored-1', 0)
    const { client, happen } = browser.open()
    client.start()
    browser.storage.values.clear()
    happen('storage', { key: null, newValue: null })
    expect(browser.storage.values.get('storefront-session')).toBeUndefined()
    await quiet()
    expect([browser.asked(), browser.storage.values.get('storefront-session')]).toEqual([
      ['GET /api/sessions/stored-1'],
      'stored-1',
    ])
  })

  test('F186: whose storage was emptied before it was started counts that as forgotten', async () => {
    const browser = openBrowser()
    browser.store('stored-1', 0)
    const { client, events } = browser.open()
    browser.storage.values.clear()
    client.start()
    await quiet()
    expect([client.getState().status, browser.asked(), events()]).toEqual(['disabled', [], ['forgotten']])
    client.setEnabled(true)
    expect((await client.ready()).sessionId).toBe('session-1')
  })

  test('whose app cancels its queries gets its session all the same', async () => {
    const browser = openBrowser()
    const answers: ((response: Response) => void)[] = []
    browser.setFault(() => new Promise((resolve) => answers.push(resolve)))
    const queryClient = new QueryClient()
    const { client } = browser.open({ queryClient })
    const ready = client.ready()
    await quiet()
    await queryClient.cancelQueries()
    await quiet()
    for (const answer of answers) answer(Response.json({ sessionId: 'session-1' }))
    expect(await ready).toMatchObject({ sessionId: 'session-1' })
  })

  test('that fails to make a session is content with the one that another tab has made meanwhile', async () => {
    const browser = openBrowser()
    const { client, hear } = browser.open({ retry: 0 })
    client.start()
    browser.setFault(() => {
      browser.store('another-1', 0)
      hear('follow')
      return new Response('', { status: 500 })
    })
    expect(await client.ready()).toEqual({ sessionId: 'another-1' })
    client.stop()
  })

  test('keeps nothing of what waits where that shall not outlive it', async () => {
    const browser = openBrowser()
    browser.setFault(() => new Response('', { status: 503 }))
    const { client } = browser.open({ durable: false })
    client.associate({ visitId: 'v1' })
    await quiet()
    expect([client.pendingFields(), browser.storage.values.has('storefront-session:visitId')]).toEqual([
      ['visitId'],
      false,
    ])
    client.stop()
  })

  test('waits a moment before it makes a session, where another tab held the lock until now', async () => {
    const browser = openBrowser()
    const waits: number[] = []
    const { client } = browser.open(
      {},
      {
        // Held by another tab when it is asked for, and given away then.
        locks: () => ({ request: (_, { ifAvailable }, callback) => callback(ifAvailable ? null : 'lock') }),
        setTimeout: (callback, ms) => {
          waits.push(ms)
          return setTimeout(callback, ms === 200 ? 5 : ms)
        },
      },
    )
    await client.ready()
    expect(waits.filter((ms) => ms === 200)).toHaveLength(3)
  })

  test('stopped, hears nothing; started again, follows what happened meanwhile', async () => {
    const browser = openBrowser()
    const { client, listeners, events } = browser.open()
    client.start()
    await client.ready()
    client.stop()
    expect([listeners.size, browser.openTabs()]).toEqual([0, 0])
    browser.storage.values.set('storefront-session', 'another-1')
    await quiet()
    expect(events()).toEqual(['created'])
    // It hears nothing, and yet it shows no session that another tab has left.
    expect(client.getState().sessionId).toBe('another-1')
    client.start()
    expect(client.getState().sessionId).toBe('another-1')
    expect([listeners.size > 5, browser.openTabs(), events()]).toEqual([true, 1, ['reset', 'adopted']])
  })

  test('stopped and started at once, as under StrictMode, goes on with the request that is under way', async () => {
    const browser = openBrowser()
    const { client } = browser.open()
    client.start()
    client.stop()
    client.start()
    await client.ready()
    expect(browser.asked()).toEqual([CREATED])
  })

  test('whose app clears its cache asks for the session again, unless it is stopped or disabled by then', async () => {
    for (const [end, expected] of [
      ['none', 1],
      ['stop', 0],
      ['disable', 0],
    ] as const) {
      const browser = openBrowser()
      const queryClient = new QueryClient()
      const { client } = browser.open({ queryClient, revalidateMs: 0 })
      client.start()
      await client.ready()
      await quiet()
      browser.asked()
      queryClient.clear()
      if (end === 'stop') client.stop()
      if (end === 'disable') client.setEnabled(false)
      await quiet()
      expect([
        browser.asked().length,
        queryClient.getQueryCache().getAll().length,
        client.getState().sessionId,
      ]).toEqual([expected, expected, end === 'disable' ? null : 'session-1'])
    }
  })

  test('is in the cache of the app under its key', async () => {
    const browser = openBrowser()
    const queryClient = new QueryClient()
    const { client } = browser.open({ queryClient, tenantId: 'shop', storageKey: 'key' })
    await client.ready()
    expect(queryClient.getQueryData(['storefront-session', 'key', '/api', 'shop'])).toEqual({
      sessionId: 'session-1',
    })
    const other = new QueryClient()
    await browser.open({ queryClient: other }).client.ready()
    expect(other.getQueryCache().getAll()[0]?.queryKey).toEqual([
      'storefront-session',
      'storefront-session',
      '/api',
      '',
    ])
  })

  test('sends what is pending when it goes away, and lets go of its channel', async () => {
    const browser = openBrowser()
    const { client, happen } = browser.open()
    client.start()
    await client.ready()
    browser.asked()
    void client.associate({ customerId: 'ada' })
    happen('pagehide')
    expect(browser.sent).toMatchObject([{ call: 'POST /api/sessions/session-1', keepalive: true }])
    expect(browser.sent[0]?.headers.get('gkc_customerId')).toBe('ada')
    expect(browser.openTabs()).toBe(0)
    happen('pageshow', { persisted: true })
    expect(browser.openTabs()).toBe(1)
  })

  test.each([
    ['emptied: it is forgotten', (values: Map<string, string>) => values.clear(), 'disabled', ['forgotten']],
    [
      'with another session: the one before is left',
      (values: Map<string, string>) => values.set('storefront-session', 'another-1'),
      'ready',
      ['reset', 'adopted'],
    ],
    ['as it was: it goes on', () => undefined, 'ready', []],
    [
      'with the id alone: it goes on',
      (values: Map<string, string>) => values.delete('storefront-session:at'),
      'ready',
      [],
    ],
    [
      'with a reset under way: that is followed',
      (values: Map<string, string>) => {
        values.delete('storefront-session')
        values.set('storefront-session:at', 'generation')
      },
      'pending',
      ['reset'],
    ],
  ])('that comes back from a sleep to a storage that is %s', async (_, change, status, said) => {
    const browser = openBrowser()
    const { client, happen, events } = browser.open()
    client.start()
    await client.ready()
    events()
    happen('freeze')
    change(browser.storage.values)
    happen('resume')
    expect([client.getState().status, events()]).toEqual([status, said])
  })

  test('says once that storage is refused, and not where memory was asked for', async () => {
    for (const [storage, said] of [
      ['local', ['storage-unavailable', 'created']],
      ['memory', ['created']],
    ] as const) {
      const browser = openBrowser()
      browser.storage.fault = 'throws'
      const { client, events } = browser.open({ storage })
      client.start()
      await client.ready()
      await client.associate({ visitId: 'v1' })
      expect(new Set(events())).toEqual(new Set([...said, 'associated']))
      expect(client.getState().persistence).toBe('memory')
    }
  })
})

describe('two tabs', () => {
  async function openTwo(options = {}, partsOfTab: () => Partial<Environment> = () => ({})) {
    const browser = openBrowser()
    const [one, two] = [browser.open(options, partsOfTab()), browser.open(options, partsOfTab())] as const
    for (const { client } of [one, two]) client.start()
    await one.client.ready()
    await two.client.ready()
    await quiet()
    for (const { events } of [one, two]) events()
    browser.asked()
    return { browser, one, two }
  }

  test('follow a reset, a forgetting, and what the server confirmed to one of them', async () => {
    const { browser, one, two } = await openTwo()
    await one.client.associate({ customerId: 'ada' })
    await quiet()
    expect(two.client.getState()).toMatchObject({ isAssociating: false, session: { customerId: 'ada' } })
    expect(browser.asked()).toEqual(['POST /api/sessions/session-1'])
    const { sessionId } = await one.client.reset()
    await quiet()
    expect([two.client.getState().sessionId, two.events()]).toEqual([sessionId, ['reset', 'adopted']])
    expect(browser.asked()).toEqual([CREATED])
    browser.told.length = 0
    one.client.forget()
    await quiet()
    expect([two.client.getState().status, two.events()]).toEqual(['disabled', ['forgotten']])
    expect([browser.storage.values.size, browser.asked(), browser.told]).toEqual([
      0,
      [],
      [expect.stringMatching(`^forgotten ${sessionId} \\S*@\\d+$`)],
    ])
  })

  test.each(['memory', 'session'] as const)(
    'without a storage in common leave and forget together all the same: %s',
    async (storage) => {
      const { browser, one, two } = await openTwo({ storage }, () => {
        const ofTab = createStorage()
        return { storage: () => ofTab }
      })
      const before = two.client.getState().sessionId
      browser.setFault((call) => (call.startsWith('POST') ? new Promise(() => undefined) : undefined))
      const waits = two.client.associate({ visitId: 'v1' })
      await one.client.reset()
      await expect(waits).rejects.toThrow('The session was left in another tab')
      await quiet()
      two.events()
      await one.client.reset()
      await quiet()
      expect(two.client.getState().sessionId).not.toBe(before)
      expect(two.events()).toEqual(['reset', 'created'])
      one.client.forget()
      await quiet()
      expect([two.client.getState().status, two.events()]).toEqual(['disabled', ['forgotten']])
    },
  )

  test('of one page leave its session storage once', async () => {
    const { browser, one, two } = await openTwo({ storage: 'session' })
    const { sessionId } = await one.client.reset()
    await quiet()
    expect([two.client.getState().sessionId, two.events()]).toEqual([sessionId, ['reset', 'adopted']])
    expect(browser.asked()).toEqual([CREATED])
  })

  test('with a storage in common do not leave the session that the other has just begun', async () => {
    const { two } = await openTwo()
    two.hear('follow')
    await quiet()
    expect([two.client.getState().sessionId, two.events()]).toEqual(['session-1', []])
  })

  test.each([
    ['disabled', (client: SessionClient, isOn: boolean) => client.setEnabled(isOn)],
    ['stopped', (client: SessionClient, isOn: boolean) => (isOn ? client.start() : client.stop())],
    [
      'stopped and only asked',
      (client: SessionClient, isOn: boolean) => void (isOn ? client.ready() : client.stop()),
    ],
  ])('of which one is %s while the other signs out: the customer does not follow', async (_, turn) => {
    const { browser, one, two } = await openTwo({ revalidateMs: 0 })
    await two.client.associate({ customerId: 'ada' })
    turn(two.client, false)
    await quiet()
    const { sessionId } = await one.client.reset()
    two.events()
    browser.sent.splice(0)
    turn(two.client, true)
    await two.client.ready()
    await quiet()
    expect([two.client.getState().session, two.events()]).toEqual([{ sessionId }, ['reset', 'adopted']])
    expect(browser.sent.map(({ call, headers }) => [call, headers.get('gkc_customerId')])).not.toContainEqual(
      expect.arrayContaining(['ada']),
    )
  })

  test('of which one is disabled while the other forgets: enabled again, it begins anew', async () => {
    const { browser, one, two } = await openTwo()
    const forgotten = two.client.getState().sessionId
    two.client.setEnabled(false)
    one.client.forget()
    await quiet()
    two.client.setEnabled(true)
    expect((await two.client.ready()).sessionId).not.toBe(forgotten)
    expect(browser.asked()).toEqual([CREATED])
  })

  test('of which one is disabled: it hears nothing, and tells nobody that it forgets', async () => {
    const { one, two } = await openTwo()
    two.client.setEnabled(false)
    await one.client.reset()
    await quiet()
    expect([two.client.getState().status, two.events()]).toEqual(['disabled', []])
    two.client.forget()
    await quiet()
    expect(one.client.getState().status).not.toBe('disabled')
  })
})

test.each([
  ['reset', 'The session was reset'],
  ['forget', 'The session was forgotten'],
] as const)('what waits when the session ends by %s hears the reason: %s', async (end, reason) => {
  const browser = openBrowser()
  browser.setFault(() => new Promise(() => undefined))
  const { client } = browser.open()
  const waits = client.associate({ visitId: 'v1' })
  void client[end]()
  await expect(waits).rejects.toMatchObject({ code: 'aborted', message: reason })
})

describe('consent', () => {
  test('given, taken and given again keeps what is stored', async () => {
    const browser = openBrowser()
    const { client, listeners } = browser.open({ enabled: false })
    client.start()
    await expect(client.ready()).rejects.toMatchObject({
      code: 'disabled',
      message: 'The session client is disabled (no consent): call setEnabled(true) or pass enabled first',
    })
    expect(listeners.size).toBe(0)
    client.setEnabled(true)
    const { sessionId } = await client.ready()
    client.setEnabled(true)
    client.setEnabled(false)
    expect([
      client.getState().status,
      listeners.size,
      browser.storage.values.get('storefront-session'),
    ]).toEqual(['disabled', 0, sessionId])
    browser.asked()
    client.setEnabled(true)
    expect(client.getState()).toMatchObject({ status: 'ready', sessionId })
  })

  test('that comes late leaves the requests of the shop as long to wait for a session as they had before', async () => {
    const browser = openBrowser()
    let answer: (response: Response) => void = () => undefined
    browser.setFault((call) => (call === CREATED ? new Promise((resolve) => (answer = resolve)) : undefined))
    const { client } = browser.open({ enabled: false, attach: { waitMs: 100 } })
    client.start()
    await client.fetch('/api/cart')
    await new Promise((resolve) => setTimeout(resolve, 120))
    client.setEnabled(true)
    const attached: unknown[] = []
    client.observe((note) => note.type === 'attached' && attached.push(note.sessionId))
    const fetched = client.fetch('/api/cart')
    await quiet()
    answer(Response.json({ sessionId: 'session-1' }))
    await fetched
    expect(attached).toEqual(['session-1'])
  })

  test('given for the first time restores what is stored', () => {
    const browser = openBrowser()
    browser.store('stored-1', 0)
    const { client, events } = browser.open({ enabled: false })
    client.start()
    client.setEnabled(true)
    expect([client.getState().sessionId, events()]).toEqual(['stored-1', ['restored']])
  })

  test('given twice is listened for once', () => {
    let listeners = 0
    const listen = () => {
      listeners++
      return () => listeners--
    }
    const { client } = openBrowser().open({ enabled: false }, { listen })
    client.start()
    client.setEnabled(true)
    client.setEnabled(true)
    client.setEnabled(false)
    expect(listeners).toBe(0)
  })
})

describe('a session that the app hands in', () => {
  test('is the session, over what is stored, and is not asked for', async () => {
    const browser = openBrowser()
    browser.store('stored-1')
    const { client, events } = browser.open({ initialSession: { sessionId: 'given-1', visitId: 'v1' } })
    expect(client.getState().session).toEqual({ sessionId: 'given-1', visitId: 'v1' })
    expect(client.getServerState()).toMatchObject({ status: 'ready', sessionId: 'given-1' })
    client.start()
    await quiet()
    expect([browser.asked(), browser.storage.values.get('storefront-session'), events()]).toEqual([
      [],
      'given-1',
      [],
    ])
    expect(await client.ready()).toMatchObject({ sessionId: 'given-1', visitId: 'v1' })
  })

  test('is not given to a customer of whom an earlier visit has left word for another session', async () => {
    const browser = openBrowser()
    browser.store('stored-1')
    browser.storage.values.set('storefront-session:customerId', ' ada')
    const { client, events } = browser.open({ initialSession: { sessionId: 'given-1', customerId: 'bob' } })
    client.start()
    await quiet()
    expect(client.getState().session).toEqual({ sessionId: 'given-1', customerId: 'bob' })
    expect([browser.asked(), events(), client.pendingFields()]).toEqual([[], ['reset'], []])
    expect(browser.storage.values.has('storefront-session:customerId')).toBe(false)
  })

  test.each([undefined, 'ada'])(
    'gets what an earlier visit has left to be sent, if it is %s’s',
    async (customerId) => {
      const browser = openBrowser()
      browser.store('stored-1')
      browser.storage.values.set('storefront-session:customerId', ' ada')
      const { client } = browser.open({ initialSession: { sessionId: 'given-1', customerId } })
      client.start()
      await quiet()
      expect(client.getState().session).toEqual({ sessionId: 'given-1', customerId: 'ada' })
    },
  )

  test('is what a server renders, and nothing else happens there', async () => {
    const options = { baseUrl: 'https://shop.example/api', fetch: async () => new Response('fine') }
    const given = createSessionClient({ ...options, initialSession: { sessionId: 'given-1' } }, undefined)
    expect(await given.ready()).toEqual({ sessionId: 'given-1' })
    const none = createSessionClient(options, undefined)
    await expect(none.ready()).rejects.toMatchObject({ code: 'disabled' })
    await expect(none.associate({ visitId: 'v1' })).rejects.toMatchObject({ code: 'disabled' })
    for (const client of [given, none]) {
      client.start()
      client.setEnabled(false)
      client.forget()
      client.identify('ada')
      expect(await (await client.fetch('https://shop.example/api/help')).text()).toBe('fine')
      client.stop()
    }
    expect([given.getState().status, none.getState().status]).toEqual(['ready', 'pending'])
  })
})

describe('an id that the browser chooses', () => {
  test('is there at once, stored when the page is started, and brought to the server once', async () => {
    const browser = openBrowser()
    const { client, events } = browser.open({ create: 'client' })
    const { sessionId } = client.getState()
    expect([sessionId, browser.storage.values.size]).toEqual(['uuid-1', 0])
    client.start()
    expect(browser.storage.values.get('storefront-session')).toBe(sessionId)
    await client.ready()
    expect([browser.asked(), events()]).toEqual([[`POST /api/sessions/${sessionId}`], ['created']])
    expect(await client.reset()).toEqual({ sessionId: 'uuid-2' })
  })

  test('is not chosen where one is stored', async () => {
    const browser = openBrowser()
    browser.store('stored-1', 0)
    const { client } = browser.open({ create: 'client' })
    client.start()
    await quiet()
    expect([client.getState().sessionId, browser.asked()]).toEqual(['stored-1', []])
    expect(browser.storage.values.get('storefront-session:at')).toMatch(/^ [1-9]\d+ stored-1$/)
  })
})

describe('whose session this is', () => {
  test('is asked of the server once before somebody is signed in, where only storage says', async () => {
    const browser = openBrowser()
    browser.store('stored-1', 0)
    const { client } = browser.open()
    client.start()
    client.identify('ada')
    await vi.waitFor(() =>
      expect(client.getState()).toMatchObject({ isConfirmed: true, isAssociating: false }),
    )
    client.identify('ada')
    await quiet()
    expect(browser.asked()).toEqual(['GET /api/sessions/stored-1', 'POST /api/sessions/stored-1'])
  })

  test('does not matter any more where the session is left, or the client stopped', async () => {
    for (const end of ['reset', 'stop', 'forget'] as const) {
      const browser = openBrowser()
      browser.store('stored-1')
      const answers: ((response: Response) => void)[] = []
      browser.setFault((call) =>
        call.startsWith('GET') ? new Promise((resolve) => answers.push(resolve)) : undefined,
      )
      const { client } = browser.open()
      client.start()
      client.identify('ada')
      await vi.waitFor(() => expect(answers).toHaveLength(1))
      void client[end]()
      for (const answer of answers) answer(Response.json({ sessionId: 'stored-1' }))
      await quiet()
      expect(client.getState().session?.customerId).toBeUndefined()
    }
  })
})

test('what waits is told by its fields alone', async () => {
  const browser = openBrowser()
  const { client } = browser.open()
  expect(client.pendingFields()).toEqual([])
  const associated = client.associate({ customerId: 'ada', visitId: 'v1' })
  expect(client.pendingFields()).toEqual(['customerId', 'visitId'])
  await associated
  expect(client.pendingFields()).toEqual([])
})

test('what can not be sent is told, and nothing of it is kept', async () => {
  const browser = openBrowser()
  const { client, events } = browser.open()
  await expect(client.associate({ customerId: 'ada lovelace', visitId: 'v1' })).rejects.toMatchObject({
    code: 'invalid-input',
  })
  expect([events(), client.pendingFields(), browser.storage.writes]).toEqual([['association-failed'], [], []])
})

test('a session that the server confirms without news is told to no other tab', async () => {
  const browser = openBrowser()
  const page = browser.open()
  page.client.start()
  await page.client.ready()
  browser.told.length = 0
  const { queryFn } = page.client.queryOptions
  await queryFn()
  expect(browser.asked()).toContain('GET /api/sessions/session-1')
  expect(browser.told).toEqual([])
})
