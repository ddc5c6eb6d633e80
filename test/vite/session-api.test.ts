import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { memoryStore, type SessionStore } from 'storefront-session/server'
import { sessionApi } from 'storefront-session/vite'
import { createLogger, createServer, type InlineConfig, type Plugin, preview } from 'vite'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

const BASE = '/gks-server/v1'
let root = ''
let opened: { close(): Promise<unknown> }[] = []
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'storefront-vite-')))
})
afterEach(async () => {
  await Promise.all(opened.map((server) => server.close()))
  opened = []
  rmSync(root, { recursive: true, force: true, maxRetries: 5 })
})

const config = (plugins: Plugin[], more: InlineConfig = {}): InlineConfig => ({
  configFile: false,
  root,
  cacheDir: join(root, 'cache'),
  logLevel: 'silent',
  plugins,
  ...more,
  server: { port: 0, host: '127.0.0.1', ...more.server },
})

async function develop(plugins: Plugin[], more?: InlineConfig) {
  const server = await createServer(config(plugins, more))
  opened.push(server)
  await server.listen()
  return server
}

function originOf({ httpServer }: { httpServer: { address(): AddressInfo | string | null } | null }): string {
  const address = httpServer?.address()
  if (!address || typeof address === 'string') throw new Error('The Vite server has no port')
  return `http://127.0.0.1:${address.port}`
}

/** A memory store that says how often it was closed. */
function watchedStore(): SessionStore & { closed: number } {
  const store = memoryStore()
  const watched = Object.assign(store, { closed: 0 })
  const { close } = store
  watched.close = async () => {
    watched.closed++
    await close()
  }
  return watched
}

async function create(origin: string, base = BASE): Promise<string> {
  const answer = await fetch(`${origin}${base}/sessions/new`, { method: 'PUT' })
  expect(answer.status).toBe(200)
  return (await answer.json()).response.sessionId
}
const statusOf = async (origin: string, sessionId: string, base = BASE) =>
  (await fetch(`${origin}${base}/sessions/${sessionId}`)).status

test('sessionApi serves the API in the development server: create, associate, retrieve', async () => {
  const origin = originOf(await develop([sessionApi()]))
  const sessionId = await create(origin)
  const associated = await fetch(`${origin}${BASE}/sessions/${sessionId}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', gkc_customerId: 'ada' },
    body: '{"visitId":"v-1"}',
  })
  expect(associated.status).toBe(200)
  const { response } = await (await fetch(`${origin}${BASE}/sessions/${sessionId}`)).json()
  expect(response).toMatchObject({ sessionId, customerId: 'ada', visitId: 'v-1' })
})

test('sessionApi serves the API in the preview server, and closes its store with it', async () => {
  const store = watchedStore()
  writeFileSync(join(root, 'index.html'), '<h1>Shop</h1>')
  const server = await preview({
    ...config([sessionApi({ store })]),
    build: { outDir: root },
    preview: { port: 0, host: '127.0.0.1' },
  })
  opened.push(server)
  const origin = originOf(server)
  expect(await statusOf(origin, await create(origin))).toBe(200)
  expect(store.closed).toBe(0)
  await server.close()
  await vi.waitFor(() => expect(store.closed).toBe(1))
})

test('sessionApi does not add the base of Vite to its base path', async () => {
  const origin = originOf(await develop([sessionApi({ basePath: '/api/' })], { base: '/shop/' }))
  expect(await statusOf(origin, await create(origin, '/api'), '/api')).toBe(200)
})

test('sessionApi leaves other paths below its base path to other plugins', async () => {
  const help: Plugin = {
    name: 'help',
    configureServer: ({ middlewares }) =>
      void middlewares.use(`${BASE}/help`, (_request, response) => response.end('help')),
  }
  const origin = originOf(await develop([sessionApi(), help]))
  expect(await (await fetch(`${origin}${BASE}/help`)).text()).toBe('help')
  expect((await fetch(`${origin}/other/sessions/new`, { method: 'PUT' })).status).toBe(404)
})

test('sessionApi keeps its sessions when the development server restarts, and closes its store once', async () => {
  const store = watchedStore()
  const server = await develop([sessionApi({ store })])
  const sessionId = await create(originOf(server))
  await server.restart()
  expect(await statusOf(originOf(server), sessionId)).toBe(200)
  expect(store.closed).toBe(0)
  await server.close()
  expect(store.closed).toBe(1)
})

test('sessionApi follows an edit of vite.config.ts', async () => {
  const source = JSON.stringify(fileURLToPath(new URL('../../src/vite.ts', import.meta.url)))
  const write = (basePath: string) =>
    writeFileSync(
      join(root, 'vite.config.ts'),
      `import { sessionApi } from ${source}\nexport default { plugins: [sessionApi({ basePath: '${basePath}' })] }`,
    )
  write('/first')
  const server = await develop([], { configFile: join(root, 'vite.config.ts') })
  await create(originOf(server), '/first')
  write('/second')
  server.watcher.emit('change', join(root, 'vite.config.ts'))
  await vi.waitFor(() => create(originOf(server), '/second'), { timeout: 10_000 })
  expect((await fetch(`${originOf(server)}/first/sessions/new`, { method: 'PUT' })).status).toBe(404)
})

test('sessionApi works in middleware mode, and closes its store with the Vite server', async () => {
  const store = watchedStore()
  const vite = await createServer(
    config([sessionApi({ store })], { server: { middlewareMode: true, ws: false } }),
  )
  opened.push(vite)
  const http = createHttpServer(vite.middlewares)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  try {
    const origin = originOf({ httpServer: http })
    const sessionId = await create(origin)
    await vite.restart()
    expect(await statusOf(origin, sessionId)).toBe(200)
    expect(store.closed).toBe(0)
    await vite.close()
    expect(store.closed).toBe(1)
  } finally {
    http.closeAllConnections()
    http.close()
  }
})

test.each(['gks-server/v1', 'http://localhost:4000/gks-server/v1', ''])(
  'sessionApi refuses the base path "%s" when the configuration is read',
  (basePath) => {
    expect(() => sessionApi({ basePath })).toThrow(
      `sessionApi: basePath must be a path such as /gks-server/v1, not "${basePath}"`,
    )
  },
)

test('sessionApi writes an error of its store to the log of Vite', async () => {
  const customLogger = createLogger('silent')
  const errors: string[] = []
  customLogger.error = (message) => void errors.push(message)
  const store = Object.assign(memoryStore(), { create: () => Promise.reject(new Error('disk full')) })
  const origin = originOf(await develop([sessionApi({ store })], { customLogger }))
  expect((await fetch(`${origin}${BASE}/sessions/new`, { method: 'PUT' })).status).toBe(503)
  expect(errors).toEqual([expect.stringContaining('sessionApi: Error: disk full')])
})

test('sessionApi takes no part in a build', () => {
  expect(sessionApi()).toMatchObject({ apply: 'serve' })
})
