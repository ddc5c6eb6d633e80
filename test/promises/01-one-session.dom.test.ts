import { afterEach, expect, test, vi } from 'vitest'
import { stubLocks, withSessionApi } from '../support/session-setup.ts'

const session = withSessionApi()
afterEach(() => {
  vi.unstubAllGlobals()
})

/** A tab with a session, and another one that does not see it in storage before `see()`. */
async function openLate() {
  const first = session.open()
  first.start()
  const { sessionId } = await first.ready()
  let isLate = true
  const late = session.open({
    storage: {
      getItem: (key) => (isLate ? null : localStorage.getItem(key)),
      setItem: (key, value) => localStorage.setItem(key, value),
      removeItem: (key) => localStorage.removeItem(key),
    },
  })
  const see = () => {
    isLate = false
  }
  return { sessionId, late, see }
}

test('a first visit makes one session by one PUT and keeps its plain id in localStorage', async () => {
  const client = session.open()
  client.start()
  const { sessionId } = await client.ready()
  expect(session.api.calls()).toEqual(['PUT /sessions/new'])
  expect(localStorage.getItem('storefront-session')).toBe(sessionId)
  expect(client.getState()).toMatchObject({ status: 'ready', sessionId, persistence: 'local', error: null })
  expect(session.events).toEqual([{ type: 'created', sessionId }])
})

test('F17, F18: ten clients of one page that start together share one PUT and one id, without Web Locks', async () => {
  session.api.latencyMs = 50
  const clients = Array.from({ length: 10 }, () => session.open())
  for (const client of clients) client.start()
  const ids = await Promise.all(clients.map((client) => client.ready()))
  expect(session.api.calls()).toEqual(['PUT /sessions/new'])
  expect(new Set(ids.map(({ sessionId }) => sessionId)).size).toBe(1)
})

test('F65: start, stop and start again, as StrictMode does it, is one PUT', async () => {
  const client = session.open()
  client.start()
  client.stop()
  client.start()
  await client.ready()
  expect(session.api.calls()).toEqual(['PUT /sessions/new'])
})

test('a hundred callers of ready() share one request', async () => {
  const client = session.open()
  await Promise.all(Array.from({ length: 100 }, () => client.ready()))
  expect(session.api.calls()).toEqual(['PUT /sessions/new'])
})

test('F16: a tab that sees late what another one has stored asks the server nothing', async () => {
  const { sessionId, late, see } = await openLate()
  let isGranted = false
  stubLocks((_name, _options, callback) => {
    isGranted = true
    see()
    return callback({})
  })
  late.start()
  expect(await late.ready()).toMatchObject({ sessionId })
  expect(isGranted).toBe(true)
  expect(session.api.calls()).toEqual(['PUT /sessions/new'])
})

test('F16: a tab that is given the lock before it sees what the last holder stored makes no second session', async () => {
  const { sessionId, late, see } = await openLate()
  let isHeldElsewhere = true
  stubLocks(async (_name, { ifAvailable }, callback) => {
    if (ifAvailable && isHeldElsewhere) return callback(null)
    await callback({})
    // It looks again without the lock: a hidden page's timer would keep the other tabs waiting.
    isHeldElsewhere = false
    see()
  })
  late.start()
  expect(await late.ready()).toMatchObject({ sessionId })
  expect(session.api.calls()).toEqual(['PUT /sessions/new'])
})

test('F16, F18: tabs that both created a session, for want of a lock, converge on the stored one within a second', async () => {
  const first = session.open()
  first.start()
  const { sessionId } = await first.ready()
  const other = await session.createElsewhere()
  localStorage.setItem('storefront-session', other)
  window.dispatchEvent(new StorageEvent('storage', { key: 'storefront-session' }))
  await vi.waitFor(() => expect(first.getState().sessionId).toBe(other))
  expect(other).not.toBe(sessionId)
  expect(session.events.at(-1)).toEqual({ type: 'adopted', sessionId: other })
})
