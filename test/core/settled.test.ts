import { createSessionClient } from 'storefront-session/core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { catchUncaught } from '../support/uncaught.ts'
import { openBrowser } from './support/client-page.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** What a promise has come to after so many milliseconds of the test's clock; undefined while it waits. */
async function after<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let value: T | undefined
  void promise.then((settled) => {
    value = settled
  })
  await vi.advanceTimersByTimeAsync(ms)
  return value
}
const never = () => new Promise<Response>(() => undefined)

test('settled() gives the state at once where a session is stored, and the server does not matter', async () => {
  const browser = openBrowser()
  browser.store('stored-1')
  browser.setFault(never)
  expect(await after(0, browser.open().client.settled())).toMatchObject({
    status: 'ready',
    sessionId: 'stored-1',
    isConfirmed: false,
  })
})

test('settled() begins a session as ready() does, and gives the state once there is an id', async () => {
  const browser = openBrowser()
  const { client } = browser.open()
  const settled = client.settled()
  expect(await after(10, settled)).toMatchObject({ status: 'ready', sessionId: 'session-1' })
  expect(browser.asked()).toEqual(['PUT /api/sessions/new'])
  expect(client.getState()).toMatchObject({ status: 'ready', sessionId: 'session-1' })
})

test('settled() gives the id that the browser chooses at once', async () => {
  const browser = openBrowser()
  browser.setFault(never)
  expect(await after(0, browser.open({ create: 'client' }).client.settled())).toMatchObject({
    status: 'ready',
    sessionId: 'uuid-1',
  })
})

test('settled() gives the state at the first error, and does not wait for the next attempts', async () => {
  const browser = openBrowser()
  browser.setFault(() => new Response('', { status: 503 }))
  const { client } = browser.open({ retry: 10 })
  expect(await after(10, client.settled())).toMatchObject({ status: 'error', error: { code: 'http' } })
  // The error is there already: nobody waits for the next one.
  expect(await after(0, client.settled())).toMatchObject({ status: 'error' })
  expect(browser.asked()).toHaveLength(1)
})

test('settled() gives the state after attach.waitMs, whatever the API does', async () => {
  const browser = openBrowser()
  browser.setFault(never)
  const { client } = browser.open({ attach: { waitMs: 500 } })
  const settled = client.settled()
  expect(await after(499, settled)).toBeUndefined()
  expect(await after(2, settled)).toMatchObject({ status: 'pending', sessionId: null })
})

test('settled() waits two seconds where no attach.waitMs is given', async () => {
  const browser = openBrowser()
  browser.setFault(never)
  const settled = browser.open().client.settled()
  expect(await after(1_999, settled)).toBeUndefined()
  expect(await after(2, settled)).toMatchObject({ status: 'pending' })
})

test('settled() gives the state at once where the client is disabled, and asks nothing', async () => {
  const browser = openBrowser()
  const { client } = browser.open({ enabled: false })
  expect(await after(0, client.settled())).toMatchObject({ status: 'disabled', sessionId: null })
  expect([browser.asked(), browser.storage.writes]).toEqual([[], []])
})

test.each(['forget', 'disable'] as const)(
  'settled() gives the state as soon as the client is disabled while it waits: %s',
  async (end) => {
    const browser = openBrowser()
    browser.setFault(never)
    const { client } = browser.open()
    client.start()
    const settled = client.settled()
    await vi.advanceTimersByTimeAsync(10)
    if (end === 'forget') client.forget()
    else client.setEnabled(false)
    expect(await after(10, settled)).toMatchObject({ status: 'disabled' })
  },
)

test('settled() goes on waiting through a reset, for the next session', async () => {
  const browser = openBrowser()
  browser.setFault(never)
  const { client } = browser.open()
  client.start()
  const settled = client.settled()
  await vi.advanceTimersByTimeAsync(10)
  browser.setFault(undefined)
  void client.reset()
  expect(await after(100, settled)).toMatchObject({ status: 'ready', sessionId: 'session-1' })
})

test('settled() never rejects, whatever code of the app throws', async () => {
  catchUncaught()
  const trouble = () => {
    throw new Error('of the app')
  }
  for (const options of [
    { fetch: trouble },
    { headers: trouble },
    { onEvent: trouble },
    { storage: { getItem: trouble, setItem: trouble, removeItem: trouble } },
  ]) {
    const { client } = openBrowser().open(options)
    client.subscribe(trouble)
    const { status } = (await after(3_000, client.settled())) ?? {}
    expect(['ready', 'error', 'pending']).toContain(status)
    client.stop()
  }
})

test('on a server settled() gives the state at once', async () => {
  const options = { baseUrl: 'https://shop.example/api' }
  const settledOf = (more: object) =>
    after(0, createSessionClient({ ...options, ...more }, undefined).settled())
  expect(await settledOf({})).toMatchObject({ status: 'pending', sessionId: null })
  expect(await settledOf({ enabled: false })).toMatchObject({ status: 'disabled' })
  expect(await settledOf({ initialSession: { sessionId: 'given-1' } })).toMatchObject({
    status: 'ready',
    sessionId: 'given-1',
  })
})

test('resolves where another tab forgets the session in the moment of the call', async () => {
  const browser = openBrowser()
  browser.store('stored-1', 1_000)
  const { client } = browser.open()
  client.getState()
  browser.storage.values.clear()
  expect(await client.settled()).toMatchObject({ status: 'disabled' })
})
