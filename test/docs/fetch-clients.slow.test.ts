import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { launchChromium } from '../browser/support/chromium.ts'
import { run } from '../package/support.ts'
import { type ApiServer, startApiServer } from '../support/api-server.ts'
import { html } from '../support/tab-page.ts'
import { drivers } from './support/fetch-client-drivers.ts'
import { installExample } from './support/install-example.ts'

const shop = 'https://api.shop.example'
const scratch = mkdtempSync(join(tmpdir(), 'storefront-fetch-clients-'))
let folder = ''
let browser: Browser
let api: ApiServer

beforeAll(async () => {
  folder = await installExample('fetch-clients', scratch, inject('tarball'))
  cpSync(
    fileURLToPath(new URL('support/fetch-client-drivers.ts', import.meta.url)),
    join(folder, 'drivers.ts'),
  )
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  rmSync(scratch, { recursive: true, force: true })
})
beforeEach(async () => {
  api = await startApiServer()
})
afterEach(() => api.close())

test('the modules of the guide to fetch clients compile under strict', async () => {
  expect(await run(folder, 'npx tsc --noEmit')).toBe('')
})

/** A page with one client, whose session is attached as a URL parameter or as a header. */
async function open(name: string, as: 'query' | 'header'): Promise<Page> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { api } from './${name}'
        import { drivers } from './drivers'
        const { ${JSON.stringify(name)}: driver } = drivers
        window.run = async (method) => void (await driver[method](api))`,
      resolveDir: folder,
    },
    plugins: [
      {
        name: 'attach',
        setup: (setup) =>
          setup.onLoad({ filter: /\/(session|medusa)\.ts$/ }, ({ path }) => ({
            loader: 'ts',
            contents: readFileSync(path, 'utf8').replace('attach: {', `attach: { as: '${as}',`),
          })),
      },
    ],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    platform: 'browser',
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  api.pages = (path) => {
    if (path === '/page') return html('<!doctype html><title>shop</title><script src="/page.js"></script>')
    if (path === '/page.js')
      return new Response(outputFiles[0]?.text, { headers: { 'content-type': 'text/javascript' } })
  }
  const page = await (await browser.newContext()).newPage()
  await page.goto(`${api.origin}/page`)
  return page
}

/** What the shop's backend answers where it knows the session. */
const answerOf = (path: string): unknown => {
  if (path.startsWith('/trpc')) return [{ result: { data: { ok: true } } }]
  return path.includes('graphql') ? { data: { ok: true } } : { ok: true }
}

const cases = Object.keys(drivers).flatMap((name) => [[name, 'query'] as const, [name, 'header'] as const])

test.each(cases)(
  '%s sends the id by %s with GET and POST, and repeats one that failed for a lost session',
  async (name, as) => {
    const page = await open(name, as)
    const seen: { method: string; id: string | null; status: number }[] = []
    let isLost = false
    await page.route(`${shop}/**`, async (route) => {
      const request = route.request()
      const url = new URL(request.url())
      const id = as === 'query' ? url.searchParams.get('sessionId') : request.headers().sessionid
      const status = isLost ? 404 : 200
      seen.push({ method: request.method(), id: id ?? null, status })
      await route.fulfill({
        status,
        headers: { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' },
        json: isLost ? { statusCode: 6, description: 'Session not found' } : answerOf(url.pathname),
      })
      isLost = false
    })
    const call = (method: 'get' | 'post') =>
      page.evaluate((how) => (window as unknown as { run(how: string): Promise<void> }).run(how), method)

    await call('get')
    await call('post')
    expect(seen).toHaveLength(2)
    expect(seen[1]?.method).toBe('POST')
    const id = seen[0]?.id
    expect(id).toMatch(/^[\w-]{16,}$/)
    expect(seen.every((request) => request.id === id)).toBe(true)

    api.forgetAll()
    isLost = true
    seen.length = 0
    await call('post')
    expect(seen).toEqual([
      { method: 'POST', id, status: 404 },
      { method: 'POST', id, status: 200 },
    ])
    expect(api.calls().filter((one) => one.includes('/sessions/'))).toEqual([
      'PUT /sessions/new',
      'POST /sessions/:id',
    ])
    await page.context().close()
  },
)
