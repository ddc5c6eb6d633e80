import { afterEach, expect, test, vi } from 'vitest'
import { createBackOff } from '../../src/core/back-off.ts'
import { nowhere } from '../../src/core/browser-environment.ts'
import { createSessionClient } from '../../src/core/session-client.ts'
import { withServers } from '../cli/support/standing-server.ts'
import { createWorld } from '../model/world.ts'
import { storeSession, withSessionApi } from '../support/session-setup.ts'

// Rows of the fault catalogue that no promise's file has; the numbers are the catalogue's.

const session = withSessionApi()
const { stand } = withServers()
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const ID = 'kept-from-another-day'
const CONDITIONS = {
  hasLocks: true,
  hasChannel: true,
  hearsAfterMs: 1,
  isEchoing: true,
  unknown: 'not-found',
  createsOnAssociate: true,
} as const

test('F35: nothing keeps the page out of the back-forward cache', () => {
  const listen = vi.spyOn(window, 'addEventListener')
  session.open().start()
  const names = listen.mock.calls.map(([name]) => name)
  expect(names).toContain('pagehide')
  expect(names.filter((name) => /unload/.test(name))).toEqual([])
})

test.each([
  ['a year ahead', 365 * 86_400_000],
  ['a year back', -365 * 86_400_000],
])('F39: a confirmation by a clock that is %s is not trusted', async (_, offset) => {
  const sessionId = await session.createElsewhere()
  storeSession(sessionId, Date.now() + offset)
  const client = session.open()
  client.start()
  expect(client.getState()).toMatchObject({ status: 'ready', sessionId })
  await vi.waitFor(() => expect(session.api.calls().at(-1)).toBe('GET /sessions/:id'))
})

test('F43: where the budget of keepalive is used up, the next attempt goes without', async () => {
  const kept: boolean[] = []
  const client = session.open({
    fetch: (input, init) => {
      if (init?.method === 'POST') kept.push(!!init.keepalive)
      return init?.keepalive ? Promise.reject(new TypeError('budget')) : fetch(input, init)
    },
  })
  client.start()
  await client.ready()
  expect(await client.associate({ customerId: 'ada' })).toMatchObject({ customerId: 'ada' })
  expect(kept).toEqual([true, false])
})

test('F44: a page that is only prerendered asks nothing before the visitor comes', async () => {
  Object.defineProperty(document, 'prerendering', { value: true, configurable: true })
  const client = session.open({ attach: { waitMs: 20 } })
  client.start()
  const associated = client.associate({ visitId: 'v1' })
  await client.fetch(`${session.api.baseUrl}/products`)
  expect(session.api.calls()).toEqual(['GET /products'])
  Reflect.deleteProperty(document, 'prerendering')
  document.dispatchEvent(new Event('prerenderingchange'))
  expect(await associated).toMatchObject({ visitId: 'v1' })
  expect(session.api.calls().slice(1)).toEqual(['PUT /sessions/new'])
})

test.each([true, false])('F46: navigator.onLine = %s is no proof of anything', async (isOnline) => {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(isOnline)
  const client = session.open()
  client.start()
  await client.associate({ customerId: 'ada' })
  expect(client.getState()).toMatchObject({ status: 'ready', error: null })
})

test('F47: a flapping connection makes no storm of requests', async () => {
  session.api.latencyMs = 50
  const client = session.open()
  client.start()
  for (let flap = 0; flap < 100; flap++) {
    window.dispatchEvent(new Event('online'))
    document.dispatchEvent(new Event('visibilitychange'))
  }
  await client.ready()
  expect(session.api.calls()).toEqual(['PUT /sessions/new'])
})

test('F45: after a long outage the first sign of the network is followed within a second, also while signs go on', async () => {
  const world = createWorld(CONDITIONS, [{ ms: 10, isTwice: false }])
  const tab = world.openTab()
  world.network.isOffline = true
  const client = createSessionClient({ baseUrl: '/api' }, tab.environment)
  client.start()
  await world.pass(3_600_000)
  expect(client.getState().status).toBe('error')
  world.network.isOffline = false
  for (let sign = 0; sign < 11; sign++) {
    world.fire(tab, 'online')
    await world.pass(100)
  }
  expect(client.getState()).toMatchObject({ status: 'ready', error: null })
  client.stop()
})

