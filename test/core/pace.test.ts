import { MutationCache, QueryCache, QueryClient } from '@tanstack/query-core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { mostWithin, PACE } from '../support/pace.ts'
import { catchUncaught } from '../support/uncaught.ts'
import { openBrowser } from './support/client-page.ts'
import { createCulprit, PLACES } from './support/culprits.ts'

// Nothing of ours repeats without a pause, whoever fails: the app's code included. The clock is the test's.

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const down = () => Response.json({ description: 'down' }, { status: 503 })
/** The longest pause of the back-off, and a request that is given up at its end. */
const HEALED_MS = 75_000

/** A tab, and when it asked the session API. */
function openTab(browser: ReturnType<typeof openBrowser>, options: Parameters<typeof browser.open>[0] = {}) {
  const requests: number[] = []
  const { fetch = browser.fetch } = options
  const page = browser.open({
    ...options,
    fetch: (input, init) => {
      if (String(input).includes('/sessions/')) requests.push(Date.now())
      return fetch(input, init)
    },
  })
  return { ...page, requests, most: () => mostWithin(requests, PACE.withinMs) }
}

const SITUATIONS = {
  'on a first visit': {},
  'where a session is restored': { stored: 'session-old' },
  'while the API is down': { isDown: true },
  'where a session is restored while the API is down': { stored: 'session-old', isDown: true },
} satisfies Record<string, { stored?: string; isDown?: boolean }>

const cases = PLACES.flatMap((place) =>
  place.ways.flatMap((how) =>
    Object.entries(SITUATIONS).map(
      ([when, situation]) =>
        [place.name, how, when, place, { stored: undefined, isDown: false, ...situation }] as const,
    ),
  ),
)

test.each(cases)(
  'F179: while %s %s %s, requests keep the pace of the back-off, and the session recovers afterwards',
  async (name, how, _, { options, use }, situation) => {
    catchUncaught()
    const browser = openBrowser()
    if (situation.stored) browser.store(situation.stored)
    if (situation.isDown) browser.setFault(down)
    // An error of the app may be anything.
    const culprit = createCulprit(how, name.length % 2 ? new Error('of the app') : undefined)
    const { client, requests, most } = openTab(browser, options(culprit, browser.fetch))
    use?.(culprit, client)
    client.start()
    client.ready().catch(() => undefined)
    void client.associate({ customerId: 'ada' })
    const fetched = client.fetch('/api/cart').catch(() => undefined)
    await vi.advanceTimersByTimeAsync(60_000)
    void client.associate({ visitId: 'v1' })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(most()).toBeLessThanOrEqual(PACE.requests)
    // Storage is read and written, and subscribers and cache listeners are called, several times for each request.
    expect(mostWithin(culprit.calls, PACE.withinMs)).toBeLessThan(/storage/.test(name) ? 400 : 100)
    // The storefront's request has its answer, or the failure of the app's own fetch.
    if (!/never settles/.test(how) || !/fetch of the app|body/.test(name)) await fetched

    browser.setFault(undefined)
    culprit.behave()
    await vi.advanceTimersByTimeAsync(HEALED_MS)
    expect(client.getState()).toMatchObject({
      status: 'ready',
      error: null,
      isAssociating: false,
      isValidating: false,
      session: { customerId: 'ada', visitId: 'v1' },
    })
    // All is quiet then.
    requests.length = 0
    await vi.advanceTimersByTimeAsync(HEALED_MS)
    expect(requests).toEqual([])
    client.stop()
  },
)

const HARMLESS = /onEvent|subscriber|observer|isLost|onSuccess|onSettled|MutationCache/
test.each(cases.filter(([name, , , , { isDown }]) => HARMLESS.test(name) && !isDown))(
  'F179: that %s %s %s keeps neither the session nor an associated id from the server',
  async (_, how, __, { options, use }, situation) => {
    catchUncaught()
    const browser = openBrowser()
    if (situation.stored) browser.store(situation.stored)
    const culprit = createCulprit(how, new Error('of the app'))
    const { client } = openTab(browser, options(culprit, browser.fetch))
    use?.(culprit, client)
    client.start()
    void client.associate({ customerId: 'ada' })
    await vi.advanceTimersByTimeAsync(30_000)
    void client.associate({ visitId: 'v1' })
    // A callback that does not settle is given timeoutMs.
    await vi.advanceTimersByTimeAsync(30_000)
    expect(client.getState()).toMatchObject({
      status: 'ready',
      isAssociating: false,
      session: { customerId: 'ada', visitId: 'v1' },
    })
    client.stop()
  },
)

test('headers() that never settle fail that call as timeout, and the call is tried again', async () => {
  const browser = openBrowser()
  const culprit = createCulprit('never settles', undefined)
  const { client } = openTab(browser, { headers: () => culprit.act(() => ({})), timeoutMs: 1_000, retry: 0 })
  client.start()
  const failure = client.ready().catch((error) => error)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await failure).toMatchObject({ code: 'timeout' })
  expect(browser.asked()).toEqual([])
  culprit.behave()
  await vi.advanceTimersByTimeAsync(2_000)
  expect([client.getState().status, browser.asked()]).toEqual(['ready', ['PUT /api/sessions/new']])
})

