import { QueryClient } from '@tanstack/query-core'
import { expect, test } from 'vitest'
import { openBrowser, quiet } from './support/client-page.ts'
import { createStorage } from './support/simple-environment.ts'

// What is left of a session that is left, and who takes notice.

/** An app that shows something of the customer, and can tell whether it was invalidated. */
async function openShop() {
  const queryClient = new QueryClient()
  const cart = { queryKey: ['cart'], queryFn: () => 'lamp', meta: { session: true } }
  await queryClient.prefetchQuery(cart)
  return {
    queryClient,
    isInvalidated: () => queryClient.getQueryState(['cart'])?.isInvalidated,
    refresh: () => queryClient.fetchQuery({ ...cart, staleTime: 0 }),
  }
}

/** Another tab has reset the session; its next one is made, or not yet. */
const resetElsewhere = (browser: ReturnType<typeof openBrowser>, next?: string) => {
  const at = next ? `othergeneration ${Date.now()} ${next}` : 'othergeneration'
  browser.storage.values.set('storefront-session:at', at)
  if (next) browser.storage.values.set('storefront-session', next)
  else browser.storage.values.delete('storefront-session')
}

test.each([
  ['the app resets the session', 'reset'],
  ['another tab resets it', 'elsewhere'],
  ['another tab resets it and makes the next one', 'elsewhere, with the next one'],
  ['the app forgets it and is enabled again', 'forget'],
] as const)(
  'the customer of a stored session who was never learned counts as another one than the next: %s',
  async (_, how) => {
    const browser = openBrowser()
    // Confirmed a moment ago: the server is not asked for it, so that nobody knows its customer.
    browser.store('session-old', 1_000)
    const { queryClient, isInvalidated } = await openShop()
    const { client, happen } = browser.open({ queryClient })
    client.start()
    await client.ready()
    await quiet()
    expect([browser.asked(), isInvalidated()]).toEqual([[], false])
    if (how === 'reset') await client.reset()
    else if (how === 'forget') {
      client.forget()
      client.setEnabled(true)
      await client.ready()
    } else {
      resetElsewhere(browser, how === 'elsewhere' ? undefined : 'session-next')
      happen('storage', { key: 'storefront-session', newValue: null })
      await client.ready()
      // A session made by another tab says nothing of its customer until the server does.
      if (how !== 'elsewhere') await client.associate({ visitId: 'v1' })
    }
    await expect.poll(isInvalidated).toBe(true)
  },
)

test('an anonymous customer who was learned is not another one than the next anonymous one', async () => {
  const browser = openBrowser()
  browser.store('session-old', 400_000)
  const { queryClient, isInvalidated } = await openShop()
  const { client } = browser.open({ queryClient })
  client.start()
  await expect.poll(() => client.getState()).toMatchObject({ isConfirmed: true, isValidating: false })
  expect(browser.asked()).toEqual(['GET /api/sessions/session-old'])
  await client.reset()
  await quiet()
  expect(isInvalidated()).toBe(false)
})

test('reset() writes the new generation before it removes the id', async () => {
  const browser = openBrowser()
  const { client } = browser.open()
  client.start()
  await client.ready()
  const generation = browser.storage.values.get('storefront-session:at')?.split(' ')[0]
  browser.storage.writes.length = 0
  void client.reset()
  const [first = '', second] = browser.storage.writes
  expect(first).toMatch(/^storefront-session:at=[^ ]+$/)
  expect(first).not.toBe(`storefront-session:at=${generation}`)
  expect(second).toBe('storefront-session=')
})

test.each([
  ['resets the session', (client: { reset(): unknown }) => void client.reset(), ['reset', 'adopted']],
  ['forgets the session', (client: { forget(): unknown }) => client.forget(), ['forgotten']],
])(
  'a tab to which each single write of a tab that %s comes late neither asks for the session that is left nor brings it back',
  async (_, leave, events) => {
    const browser = openBrowser()
    const one = browser.open()
    // Another process: it sees what the first one writes one after another, with time to act in between.
    const late = createStorage()
    const two = browser.open({}, { channel: () => undefined, storage: () => late })
    one.client.start()
    const { sessionId } = await one.client.ready()
    for (const [key, value] of browser.storage.values) late.values.set(key, value)
    two.client.start()
    await two.client.ready()
    await quiet()
    two.events()
    browser.asked()
    browser.storage.writes.length = 0
    leave(one.client)
    await expect.poll(() => one.client.getState().isValidating).toBe(false)
    for (const write of browser.storage.writes) {
      const [, key = '', value = ''] = /^(.*?)=(.*)$/.exec(write) ?? []
      if (value) late.values.set(key, value)
      else late.values.delete(key)
      two.happen('storage', { key, newValue: value || null })
      await quiet()
    }
    expect(browser.asked().join()).not.toContain(sessionId)
    expect(two.events()).toEqual(events)
    expect(two.client.getState().sessionId).toBe(one.client.getState().sessionId)
    expect(late.writes.join()).not.toContain(sessionId)
  },
)