test('F48: after stop() a late answer writes nothing, and no listener is left', async () => {
  const added = [vi.spyOn(window, 'addEventListener'), vi.spyOn(document, 'addEventListener')]
  const removed = [vi.spyOn(window, 'removeEventListener'), vi.spyOn(document, 'removeEventListener')]
  session.api.latencyMs = 100
  const client = session.open()
  client.start()
  await vi.waitFor(() => expect(session.api.seen).toHaveLength(1))
  client.stop()
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(localStorage).toHaveLength(0)
  expect(session.events).toEqual([])
  const ours = /^(storage|online|pageshow|pagehide|visibilitychange)$/
  const count = (spies: { mock: { calls: unknown[][] } }[]) =>
    spies.flatMap(({ mock }) => mock.calls).filter(([name]) => ours.test(String(name))).length
  expect(count(added)).toBe(5)
  expect(count(removed)).toBe(5)
})

test('F48: stop() gives up what is under way also where the client was used without start()', async () => {
  session.api.fault = () => new Promise(() => undefined)
  const abandoned = session.open()
  const ready = abandoned.ready()
  await vi.waitFor(() => expect(session.api.seen).toHaveLength(1))
  abandoned.stop()
  await expect(ready).rejects.toMatchObject({ code: 'aborted' })
  session.api.fault = undefined
  // Its turn in the page is free.
  const before = Date.now()
  await session.open().ready()
  expect(Date.now() - before).toBeLessThan(1_000)
})

test('F50: the deadline covers a body that trickles', async () => {
  const { url } = await stand((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'access-control-allow-origin': '*' })
    const drip = setInterval(() => response.write(' '), 40)
    response.on('close', () => clearInterval(drip))
  })
  const client = session.open({
    baseUrl: '/api',
    timeoutMs: 300,
    retry: 0,
    fetch: () => fetch(url),
  })
  await expect(client.ready()).rejects.toMatchObject({ code: 'timeout' })
})

test('F55: clients that fail together come back scattered', () => {
  const delays: number[] = []
  for (let client = 0; client < 1_000; client++)
    createBackOff({
      ...nowhere,
      setTimeout: (_, delayMs) => delays.push(delayMs),
    }).fail(undefined)
  const perTenth = Array.from(
    { length: 10 },
    (_, tenth) => delays.filter((ms) => Math.floor((ms - 500) / 50) === tenth).length,
  )
  expect(perTenth.reduce((sum, count) => sum + count)).toBe(1_000)
  expect(Math.max(...perTenth)).toBeLessThan(200)
})

test('F36, F38, F56: a day of failure costs at most two requests a minute, and the first success ends it', async () => {
  const world = createWorld(CONDITIONS, [{ ms: 10, isTwice: false }])
  world.server.isDown = true
  const client = createSessionClient({ baseUrl: '/api' }, world.openTab().environment)
  client.start()
  await world.pass(86_400_000)
  expect(world.network.sent).toBeLessThan(24 * 60 * 2)
  expect(world.network.sent).toBeGreaterThan(24 * 60 * 0.9)
  world.server.isDown = false
  await world.pass(61_000)
  expect(client.getState()).toMatchObject({ status: 'ready', error: null })
  client.stop()
}, 60_000)

