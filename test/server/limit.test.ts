import { serve as serveHono } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { Hono } from 'hono'
import { createSessionHandler, memoryStore, type SessionHandlerOptions } from 'storefront-session/server'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { createCount } from '../../src/server/limit.ts'
import { askRequest, createSession, UNKNOWN_ID, waysIn } from './support/ways-in.ts'

const MINUTE_MS = 60_000

describe('a count', () => {
  const start = (max: number, maxKeys?: number) => {
    const clock = { now: 0 }
    const options = { now: () => clock.now, ...(maxKeys !== undefined && { maxKeys }) }
    return { clock, count: createCount({ max, windowMs: MINUTE_MS }, options) }
  }

  test('lets as many through as it says in the time that the first one opens, each key for itself', () => {
    const { clock, count } = start(2)
    expect([count('a'), count('a')]).toEqual([0, 0])
    clock.now += 15_000
    expect(count('a')).toBe(45_000)
    expect(count('b')).toBe(0)
    clock.now += 44_999
    expect(count('a')).toBe(1)
    clock.now += 1
    expect([count('a'), count('a'), count('a')]).toEqual([0, 0, MINUTE_MS])
  })

  test('remembers a window across the halves of its table', () => {
    const { clock, count } = start(1)
    clock.now += 59_000
    expect(count('a')).toBe(0)
    clock.now += 30_000
    expect(count('b')).toBe(0)
    expect(count('a')).toBe(30_000)
  })

  test('F203: keeps a table of bounded size, and in it the keys in use', () => {
    const { count } = start(1, 1_000)
    expect(count('busy')).toBe(0)
    for (let key = 0; key < 100_000; key++) {
      count(`flood-${key}`)
      if (key % 100 === 0) expect(count('busy')).toBeGreaterThan(0)
    }
    expect(count('flood-99999')).toBeGreaterThan(0)
    // The first ones are forgotten: so much for its bound.
    expect(count('flood-0')).toBe(0)
  })

  test('does not wait longer because the clock was set back', () => {
    const { clock, count } = start(1)
    clock.now = 10 * MINUTE_MS
    count('a')
    clock.now = 0
    expect(count('a')).toBe(0)
  })
})

