import type { IncomingMessage } from 'node:http'
import { Server } from 'node:net'
import { gzipSync } from 'node:zlib'
// @ts-expect-error: Express has no types of its own
import express from 'express'
import { createSessionHandler, memoryStore, toNodeListener } from 'storefront-session/server'
import { createServer } from 'vite'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { asking, BASE_PATH, exerciseApi } from './support/exercise-api.ts'
import { listen } from './support/node-server.ts'
import { loadExample } from './support/readme-example.ts'
import { freePort } from './support/redis-server.ts'

describe('the mounting that the docs show', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  test.each(['Node', 'Hono', 'Express', 'Fastify'])('for %s serves the whole API', async (title) => {
    const port = await freePort()
    // The examples keep their server to themselves: here is where one learns of it.
    const { instances } = vi.spyOn(Server.prototype, 'listen').mock
    const servers = () => instances.filter((instance): instance is Server => instance instanceof Server)
    await loadExample(title, port)
    await vi.waitUntil(() => servers().some(({ listening }) => listening), { timeout: 10_000 })
    await exerciseApi(asking(port))
    for (const server of servers()) server.close()
  })

  test.each([
    ['json()', express.json()],
    ['raw()', express.raw({ type: '*/*' })],
    ['text()', express.text({ type: '*/*' })],
  ])('for Express also works behind express.%s', async (_, parser) => {
    const app = express()
    app.use(parser)
    app.use(BASE_PATH, toNodeListener(createSessionHandler({ store: memoryStore() })))
    const { port, close } = await listen(app)
    await exerciseApi(asking(port))
    await close()
  })

  test('for Express behind a body parser leaves length and compression of the body to that', async () => {
    const app = express()
    app.use(express.json({ limit: '1mb' }))
    app.use(BASE_PATH, toNodeListener(createSessionHandler({ store: memoryStore() })))
    const { port, close } = await listen(app)
    const text = JSON.stringify({ visitId: 'v-1', more: 'x'.repeat(20_000) })
    const headers = { 'content-type': 'application/json' }
    const put = async (init: RequestInit) =>
      (await (await asking(port)('/sessions/new', { method: 'PUT', ...init })).json()).response?.visitId
    expect(await put({ headers, body: text })).toBe('v-1')
    expect(await put({ headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(text) })).toBe(
      'v-1',
    )
    await close()
  })

  test('for Express says so where something has read the body and kept it: no ids are lost in silence', async () => {
    const errors: unknown[] = []
    const onError = (error: unknown) => errors.push(error)
    const app = express()
    app.use((request: IncomingMessage, _: unknown, next: () => void) => request.resume().on('end', next))
    app.use(BASE_PATH, toNodeListener(createSessionHandler({ store: memoryStore(), onError })))
    const { port, close } = await listen(app)
    const headers = { 'content-type': 'application/json' }
    const put = (body?: string) =>
      asking(port)('/sessions/new', { method: 'PUT', headers, body: body ?? null })
    expect((await put('{"visitId":"v-1"}')).status).toBe(500)
    expect(errors).toEqual([
      new Error('Something before toNodeListener has read the body and left nothing of it in request.body'),
    ])
    expect((await put()).status).toBe(200)
    await close()
  })

  test('for Next.js exports a handler for each method, as a route module does', async () => {
    const route = await loadExample('Next.js', 0)
    await exerciseApi((path, { method = 'GET', ...init } = {}) => {
      const handler = route[method]
      if (typeof handler !== 'function') throw new Error(`no export for ${method}`)
      const request = new Request(`http://shop.example${BASE_PATH}${path}`, { method, ...init })
      return handler(request, { params: Promise.resolve({ path: path.split('/').slice(1) }) })
    })
  })

  test('for Cloudflare Workers has the default export that they call', async () => {
    // A module of a worker: its default export has the function `fetch`.
    const { default: worker } = (await loadExample('Cloudflare Workers', 0)) as {
      default: { fetch(request: Request, env: object, context: object): Promise<Response> }
    }
    await exerciseApi((path, init) =>
      worker.fetch(
        new Request(`http://shop.example${BASE_PATH}${path}`, init),
        {},
        { waitUntil: () => undefined },
      ),
    )
  })

  test('for Vite serves the whole API beside the pages', async () => {
    const { default: config } = (await loadExample('Vite', 0)) as { default: object }
    const vite = await createServer({
      ...config,
      configFile: false,
      logLevel: 'error',
      server: { middlewareMode: true, ws: false },
      optimizeDeps: { noDiscovery: true },
    })
    const { port, close } = await listen(vite.middlewares)
    // Vite answers every OPTIONS itself.
    await exerciseApi(asking(port), false)
    await close()
    await vite.close()
  })
})
