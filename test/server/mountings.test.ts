import { Server } from 'node:net'
// @ts-expect-error: Express has no types of its own
import express from 'express'
import { createSessionHandler, memoryStore, toNodeListener } from 'storefront-session/server'
import { createServer } from 'vite'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { listen } from './support/node-server.ts'
import { loadExample } from './support/readme-example.ts'
import { freePort } from './support/redis-server.ts'

type Ask = (path: string, init?: RequestInit) => Promise<Response>

const BASE_PATH = '/gks-server/v1'
const JSON_TYPE = { 'content-type': 'application/json' }

/** One session through all three operations, and what a mounting can spoil: bodies, methods, answers to errors. */
async function useApi(ask: Ask, answersOptions = true): Promise<void> {
  const made = await ask('/sessions/new', {
    method: 'PUT',
    headers: { ...JSON_TYPE, gkc_customerId: 'c-1' },
    body: '{"visitId":"v-1"}',
  })
  expect(made.status).toBe(200)
  expect(made.headers.get('cache-control')).toBe('no-store')
  const { response } = await made.json()
  expect(response).toMatchObject({ customerId: 'c-1', visitId: 'v-1' })
  const path = `/sessions/${response.sessionId}`
  const associated = await ask(path, { method: 'POST', headers: JSON_TYPE, body: '{"globalVisitId":"g-1"}' })
  expect((await associated.json()).response).toMatchObject({ customerId: 'c-1', globalVisitId: 'g-1' })
  expect((await (await ask(`${path}?tenantId=t`)).json()).response).toEqual({
    ...response,
    globalVisitId: 'g-1',
    expiresAt: expect.any(String),
  })
  const head = await ask(path, { method: 'HEAD' })
  expect([head.status, await head.text()]).toEqual([200, ''])
  expect((await ask('/sessions/new', { method: 'PUT' })).status).toBe(200)
  const wrong = await ask('/sessions/new', { method: 'PUT', headers: JSON_TYPE, body: '{"visitId":7}' })
  expect([wrong.status, await wrong.json()]).toEqual([
    400,
    { statusCode: 1, description: expect.any(String) },
  ])
  const deleted = await ask(path, { method: 'DELETE' })
  expect([deleted.status, deleted.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST, OPTIONS'])
  if (answersOptions) {
    const options = await ask(path, { method: 'OPTIONS' })
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, POST, OPTIONS'])
  }
  expect((await ask('/nothing')).status).toBe(404)
}

const asking =
  (port: number): Ask =>
  (path, init) =>
    fetch(`http://127.0.0.1:${port}${BASE_PATH}${path}`, init)

describe('the mounting that the README shows', () => {
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
    await useApi(asking(port))
    for (const server of servers()) server.close()
  })

  test('for Express also works behind express.json()', async () => {
    const app = express()
    app.use(express.json())
    app.use(BASE_PATH, toNodeListener(createSessionHandler({ store: memoryStore() })))
    const { port, close } = await listen(app)
    await useApi(asking(port))
    await close()
  })

  test('for Next.js exports a handler for each method, as a route module does', async () => {
    const route = await loadExample('Next.js', 0)
    await useApi((path, { method = 'GET', ...init } = {}) => {
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
    await useApi((path, init) =>
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
    await useApi(asking(port), false)
    await close()
    await vite.close()
  })
})
