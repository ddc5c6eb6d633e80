import { QueryClient } from '@tanstack/query-core'
import { createSessionClient, isSessionError, SessionError, type SessionState } from 'storefront-session/core'
import { expect, test } from 'vitest'
import { openBrowser, quiet } from './support/client-page.ts'

/** Whether a state is one that the type allows. */
function isPossible({ status, sessionId, session, error }: SessionState): boolean {
  if (status === 'ready') return sessionId !== null && session?.sessionId === sessionId
  return sessionId === null && session === null && (status !== 'error' || error !== null)
}

/** Every state that a page goes through. */
function watch(client: { getState(): SessionState; subscribe(listener: () => void): unknown }) {
  const states = [client.getState()]
  client.subscribe(() => states.push(client.getState()))
  return states
}

test('status tells which fields of the state are null, in every state of a life', async () => {
  const browser = openBrowser()
  browser.setFault(() => new Response('', { status: 500 }))
  const { client, happen } = browser.open({ retry: 0 })
  const states = watch(client)
  client.start()
  await client.ready().catch(() => undefined)
  browser.setFault(undefined)
  happen('online')
  await client.ready()
  await client.associate({ customerId: 'ada' })
  await client.reset()
  client.setEnabled(false)
  client.setEnabled(true)
  await client.ready()
  client.forget()
  client.setEnabled(true)
  await client.ready()
  client.stop()
  expect(states.filter((state) => !isPossible(state))).toEqual([])
  expect(new Set(states.map(({ status }) => status))).toEqual(
    new Set(['pending', 'error', 'ready', 'disabled']),
  )
})

test('the states of a server are of the same kind', () => {
  for (const options of [{}, { enabled: false }, { initialSession: { sessionId: 'given-1' } }]) {
    const client = createSessionClient({ baseUrl: 'https://shop.example/api', ...options }, undefined)
    for (const state of [client.getState(), client.getServerState()]) expect(isPossible(state)).toBe(true)
  }
})

test('isConfirmed is false without a session, and true once the server has answered', async () => {
  const { client } = openBrowser().open()
  const states = watch(client)
  client.start()
  await client.ready()
  await quiet()
  for (const { status, isConfirmed } of states) expect(isConfirmed).toBe(status === 'ready')
  expect(client.getState().isConfirmed).toBe(true)
})

test('isConfirmed is false for a stored session until the server confirms it in this page’s life', async () => {
  const browser = openBrowser()
  browser.store('stored-1', 1_000)
  const { client } = browser.open()
  client.start()
  await client.ready()
  await quiet()
  // Confirmed a moment ago, but for another page: its customer is not known here.
  expect([browser.asked(), client.getState().isConfirmed]).toEqual([[], false])
  await client.associate({ visitId: 'v1' })
  expect(client.getState().isConfirmed).toBe(true)
})

test('isConfirmed is false for an id that the browser chose until the server has it', async () => {
  const browser = openBrowser()
  const { client } = browser.open({ create: 'client' })
  expect(client.getState()).toMatchObject({ status: 'ready', isConfirmed: false })
  client.start()
  await client.ready()
  expect(client.getState().isConfirmed).toBe(true)
})

test('isConfirmed begins anew with each session', async () => {
  const browser = openBrowser()
  const { client } = browser.open()
  client.start()
  await client.ready()
  browser.setFault(() => new Promise(() => undefined))
  void client.reset()
  expect(client.getState()).toMatchObject({ status: 'pending', isConfirmed: false })
  client.forget()
  expect(client.getState()).toMatchObject({ status: 'disabled', isConfirmed: false })
})

test.each(['clear', 'resetQueries'] as const)(
  'isConfirmed is false after the app has emptied its cache by %s, until the server has answered again',
  async (empty) => {
    const browser = openBrowser()
    const queryClient = new QueryClient()
    const { client } = browser.open({ queryClient })
    client.start()
    await client.ready()
    const states = watch(client)
    void queryClient[empty]()
    await expect.poll(() => client.getState()).toMatchObject({ isValidating: false, isConfirmed: true })
    expect(browser.asked()).toContain('GET /api/sessions/session-1')
    expect(states.map(({ isConfirmed }) => isConfirmed)).toContain(false)
  },
)

test('getState() gives the same object until something changes, and never changes one that it gave', async () => {
  const { client } = openBrowser().open()
  const before = client.getState()
  const copy = structuredClone({ ...before })
  expect(client.getState()).toBe(before)
  client.start()
  await client.ready()
  const after = client.getState()
  expect(client.getState()).toBe(after)
  await client.associate({ customerId: 'ada' })
  expect({ ...before }).toEqual(copy)
  expect(after.session?.customerId).toBeUndefined()
})

test('isSessionError knows an error of this library, and one that another copy of it made', () => {
  const error = new SessionError('http', 'PUT answered 503', { status: 503 })
  class OfAnotherCopy extends Error {
    override name = 'SessionError'
    code = 'http'
  }
  expect([error, new OfAnotherCopy('PUT answered 503')].map(isSessionError)).toEqual([true, true])
  const others = [
    undefined,
    null,
    'SessionError',
    {},
    new Error('SessionError'),
    new TypeError('Failed to fetch'),
  ]
  expect(others.filter(isSessionError)).toEqual([])
})
