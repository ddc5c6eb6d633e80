/** The three numbers of README.md: what hurts with a hook by hand, and what happens with the library. */
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { launchChromium } from '../browser/support/chromium.ts'
import { type ApiServer, startApiServer } from '../support/api-server.ts'
import { html } from '../support/tab-page.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const SHOPS = ['by-hand', 'with-the-library'] as const
type Shop = (typeof SHOPS)[number]

const scripts = new Map<string, string>()
let browser: Browser
let api: ApiServer
let visitor: BrowserContext

beforeAll(async () => {
  browser = await launchChromium()
  for (const shop of SHOPS) {
    const { outputFiles } = await build({
      entryPoints: [here(`support/${shop}.tsx`)],
      alias: { 'storefront-session': here('../../src/index.ts') },
      bundle: true,
      write: false,
      format: 'iife',
      target: 'es2022',
      jsx: 'automatic',
      define: { 'process.env.NODE_ENV': '"production"' },
    })
    scripts.set(shop, outputFiles[0]?.text ?? '')
  }
})
afterAll(() => browser?.close())

beforeEach(async () => {
  api = await startApiServer()
  api.pages = (path) => {
    const shop = path.replace(/^\/|\.js$/g, '')
    const script = scripts.get(shop)
    if (script === undefined) return
    return path.endsWith('.js')
      ? new Response(script, { headers: { 'content-type': 'text/javascript' } })
      : html(
          `<!doctype html><link rel="icon" href="data:,"><div id="root"></div><script src="/${shop}.js"></script>`,
        )
  }
  visitor = await browser.newContext()
})
afterEach(async () => {
  await visitor.close()
  await api.close()
})

const open = async (shop: Shop, search = '') => {
  const page = await visitor.newPage()
  await page.goto(`${api.origin}/${shop}${search}`)
  return page
}
const carts = () => api.seen.filter(({ path }) => path === '/api/cart')

test.each([
  ['by-hand', 5, 8],
  ['with-the-library', 1, 1],
] as const)('eight tabs that open together, %s: %i to %i sessions', async (shop, least, most) => {
  api.latencyMs = 500
  const pages = await Promise.all(Array.from({ length: 8 }, () => open(shop, '?together')))
  await Promise.all(pages.map((page) => page.waitForFunction(() => document.title === 'waiting')))
  const starter = await visitor.newPage()
  await starter.goto(api.baseUrl)
  await starter.evaluate(() => new BroadcastChannel('together').postMessage('go'))
  const ids = await Promise.all(pages.map((page) => page.locator('p', { hasText: /./ }).textContent()))
  const sessions = new Set(ids).size
  console.log(`${shop}: ${sessions} sessions in ${ids.length} tabs`)
  expect(sessions).toBeGreaterThanOrEqual(least)
  expect(sessions).toBeLessThanOrEqual(most)
})

test.each([
  ['by-hand', 'is lost'],
  ['with-the-library', 'arrives'],
] as const)(
  'a customer who signs in while the API is down, and reloads, %s: the id %s',
  async (shop, outcome) => {
    const first = await open(shop)
    await first.locator('p', { hasText: /./ }).waitFor()
    api.fault = ({ path }) => (path.includes('/sessions/') ? new Response('{}', { status: 503 }) : undefined)
    await first.goto(`${api.origin}/${shop}?customer=ada`)
    await vi.waitUntil(() => api.seen.some(({ method }) => method === 'POST'), { timeout: 20_000 })
    api.fault = undefined
    await first.goto(`${api.origin}/${shop}`)
    await first.waitForLoadState('networkidle')
    const id = await first.evaluate(
      () => localStorage.getItem('sessionId') ?? localStorage.getItem('storefront-session'),
    )
    const answer = await fetch(`${api.baseUrl}/sessions/${id}`)
    const { customerId } = (await answer.json()).response
    console.log(`${shop}: the customer id ${customerId ? 'arrived' : 'is lost'}`)
    expect(customerId).toBe(outcome === 'arrives' ? 'ada' : undefined)
  },
)

test.each([
  ['by-hand', false],
  ['with-the-library', true],
] as const)('an API that never answers, %s: the cart is asked for: %s', async (shop, isAsked) => {
  api.fault = ({ path }) => (path.includes('/sessions/') ? new Promise<Response>(() => undefined) : undefined)
  const begin = Date.now()
  await open(shop)
  const patienceMs = 10_000
  const asked = await vi
    .waitUntil(() => carts()[0], { timeout: patienceMs, interval: 20 })
    .catch(() => undefined)
  console.log(
    `${shop}: ${asked ? `the cart was asked for after ${Date.now() - begin} ms` : `no request in ${patienceMs} ms`}`,
  )
  expect(asked !== undefined).toBe(isAsked)
})
