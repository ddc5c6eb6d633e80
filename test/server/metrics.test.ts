import { createMetrics, createSessionHandler, memoryStore, sqliteStore } from 'storefront-session/server'
import { expect, onTestFinished, test } from 'vitest'

const request = (method: string, path: string) => new Request(`http://api.test${path}`, { method })
const DURATION = 'storefront_session_request_duration_seconds'

/** The value of one sample; undefined where there is none. */
const sample = (text: string, name: string) =>
  text
    .split('\n')
    .find((line) => line.startsWith(`${name} `))
    ?.slice(name.length + 1)

test('createMetrics counts for an embedder: requests, operations of the store, and its errors', async () => {
  const metrics = createMetrics()
  const store = memoryStore()
  let isDown = false
  const handle = createSessionHandler({
    store: metrics.watch({
      ...store,
      get: (...args) => (isDown ? Promise.reject(new Error('down')) : store.get(...args)),
    }),
    onRequest: metrics.count,
  })
  await handle(request('PUT', '/sessions/new'))
  await handle(request('GET', '/sessions/an-id-that-nobody-has'))
  isDown = true
  await handle(request('GET', '/sessions/an-id-that-nobody-has'))
  const text = await metrics.expose()
  const of = (name: string) => sample(text, name)
  expect(of(`${DURATION}_count{method="PUT",route="/sessions/new",status="200"}`)).toBe('1')
  expect(of(`${DURATION}_count{method="GET",route="/sessions/{sessionId}",status="404"}`)).toBe('1')
  expect(of('storefront_session_store_duration_seconds_count{operation="create"}')).toBe('1')
  expect(of('storefront_session_store_duration_seconds_count{operation="get"}')).toBe('2')
  expect(of('storefront_session_store_duration_seconds_bucket{operation="get",le="+Inf"}')).toBe('2')
  expect(of('storefront_session_store_errors_total')).toBe('1')
})

test('createMetrics puts a duration into its bucket and all above, and labels no method that a visitor chose', async () => {
  const metrics = createMetrics()
  const report = { route: '/sessions/new' as const, status: 405, requestId: 'x' }
  for (const ms of [0.1, 3, 3_000, 60_000]) metrics.count({ ...report, method: 'PROPFIND', ms })
  const text = await metrics.expose()
  const bucket = (le: string) =>
    sample(text, `${DURATION}_bucket{method="other",route="/sessions/new",status="405",le="${le}"}`)
  expect([
    bucket('0.0001'),
    bucket('0.0025'),
    bucket('0.005'),
    bucket('2.5'),
    bucket('5'),
    bucket('+Inf'),
  ]).toEqual(['1', '1', '2', '2', '3', '4'])
  expect(text).not.toContain('PROPFIND')
})

test('createMetrics tells the open connections and the sweep backlog where they are known', async () => {
  const silent = await createMetrics().expose()
  expect(silent).not.toMatch(/open_connections|sweep_backlog/)
  const metrics = createMetrics(() => 7)
  const clock = { now: 0 }
  const store = sqliteStore({ path: ':memory:', now: () => clock.now, sweepMs: 3_600_000 })
  onTestFinished(() => store.close())
  const watched = metrics.watch(store)
  for (const ttlMs of [10, 20, 30]) await watched.create({}, ttlMs)
  clock.now = 20
  const text = await metrics.expose()
  expect(sample(text, 'storefront_session_open_connections')).toBe('7')
  expect(sample(text, 'storefront_session_sweep_backlog')).toBe('2')
})

test('createMetrics leaves out the sweep backlog while the store does not answer', async () => {
  const metrics = createMetrics()
  metrics.watch({ ...memoryStore(), sweepBacklog: () => Promise.reject(new Error('down')) })
  expect(await metrics.expose()).not.toContain('sweep_backlog')
})
