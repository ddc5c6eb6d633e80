import { afterEach, expect, test, vi } from 'vitest'
import { storeSession, stubLocks, withSessionApi } from '../support/session-setup.ts'

// Rows of the fault catalogue that no promise's file has; the numbers are the catalogue's.

const session = withSessionApi()
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const ID = 'kept-from-another-day'
const storageEvent = (key: string | null, newValue: string | null = null) =>
  window.dispatchEvent(new StorageEvent('storage', { key, newValue }))

test('F3: a storage that fills up in mid-visit costs durability only, and is used again when it has room', async () => {
  const client = session.open()
  client.start()
  await client.ready()
  const full = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError')
  })
  await client.associate({ visitId: 'v1' })
  expect(client.getState()).toMatchObject({ persistence: 'memory', session: { visitId: 'v1' } })
  full.mockRestore()
  await client.associate({ visitId: 'v2' })
  expect(client.getState().persistence).toBe('local')
  expect(localStorage.getItem('storefront-session')).toBe(client.getState().sessionId)
})

test('F8: site data that is cleared under an open page is written again once the server knows the id still', async () => {
  const client = session.open()
  client.start()
  const { sessionId } = await client.ready()
  localStorage.clear()
  storageEvent(null)
  await vi.waitFor(() => expect(localStorage.getItem('storefront-session')).toBe(sessionId))
  expect(session.api.calls()).toEqual(['PUT /sessions/new', 'GET /sessions/:id'])
})

test('F9, F10: a storage that is gone by the next visit means one new session and no error', async () => {
  const first = session.open()
  first.start()
  const { sessionId: before } = await first.ready()
  first.stop()
  localStorage.clear()
  const next = session.open()
  next.start()
  expect((await next.ready()).sessionId).not.toBe(before)
  expect(session.api.calls()).toEqual(['PUT /sessions/new', 'PUT /sessions/new'])
  expect(next.getState().error).toBeNull()
})

test('F12: a localStorage that a script has replaced by something else means memory', async () => {
  vi.spyOn(window, 'localStorage', 'get').mockReturnValue({ getItem: 'no method', length: 1 } as never)
  const client = session.open()
  client.start()
  await client.ready()
  expect(client.getState()).toMatchObject({ status: 'ready', persistence: 'memory' })
})

test('F13, F61: clients of one page with the same key share the session; what is known is not sent again', async () => {
  const [first, second] = [session.open(), session.open()]
  first.start()
  second.start()
  await Promise.all([first.associate({ customerId: 'ada' }), second.ready()])
  expect(second.getState().sessionId).toBe(first.getState().sessionId)
  session.api.seen.length = 0
  await Promise.all(Array.from({ length: 100 }, () => first.associate({ customerId: 'ada' })))
  expect(session.api.calls()).toEqual([])
})

test('F14: two shops on one origin with a key each never meet', async () => {
  const [one, other] = [session.open(), session.open({ storageKey: 'other-shop' })]
  one.start()
  other.start()
  const [{ sessionId }, { sessionId: otherId }] = await Promise.all([one.ready(), other.ready()])
  expect(sessionId).not.toBe(otherId)
  await one.associate({ customerId: 'ada' })
  one.forget()
  expect(other.getState()).toMatchObject({ status: 'ready', sessionId: otherId })
  expect(other.getState().session?.customerId).toBeUndefined()
  expect(localStorage.getItem('other-shop')).toBe(otherId)
})

test.each(['SecurityError', 'AbortError', 'InvalidStateError'])(
  'F21: locks that reject with %s count as no locks',
  async (name) => {
    stubLocks(() => Promise.reject(new DOMException('no', name)))
    const client = session.open()
    client.start()
    await client.associate({ customerId: 'ada' })
    expect(session.api.calls()).toEqual(['PUT /sessions/new'])
  },
)

test('F19, F22: a lock that is never granted holds up for timeoutMs at most; a late grant does nothing', async () => {
  const grants: (() => Promise<void>)[] = []
  stubLocks((_name, _options, callback) => {
    grants.push(() => callback({}))
    return new Promise(() => undefined)
  })
  const client = session.open({ timeoutMs: 150 })
  client.start()
  const before = performance.now()
  await client.ready()
  expect(performance.now() - before).toBeLessThan(1_000)
  for (const grant of grants) await grant()
  expect(session.api.calls()).toEqual(['PUT /sessions/new'])
})

test('F23: a callback may call the client again', async () => {
  const done: string[] = []
  const client = session.open({
    async onEvent({ type }) {
      if (type !== 'created' || done.length) return
      await client.ready()
      await client.associate({ customerId: 'ada' })
      done.push('associated')
      await client.reset()
      done.push('reset')
    },
  })
  client.start()
  await vi.waitFor(() => expect(done).toEqual(['associated', 'reset']))
})

test('F27: storage events of foreign keys, of the same value and after stop() change nothing', async () => {
  const client = session.open()
  client.start()
  const { sessionId } = await client.ready()
  await vi.waitFor(() => expect(client.getState().isValidating).toBe(false))
  const state = client.getState()
  const events = session.events.length
  storageEvent('another-key', 'x')
  storageEvent('storefront-session', sessionId)
  expect(client.getState()).toBe(state)
  client.stop()
  localStorage.setItem('storefront-session', ID)
  storageEvent('storefront-session', ID)
  expect(session.events).toHaveLength(events)
  expect(session.api.calls()).toEqual(['PUT /sessions/new'])
})

test('F28: a change that no event told is seen at the next use of the id', async () => {
  const client = session.open()
  client.start()
  await client.ready()
  const other = await session.createElsewhere()
  storeSession(other)
  await client.fetch(`${session.api.baseUrl}/products`)
  expect(session.api.seen.at(-1)?.search).toBe(`?sessionId=${other}`)
})

test('F29: junk on the channel between tabs is not believed', async () => {
  const client = session.open()
  client.start()
  const { sessionId } = await client.ready()
  const channel = new BroadcastChannel('storefront-session')
  const junk: unknown[] = [
    null,
    7,
    '',
    'forgotten',
    [],
    {},
    { sessionId: ID },
    { sessionId: '../x' },
    { toString: 1 },
  ]
  for (const message of junk) channel.postMessage(message)
  channel.postMessage({ sessionId, customerId: 'planted-too-late', visitId: 8 })
  channel.close()
  await client.associate({ visitId: 'v1' })
  expect(client.getState()).toMatchObject({ status: 'ready', sessionId })
  expect(localStorage.getItem('storefront-session')).toBe(sessionId)
})