test('a tab that looks into storage after each single write of a new session asks the server nothing', async () => {
  const browser = openBrowser()
  const { setItem } = browser.storage
  const one = browser.open()
  one.client.start()
  const two = browser.open({}, { channel: () => undefined })
  browser.storage.setItem = (...args) => {
    setItem(...args)
    two.client.getState()
    if (args[0] !== 'storefront-session:customerId') void two.client.ready()
  }
  await one.client.ready()
  await two.client.ready()
  await quiet()
  expect(browser.asked()).toEqual(['PUT /api/sessions/new'])
})

test('with durable: false an id in memory is not sent for another session that is found after a sleep', async () => {
  const browser = openBrowser()
  browser.setFault((call) => (call.startsWith('POST') ? new Response('', { status: 503 }) : undefined))
  const { client, happen, events } = browser.open({ durable: false })
  client.start()
  await client.ready()
  const associated = client.associate({ customerId: 'ada' })
  const result = associated.then(
    () => 'confirmed',
    ({ code }) => code,
  )
  await quiet()
  expect(client.pendingFields()).toEqual(['customerId'])
  events()
  happen('freeze')
  // The generation is the same: the session was lost and replaced, or storage was cleared and filled again.
  const [generation] = browser.storage.values.get('storefront-session:at')?.split(' ') ?? []
  browser.storage.values.set('storefront-session:at', `${generation} ${Date.now()} session-next`)
  browser.storage.values.set('storefront-session', 'session-next')
  browser.setFault(undefined)
  browser.sent.length = 0
  happen('resume')
  expect(await result).toBe('aborted')
  await client.ready()
  await client.associate({ visitId: 'v1' })
  await quiet()
  expect(events().slice(0, 2)).toEqual(['reset', 'adopted'])
  expect(client.pendingFields()).toEqual([])
  expect(browser.sent.map(({ headers }) => headers.get('gkc_customerId')).filter(Boolean)).toEqual([])
})

test('with durable: false ids are kept in memory, and erased, whatever becomes of a storage that tabs have in common', async () => {
  for (const storage of ['local', 'session', 'memory', createStorage()] as const) {
    const browser = openBrowser()
    browser.setFault((call) => (call.startsWith('POST') ? new Promise(() => undefined) : undefined))
    const { client } = browser.open({ durable: false, storage })
    client.start()
    await client.ready()
    const associated = client.associate({ visitId: 'v1' })
    await quiet()
    void client.reset()
    await expect(associated).rejects.toMatchObject({ code: 'aborted' })
    expect(client.pendingFields()).toEqual([])
    browser.sent.length = 0
    browser.setFault(undefined)
    await client.associate({ customerId: 'ada' })
    expect(client.getState().session).not.toHaveProperty('visitId')
    expect(browser.storage.writes.join()).not.toContain('v1')
  }
})

test('an answer to what was asked before a sleep is not believed: another tab may have signed somebody in', async () => {
  const browser = openBrowser()
  browser.store('session-stored', 600_000)
  const answerOf = (customerId: string) =>
    Response.json({ statusCode: 0, response: { sessionId: 'session-stored', customerId } })
  let answerLate: (response: Response) => void = () => undefined
  const late = new Promise<Response>((resolve) => {
    answerLate = resolve
  })
  browser.setFault(() => late)
  const { client, happen } = browser.open()
  const shown = new Set<string | undefined>()
  client.subscribe(() => shown.add(client.getState().session?.customerId))
  client.start()
  await quiet()
  expect(browser.asked()).toEqual(['GET /api/sessions/session-stored'])
  happen('freeze')
  browser.setFault(() => answerOf('bob'))
  happen('resume')
  answerLate(answerOf('ada'))
  await client.ready()
  await quiet()
  expect(browser.asked()).toEqual(['GET /api/sessions/session-stored'])
  expect(client.getState().session?.customerId).toBe('bob')
  expect(shown).not.toContain('ada')
})