test('attach.isLost that never settles holds an answer up for waitMs', async () => {
  const browser = openBrowser()
  browser.store('session-1', 1_000)
  const { client } = openTab(browser, {
    attach: { isLost: () => new Promise<boolean>(() => undefined), waitMs: 500 },
  })
  client.start()
  let isThere = false
  void client.fetch('/api/cart').then(() => {
    isThere = true
  })
  await vi.advanceTimersByTimeAsync(490)
  expect(isThere).toBe(false)
  await vi.advanceTimersByTimeAsync(20)
  expect(isThere).toBe(true)
})

test.each(['onError', 'onSettled'] as const)(
  'F190: the QueryCache’s %s hears of one outage once, and of the next one again',
  async (name) => {
    const browser = openBrowser()
    const heard: number[] = []
    const queryCache = new QueryCache({
      [name]: (...args: unknown[]) => {
        if (args.some((arg) => arg instanceof Error)) heard.push(Date.now())
      },
    })
    browser.setFault(down)
    const { client, requests } = openTab(browser, { queryClient: new QueryClient({ queryCache }) })
    client.start()
    client.ready().catch(() => undefined)
    await vi.advanceTimersByTimeAsync(300_000)
    expect(requests.length).toBeGreaterThan(5)
    expect(heard).toHaveLength(1)
    // Whatever begins in the outage is a part of it.
    void client.associate({ visitId: 'v1' })
    client.ready().catch(() => undefined)
    await vi.advanceTimersByTimeAsync(120_000)
    expect(heard).toHaveLength(1)
    browser.setFault(undefined)
    await vi.advanceTimersByTimeAsync(HEALED_MS)
    expect(client.getState()).toMatchObject({ status: 'ready', error: null })
    browser.setFault(down)
    void client.reset()
    await vi.advanceTimersByTimeAsync(300_000)
    expect(heard).toHaveLength(2)
  },
)

test.each(['onError', 'onSettled'] as const)(
  'F190: the MutationCache’s %s hears of one outage once at most',
  async (name) => {
    const browser = openBrowser()
    const heard: number[] = []
    const mutationCache = new MutationCache({
      [name]: (...args: unknown[]) => {
        if (args.some((arg) => arg instanceof Error)) heard.push(Date.now())
      },
    })
    const { client } = openTab(browser, { queryClient: new QueryClient({ mutationCache }) })
    client.start()
    await vi.advanceTimersByTimeAsync(1_000)
    browser.setFault(down)
    void client.associate({ customerId: 'ada' })
    await vi.advanceTimersByTimeAsync(120_000)
    void client.associate({ visitId: 'v1' })
    await vi.advanceTimersByTimeAsync(120_000)
    expect(heard.length).toBeLessThanOrEqual(1)
    expect(client.getState()).toMatchObject({ isAssociating: true, error: { code: 'http' } })
  },
)

test('F191: where something removes what is stored every second, each tab keeps the pace, and the tabs agree afterwards', async () => {
  const browser = openBrowser()
  const tabs = [openTab(browser), openTab(browser)] as const
  for (const { client } of tabs) client.start()
  await vi.advanceTimersByTimeAsync(1_000)
  for (let second = 0; second < 60; second++) {
    browser.storage.values.clear()
    for (const { happen } of tabs) happen('storage', { key: null, newValue: null })
    await vi.advanceTimersByTimeAsync(1_000)
  }
  for (const { most } of tabs) expect(most()).toBeLessThanOrEqual(PACE.requests)
  await vi.advanceTimersByTimeAsync(HEALED_MS)
  const [one, two] = tabs.map(({ client }) => client.getState().sessionId)
  expect(one).toEqual(expect.any(String))
  expect(two).toBe(one)
  expect(browser.storage.values.get('storefront-session')).toBe(one)
})

test('F191: where the app empties its QueryClient time and again, requests keep the pace', async () => {
  for (const empty of ['clear', 'removeQueries', 'resetQueries', 'invalidateQueries'] as const) {
    const queryClient = new QueryClient()
    const { client, most } = openTab(openBrowser(), { queryClient })
    client.start()
    await vi.advanceTimersByTimeAsync(1_000)
    for (let time = 0; time < 300; time++) {
      void queryClient[empty]()
      await vi.advanceTimersByTimeAsync(100)
    }
    expect([empty, most() <= PACE.requests]).toEqual([empty, true])
    await vi.advanceTimersByTimeAsync(HEALED_MS)
    expect(client.getState()).toMatchObject({ status: 'ready', error: null, isValidating: false })
    client.stop()
  }
})

test('where attach.isLost takes every answer for a loss, requests keep the pace, and the storefront has its answers', async () => {
  const browser = openBrowser()
  const { client, most } = openTab(browser, { attach: { isLost: () => true } })
  client.start()
  await vi.advanceTimersByTimeAsync(1_000)
  let answers = 0
  for (let time = 0; time < 300; time++) {
    void client.fetch('/api/cart').then(() => answers++)
    await vi.advanceTimersByTimeAsync(100)
  }
  await vi.advanceTimersByTimeAsync(5_000)
  expect(answers).toBe(300)
  expect(most()).toBeLessThanOrEqual(PACE.requests)
})
