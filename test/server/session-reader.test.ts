import { serve as serveHono } from '@hono/node-server'
// @ts-expect-error: Express has no types of its own
import express from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import { createSessionReader, memoryStore, type SessionReaderOptions } from 'storefront-session/server'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { listen } from './support/node-server.ts'

const TTL_MS = 60_000
const UNKNOWN_ID = 'an-id-that-nobody-has'
const PAGE = { 'sec-fetch-dest': 'document', accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

/** A store with one session of a customer. */
async function start() {
  const store = memoryStore()
  const { sessionId } = await store.create({ customerId: 'c-1' }, TTL_MS)
  return { store, sessionId }
}

const request = (query: string, headers: Record<string, string> = {}) =>
  new Request(`https://shop.example/api/cart${query}`, { headers })

describe('createSessionReader finds the session', () => {
  test('that the URL parameter names, by default sessionId', async () => {
    const { store, sessionId } = await start()
    const sessions = createSessionReader({ store })
    expect(await sessions.of(request(`?x=1&sessionId=${sessionId}#end`))).toMatchObject({
      sessionId,
      customerId: 'c-1',
    })
    const renamed = createSessionReader({ store, from: { query: 'sid' } })
    expect(await renamed.of(request(`?sid=${sessionId}`))).toMatchObject({ sessionId })
    expect(await renamed.of(request(`?sessionId=${sessionId}`))).toBeNull()
  })

  test('that a header or the cookie names, where the options say so', async () => {
    const { store, sessionId } = await start()
    const headers = { 'x-session-id': sessionId }
    const cookies = { cookie: `a=1; sid=${sessionId}; b=2` }
    expect(await createSessionReader({ store }).of(request('', { ...headers, ...cookies }))).toBeNull()
    const byHeader = createSessionReader({ store, from: { header: 'X-Session-Id' } })
    expect(await byHeader.of(request('', headers))).toMatchObject({ sessionId })
    const byCookie = createSessionReader({ store, from: { cookie: 'sid' } })
    expect(await byCookie.of(request('', cookies))).toMatchObject({ sessionId })
  })

  test('that the first place with a well-formed id names: header, query, cookie', async () => {
    const { store, sessionId } = await start()
    const from = { header: 'x-session-id', cookie: 'sid' }
    const sessions = createSessionReader({ store, from })
    const cookie = `sid=${sessionId}`
    expect(await sessions.of(request('?sessionId=../x', { 'x-session-id': ' ', cookie }))).toMatchObject({
      sessionId,
    })
    expect(await sessions.of(request(`?sessionId=${UNKNOWN_ID}`, { cookie }))).toBeNull()
    expect(await sessions.of(request(`?sessionId=${sessionId}`, { 'x-session-id': UNKNOWN_ID }))).toBeNull()
  })

  test('of no request whose id is unknown, erased or no id', async () => {
    const { store, sessionId } = await start()
    const sessions = createSessionReader({ store })
    for (const id of [UNKNOWN_ID, 'short', '', 'a b', 'healthz-healthz-healthz'])
      expect(await sessions.of(request(`?sessionId=${encodeURIComponent(id)}`))).toBeNull()
    await store.remove(sessionId)
    expect(await sessions.of(request(`?sessionId=${sessionId}`))).toBeNull()
  })
})

describe('createSessionReader', () => {
  test.each([
    ['Sec-Fetch-Dest: document', { 'sec-fetch-dest': 'document' }],
    ['Sec-Fetch-Dest: iframe', { 'sec-fetch-dest': 'iframe' }],
    ['Accept with text/html', { accept: 'text/html,*/*;q=0.8' }],
    ['both', PAGE],
  ])(
    'F135: does not read the query of a document (%s), or a link could plant a session',
    async (_, headers) => {
      const { store, sessionId } = await start()
      const sessions = createSessionReader({ store, from: { cookie: 'sid' } })
      expect(await sessions.of(request(`?sessionId=${sessionId}`, headers))).toBeNull()
      const own = await store.create({}, TTL_MS)
      const cookie = `sid=${own.sessionId}`
      expect(await sessions.of(request(`?sessionId=${sessionId}`, { ...headers, cookie }))).toMatchObject({
        sessionId: own.sessionId,
      })
    },
  )

  test('renews nothing', async () => {
    const clock = { now: 0 }
    const store = memoryStore({ now: () => clock.now })
    const { sessionId } = await store.create({}, TTL_MS)
    const sessions = createSessionReader({ store })
    clock.now = TTL_MS - 1
    expect(await sessions.of(request(`?sessionId=${sessionId}`))).toMatchObject({ expiresAt: TTL_MS })
    clock.now = TTL_MS
    expect(await sessions.of(request(`?sessionId=${sessionId}`))).toBeNull()
  })

  test('rejects with the error of a store that does not answer', async () => {
    const store = { ...memoryStore(), get: () => Promise.reject(new Error('down')) }
    for (const cacheMs of [0, 1_000]) {
      const sessions = createSessionReader({ store, cacheMs })
      await expect(sessions.of(request(`?sessionId=${UNKNOWN_ID}`))).rejects.toThrow('down')
    }
  })

  test.each<[string, Partial<SessionReaderOptions>]>([
    ['no store', { store: undefined as never }], // what JavaScript lets through
    ['a cacheMs below 0', { cacheMs: -1 }],
    ['a cacheMs that is no number', { cacheMs: Number.NaN }],
  ])('refuses %s', (_, options) => {
    expect(() => createSessionReader({ store: memoryStore(), ...options })).toThrow(TypeError)
  })
})

describe('createSessionReader with cacheMs', () => {
  const startCached = async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const { store, sessionId } = await start()
    const get = vi.spyOn(store, 'get')
    const sessions = createSessionReader({ store, cacheMs: 1_000 })
    const read = () => sessions.of(request(`?sessionId=${sessionId}`))
    return { store, get, sessionId, sessions, read }
  }

  test('asks the store once for each session in that time, also for requests at once', async () => {
    const { get, read } = await startCached()
    await Promise.all([read(), read(), read()])
    vi.setSystemTime(Date.now() + 999)
    expect(await read()).toMatchObject({ customerId: 'c-1' })
    expect(get).toHaveBeenCalledTimes(1)
    vi.setSystemTime(Date.now() + 1)
    await read()
    expect(get).toHaveBeenCalledTimes(2)
  })

  test('gives each caller a copy', async () => {
    const { read } = await startCached()
    const first = await read()
    if (first) first.customerId = 'somebody else'
    expect(await read()).toMatchObject({ customerId: 'c-1' })
  })

  test('gives no session whose time is over', async () => {
    const { read } = await startCached()
    await read()
    vi.setSystemTime(Date.now() + TTL_MS - 500)
    expect(await read()).not.toBeNull()
    vi.setSystemTime(Date.now() + 500)
    expect(await read()).toBeNull()
  })

  test('remembers no id that was unknown', async () => {
    const { store, sessions } = await startCached()
    const ask = () => sessions.of(request(`?sessionId=${UNKNOWN_ID}`))
    expect(await ask()).toBeNull()
    await store.associate(UNKNOWN_ID, {}, TTL_MS, true)
    expect(await ask()).toMatchObject({ sessionId: UNKNOWN_ID })
  })
})