describe.each(waysIn)('limit, asked through %s,', (_, open) => {
  test('F203: answers 429 with Retry-After beyond limit.create, and makes no session', async () => {
    const store = memoryStore()
    const ask = await open({ store, limit: { create: '2/10m' } })
    for (let round = 0; round < 2; round++) expect((await ask('PUT', '/sessions/new')).status).toBe(200)
    const refused = await ask('PUT', '/sessions/new')
    expect(refused.status).toBe(429)
    const seconds = Number(refused.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(590)
    expect(seconds).toBeLessThanOrEqual(600)
    expect(await refused.json()).toEqual({
      statusCode: 11,
      description: `Too many requests; try again in ${seconds} s`,
    })
    expect((await store.scan()).sessions).toHaveLength(2)
  })

  test('limit.create counts a POST of an unknown id, and no POST of a known one', async () => {
    const ask = await open({ store: memoryStore(), limit: { create: '2/10m' } })
    const sessionId = await createSession(ask)
    const headers = { gkc_customerId: 'c-1' }
    for (let round = 0; round < 5; round++)
      expect((await ask('POST', `/sessions/${sessionId}`, { headers })).status).toBe(200)
    expect((await ask('POST', `/sessions/${UNKNOWN_ID}`)).status).toBe(200)
    expect((await ask('POST', `/sessions/${UNKNOWN_ID}-2`)).status).toBe(429)
    expect((await ask('GET', `/sessions/${UNKNOWN_ID}-2`)).status).toBe(404)
    expect((await ask('POST', `/sessions/${UNKNOWN_ID}`)).status).toBe(200)
  })

  test('limit.create counts no POST that may make nothing', async () => {
    const ask = await open({ store: memoryStore(), createOnAssociate: false, limit: { create: '1/10m' } })
    for (let round = 0; round < 3; round++)
      expect((await ask('POST', `/sessions/${UNKNOWN_ID}`)).status).toBe(404)
    expect((await ask('PUT', '/sessions/new')).status).toBe(200)
  })

  test('limit.use counts GET, HEAD, POST and DELETE together, and nothing is changed beyond it', async () => {
    const ask = await open({ store: memoryStore(), deletable: true, limit: { use: '4/1h' } })
    const sessionId = await createSession(ask)
    const path = `/sessions/${sessionId}`
    for (const method of ['GET', 'HEAD', 'POST', 'GET']) expect((await ask(method, path)).status).toBe(200)
    for (const method of ['GET', 'HEAD', 'POST', 'DELETE']) expect((await ask(method, path)).status).toBe(429)
    for (const free of ['OPTIONS']) expect((await ask(free, path)).status).toBe(204)
    expect((await ask('GET', '/readyz')).status).toBe(200)
    expect((await ask('PUT', '/sessions/new')).status).toBe(200)
  })
})

describe('the client that a request counts for', () => {
  const put = (options: SessionHandlerOptions) => {
    const handle = createSessionHandler(options)
    return async (peer: string | undefined, headers: Record<string, string> = {}) => {
      const request = new Request('http://api.test/sessions/new', { method: 'PUT', headers })
      return (await handle(request, peer === undefined ? undefined : { peer })).status
    }
  }

  test('is the peer: IPv4 by address, IPv6 by /64, an IPv4-mapped one as IPv4', async () => {
    const ask = put({ store: memoryStore(), limit: { create: '1/10m' } })
    expect(await ask('192.0.2.1')).toBe(200)
    expect(await ask('::ffff:192.0.2.1')).toBe(429)
    expect(await ask('192.0.2.2')).toBe(200)
    expect(await ask('2001:db8:1:2::1')).toBe(200)
    expect(await ask('2001:db8:1:2:ffff::9')).toBe(429)
    expect(await ask('2001:db8:1:3::1')).toBe(200)
  })

  test('F144: is not what X-Forwarded-For says, unless trustProxy says how many proxies there are', async () => {
    const ask = put({ store: memoryStore(), limit: { create: '1/10m' } })
    expect(await ask('192.0.2.1', { 'x-forwarded-for': '198.51.100.1' })).toBe(200)
    expect(await ask('192.0.2.1', { 'x-forwarded-for': '198.51.100.2' })).toBe(429)
  })

  test('is that many hops from the right of X-Forwarded-For, whatever stands left of it', async () => {
    const ask = put({ store: memoryStore(), limit: { create: '1/10m', trustProxy: 2 } })
    const forwarded = (chain: string) => ask('10.0.0.1', { 'x-forwarded-for': chain })
    expect(await forwarded('1.1.1.1, 198.51.100.1, 10.0.0.2')).toBe(200)
    expect(await forwarded('2.2.2.2, 198.51.100.1, 10.0.0.3')).toBe(429)
    expect(await forwarded('198.51.100.2:4711, 10.0.0.2')).toBe(200)
    expect(await forwarded('198.51.100.2, 10.0.0.2')).toBe(429)
  })

  test('is the peer where the header is missing or names no address', async () => {
    const ask = put({ store: memoryStore(), limit: { create: '1/10m', trustProxy: 1 } })
    expect(await ask('192.0.2.1')).toBe(200)
    expect(await ask('192.0.2.1', { 'x-forwarded-for': 'unknown' })).toBe(429)
  })

  test('is what limit.by says, given the request and its address', async () => {
    const by = (request: Request, peer: string) => `${request.headers.get('x-shop')} ${peer}`
    const ask = put({ store: memoryStore(), limit: { create: '1/10m', by } })
    expect(await ask('192.0.2.1', { 'x-shop': 'a' })).toBe(200)
    expect(await ask('192.0.2.1', { 'x-shop': 'b' })).toBe(200)
    expect(await ask('192.0.2.1', { 'x-shop': 'a' })).toBe(429)
    expect(await ask('192.0.2.2', { 'x-shop': 'a' })).toBe(200)
  })

  test('is the peer in Hono, by its connection info', async () => {
    const handle = createSessionHandler({ store: memoryStore(), limit: { create: '1/10m' } })
    const app = new Hono()
    app.all('*', (c) => handle(c.req.raw, { peer: getConnInfo(c).remote.address }))
    const url = await new Promise<string>((resolve) => {
      const server = serveHono({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
        resolve(`http://127.0.0.1:${port}`),
      )
      onTestFinished(() => void server.close())
    })
    const ask = async () => (await fetch(`${url}/sessions/new`, { method: 'PUT' })).status
    expect([await ask(), await ask()]).toEqual([200, 429])
  })

  test('is not known without a peer: the request is not limited, and onError hears of it once', async () => {
    const onError = vi.fn()
    const ask = put({ store: memoryStore(), limit: { create: '1/10m' }, onError })
    for (let round = 0; round < 3; round++) expect(await ask(undefined)).toBe(200)
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({
        message: expect.stringMatching(/no client address.*handle\(request, \{ peer/),
      }),
    )
  })

  test('is the address where limit.by throws, and onError hears why', async () => {
    const onError = vi.fn()
    const by = () => {
      throw new Error('no such header')
    }
    const ask = put({ store: memoryStore(), limit: { create: '1/10m', by }, onError })
    expect(await ask('192.0.2.1')).toBe(200)
    expect(await ask('192.0.2.1')).toBe(429)
    expect(onError).toHaveBeenCalledWith(new Error('no such header'))
  })
})

describe('limit in time', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
  afterEach(() => void vi.useRealTimers())

  test('lets a client through again when its time is over', async () => {
    const ask = askRequest({ store: memoryStore(), limit: { create: '1/10m' } })
    expect((await ask('PUT', '/sessions/new')).status).toBe(200)
    vi.setSystemTime(Date.now() + 10 * MINUTE_MS - 1)
    const refused = await ask('PUT', '/sessions/new')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
    vi.setSystemTime(Date.now() + 1)
    expect((await ask('PUT', '/sessions/new')).status).toBe(200)
  })

  test.each([
    ['3/s', 1_000],
    ['3/10s', 10_000],
    ['3/1m', 60_000],
    ['3/2h', 7_200_000],
    ['3/1d', 86_400_000],
  ])('reads %s', async (create, windowMs) => {
    const ask = askRequest({ store: memoryStore(), limit: { create } })
    for (let round = 0; round < 3; round++) await ask('PUT', '/sessions/new')
    const refused = await ask('PUT', '/sessions/new')
    expect(refused.headers.get('retry-after')).toBe(String(windowMs / 1_000))
  })
})

test.each(['30', '30/', '30/10', '0/10m', '30/0m', '-1/m', '30/10w', '30 per 10m'])(
  'createSessionHandler refuses the limit %j, and shows how one is written',
  (create) => {
    expect(() => createSessionHandler({ store: memoryStore(), limit: { create } })).toThrow(
      /limit\.create must be .* such as '30\/10m'/,
    )
  },
)

test.each([-1, 1.5, Number.NaN])('createSessionHandler refuses a trustProxy of %s', (trustProxy) => {
  expect(() => createSessionHandler({ store: memoryStore(), limit: { trustProxy } })).toThrow(/trustProxy/)
})