test.each([
  ['a frozen page', 'freeze', 'resume', document],
  ['a page of the back-forward cache', 'pagehide', 'pageshow', window],
] as const)(
  'F28, F36: %s comes back to the session of the next visitor without its customer, though it is visible first',
  async (_, away, back, target) => {
    const client = session.open()
    client.start()
    const { sessionId } = await client.associate({ customerId: 'ada' })
    target.dispatchEvent(new Event(away))
    const next = await session.createElsewhere()
    localStorage.setItem('storefront-session', next)
    localStorage.setItem('storefront-session:at', ` ${Date.now()} ${next}`)
    document.dispatchEvent(new Event('visibilitychange'))
    target.dispatchEvent(Object.assign(new Event(back), { persisted: true }))
    expect(client.getState()).toMatchObject({ sessionId: next, session: { sessionId: next } })
    await client.associate({ visitId: 'v1' })
    expect(await session.readSession(next)).not.toHaveProperty('customerId')
    expect(await session.readSession(sessionId)).toMatchObject({ customerId: 'ada' })
  },
)

test('F60: of two values, one fast after the other, the later one stays, whichever answer comes first', async () => {
  const client = session.open()
  client.start()
  await client.ready()
  session.api.fault = async ({ headers }) => {
    if (headers.gkc_customerid === 'ada') await new Promise((resolve) => setTimeout(resolve, 150))
    return undefined
  }
  const early = client.associate({ customerId: 'ada' })
  await vi.waitFor(() => expect(session.api.calls().at(-1)).toBe('POST /sessions/:id'))
  const late = client.associate({ customerId: 'bob' })
  await Promise.all([early, late])
  expect(await session.readSession(client.getState().sessionId)).toMatchObject({ customerId: 'bob' })
  expect(client.getState().session?.customerId).toBe('bob')
})

test('F63: a failure leaves no poisoned promise behind', async () => {
  session.api.fault = () => new Response('', { status: 500 })
  const client = session.open({ retry: 0 })
  await expect(client.ready()).rejects.toMatchObject({ code: 'http' })
  session.api.fault = undefined
  expect((await client.ready()).sessionId).toEqual(expect.any(String))
})

test('F74: a callback or a listener that throws is reported and hurts nobody else', async () => {
  const reported: unknown[] = []
  // It is thrown again in a task of its own, where the browser reports it as uncaught.
  vi.stubGlobal('queueMicrotask', (task: () => void) => {
    Promise.resolve()
      .then(task)
      .catch((error) => reported.push(error))
  })
  const trouble = new Error('of the app')
  const client = session.open({
    onEvent() {
      throw trouble
    },
  })
  const other = vi.fn()
  client.subscribe(() => {
    throw trouble
  })
  client.subscribe(other)
  client.start()
  await client.associate({ customerId: 'ada' })
  expect(client.getState()).toMatchObject({ status: 'ready', error: null })
  expect(other).toHaveBeenCalled()
  expect(reported).toContain(trouble)
})

test('F82, F64: our three calls ask no cache', async () => {
  const inits: (RequestInit | undefined)[] = []
  const client = session.open({
    fetch: (input, init) => {
      inits.push(init)
      return fetch(input, init)
    },
  })
  client.start()
  await client.ready()
  await client.associate({ customerId: 'ada' })
  expect(inits).toHaveLength(2)
  for (const init of inits) expect(init).toMatchObject({ cache: 'no-store', redirect: 'error' })
})

test('F85: a redirect of the API to a foreign host is an error, and that host sees nothing', async () => {
  let seen = 0
  const { url } = await stand((_, response) => {
    seen++
    response.writeHead(200, { 'access-control-allow-origin': '*' }).end('{}')
  })
  session.api.fault = () => new Response(null, { status: 307, headers: { location: `${url}/steal` } })
  const client = session.open({ retry: 0 })
  await expect(client.ready()).rejects.toMatchObject({ code: 'network' })
  expect(seen).toBe(0)
})

test('F90: what the server says of expiry does not end a session', async () => {
  session.api.fault = ({ method }) =>
    method === 'PUT'
      ? Response.json({ statusCode: 0, response: { sessionId: ID, expiresAt: '1970-01-01T00:00:00Z' } })
      : undefined
  const client = session.open()
  client.start()
  expect(await client.ready()).toMatchObject({ sessionId: ID, expiresAt: '1970-01-01T00:00:00Z' })
  expect(client.getState()).toMatchObject({ status: 'ready', sessionId: ID })
})