describe('redact', () => {
  const { redact } = createSessionReader({ store: memoryStore(), from: { query: 'sid' } })
  const id = 'aaaaaaaaaaaaaaaaaaaaaaaa'

  test.each([
    [`/api/cart?sid=${id}&x=1`, '/api/cart?sid=redacted&x=1'],
    [`/api/cart?x=%20a+b&sid=${id}`, '/api/cart?x=%20a+b&sid=redacted'],
    [`/api/cart?sessionId=${id}`, '/api/cart?sessionId=redacted'],
    [`/api/cart?sid=${id}&sid=${id}`, '/api/cart?sid=redacted&sid=redacted'],
    [`/api/cart?s%69d=${id}`, '/api/cart?s%69d=redacted'],
    [`/gks-server/v1/sessions/${id}`, '/gks-server/v1/sessions/redacted'],
    [`/sessions/${id}?tenantId=eu#x`, '/sessions/redacted?tenantId=eu#x'],
    [
      `https://shop.example/v1/sessions/${id}?sid=${id}`,
      'https://shop.example/v1/sessions/redacted?sid=redacted',
    ],
    ['/v1/sessions/new?x=1', '/v1/sessions/new?x=1'],
    ['/api/cart', '/api/cart'],
    ['/api/cart?', '/api/cart?'],
    ['/api/cart?%=1&&a', '/api/cart?%=1&&a'],
    ['', ''],
  ])('F137: makes %s to %s', (url, redacted) => {
    expect(redact(url)).toBe(redacted)
  })

  test('takes a URL, too', () => {
    expect(redact(new URL(`https://shop.example/?sid=${id}`))).toBe('https://shop.example/?sid=redacted')
  })
})

describe('sessions.of in a server of', () => {
  const from = { header: 'x-session-id', cookie: 'sid' }

  /** The session as that server sees it, by each way. */
  const exercise = async (url: string, sessionId: string) => {
    const read = async (path: string, headers: Record<string, string> = {}) =>
      (await (await fetch(url + path, { headers: { accept: '*/*', ...headers } })).json()).sessionId
    expect(await read(`/api/cart?sessionId=${sessionId}`)).toBe(sessionId)
    expect(await read('/api/cart', { 'x-session-id': sessionId })).toBe(sessionId)
    expect(await read('/api/cart', { cookie: `sid=${sessionId}` })).toBe(sessionId)
    expect(await read('/api/cart')).toBe(null)
    expect(await read(`/api/cart?sessionId=${sessionId}`, PAGE)).toBe(null)
    expect(await read('/api/cart', { ...PAGE, cookie: `sid=${sessionId}` })).toBe(sessionId)
  }

  test('Express, at the root and in a router that is mounted', async () => {
    const { store, sessionId } = await start()
    const sessions = createSessionReader({ store, from })
    const router = express.Router()
    // biome-ignore lint/suspicious/noExplicitAny: Express has no types of its own
    router.use(async (incoming: any, outgoing: any) => {
      outgoing.json({ sessionId: (await sessions.of(incoming))?.sessionId ?? null })
    })
    const app = express()
    app.use('/api', router)
    const server = await listen(app)
    onTestFinished(() => server.close())
    await exercise(server.url, sessionId)
  })

  test('Hono', async () => {
    const { store, sessionId } = await start()
    const sessions = createSessionReader({ store, from })
    const app = new Hono()
    app.get('/api/cart', async (c) =>
      c.json({ sessionId: (await sessions.of(c.req.raw))?.sessionId ?? null }),
    )
    const url = await new Promise<string>((resolve) => {
      const server = serveHono({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
        resolve(`http://127.0.0.1:${port}`),
      )
      onTestFinished(() => void server.close())
    })
    await exercise(url, sessionId)
  })

  test('Fastify', async () => {
    const { store, sessionId } = await start()
    const sessions = createSessionReader({ store, from })
    const app = Fastify()
    app.get('/api/cart', async (incoming) => ({
      sessionId: (await sessions.of(incoming))?.sessionId ?? null,
    }))
    onTestFinished(() => app.close())
    await exercise(await app.listen({ port: 0, host: '127.0.0.1' }), sessionId)
  })
})