test('a notice of forgetting also ends the session that the other tab had left just before', async () => {
  const statusAfter = async (notice: (id: string) => string) => {
    const browser = openBrowser()
    const { client, happen } = browser.open()
    client.start()
    const { sessionId } = await client.ready()
    happen('storage', { key: 'storefront-session:at', newValue: notice(sessionId) })
    return client.getState().status
  }
  expect(await statusAfter((id) => `forgotten session-after-the-reset ${id}`)).toBe('disabled')
  expect(await statusAfter(() => 'forgotten session-after-the-reset session-before')).toBe('ready')
})

test('a page that slept while the visit was forgotten leaves alone what another page has accepted since', async () => {
  const browser = openBrowser()
  browser.setFault(() => new Promise(() => undefined))
  // Another tab has reset a session, and none has come after it yet.
  browser.storage.values.set('storefront-session:at', 'generation-2')
  const page = browser.open()
  page.client.start()
  page.happen('freeze')
  browser.storage.values.clear()
  browser.storage.values.set('storefront-session:customerId', ' ada')
  page.happen('resume')
  expect(Object.fromEntries(browser.storage.values)).toEqual({ 'storefront-session:customerId': ' ada' })
})

test('a notice of forgetting ends what was accepted for that session, also where this page has gone over to the next one already', async () => {
  const browser = openBrowser()
  const page = browser.open()
  page.client.start()
  const { sessionId } = await page.client.ready()
  browser.setFault(() => new Promise(() => undefined))
  const waits = page.client.associate({ customerId: 'ada' })
  // Another tab resets and forgets, and a third one begins a new session: no trace of that is left in storage.
  browser.storage.values.clear()
  browser.store('session-of-a-third-tab', 0)
  page.happen('storage', { key: 'storefront-session', newValue: null })
  expect(page.events()).toEqual(['created', 'adopted'])
  page.happen('storage', {
    key: 'storefront-session:at',
    newValue: `forgotten session-after-the-reset ${sessionId}@${Date.now()}`,
  })
  await expect(waits).rejects.toMatchObject({ code: 'aborted' })
  expect(page.events()).toEqual(['reset', 'adopted'])
  expect(page.client.getState().session).toEqual({ sessionId: 'session-of-a-third-tab' })
})

test('a notice of forgetting also ends a session that this page asked for before it could know, in every tab', async () => {
  const statusAfter = async (sinceMs: number) => {
    const browser = openBrowser()
    const { client, happen } = browser.open()
    client.start()
    const { sessionId } = await client.ready()
    const notice = `forgotten session-of-another-tab @${Date.now() + sinceMs}`
    happen('storage', { key: 'storefront-session:at', newValue: notice })
    return [client.getState().status, browser.told.join().includes(`forgotten ${sessionId} `)]
  }
  expect(await statusAfter(1)).toEqual(['disabled', true])
  // That one is late: this page has a new consent since.
  expect(await statusAfter(-60_000)).toEqual(['ready', false])
})

test.each(['server', 'client'] as const)(
  'a notice of forgetting also ends the session with which this page has gone on at a sign-in, in every tab: create %s',
  async (create) => {
    const browser = openBrowser()
    const { client, happen } = browser.open({ rotate: 'on-sign-in', create })
    client.start()
    const before = await client.ready()
    const after = await client.associate({ customerId: 'ada' })
    expect(after.sessionId).not.toBe(before.sessionId)
    const newValue = `forgotten ${before.sessionId} @${Date.now() - 60_000}`
    happen('storage', { key: 'storefront-session:at', newValue })
    expect(client.getState().status).toBe('disabled')
    expect(browser.told.join()).toContain(`forgotten ${after.sessionId} `)
  },
)

test('a page that goes sends nothing if its app withdraws consent when it hears of another tab’s session', async () => {
  const browser = openBrowser()
  browser.setFault((call) => (call.startsWith('POST') ? new Promise(() => undefined) : undefined))
  const { client, happen } = browser.open({
    onEvent: ({ type }) => type === 'adopted' && client.setEnabled(false),
  })
  client.start()
  await client.ready()
  void client.associate({ visitId: 'v1' })
  await quiet()
  browser.sent.length = 0
  browser.store('session-of-another-tab', 0)
  happen('pagehide')
  await quiet()
  expect([client.getState().status, browser.asked()]).toEqual(['disabled', []])
})
