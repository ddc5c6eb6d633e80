import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { startDemo } from '../support/demo-app.ts'
import { closeWithin } from './support/bounded.ts'
import { launchChromium } from './support/chromium.ts'

const KEY = 'storefront-session'
let demo: Awaited<ReturnType<typeof startDemo>>
let browser: Browser
let context: BrowserContext
let sent: string[]

beforeAll(async () => {
  demo = await startDemo()
  browser = await launchChromium()
})
afterAll(async () => {
  await closeWithin(20_000, browser)
  await demo?.close()
})
beforeEach(async () => {
  context = await browser.newContext()
  sent = []
  context.on('request', (request) => {
    const { pathname, search } = new URL(request.url())
    if (pathname.startsWith('/gks-server/')) sent.push(`${request.method()} ${pathname}${search}`)
  })
})
afterEach(async () => {
  await setWeather('normal')
  await closeWithin(10_000, context)
})

const setWeather = (weather: string) => fetch(`${demo.url}/demo/weather?is=${weather}`, { method: 'POST' })
const storedId = (page: Page) => page.evaluate((key) => localStorage.getItem(key), KEY)
const sessionCalls = () => sent.filter((line) => line.includes('/sessions/'))

async function visit(): Promise<Page> {
  const page = await context.newPage()
  await page.goto(demo.url)
  return page
}

async function idOf(page: Page): Promise<string> {
  await expect.poll(() => storedId(page), { timeout: 15_000 }).toMatch(/^[\w-]{16,}$/)
  return String(await storedId(page))
}

async function searchFor(page: Page, words: string, timeout = 30_000): Promise<void> {
  await page.getByRole('searchbox').fill(words)
  await page.getByRole('button', { name: 'Search help' }).click()
  await page.getByText(/^\d+ answers$/).waitFor({ timeout })
}

test('a visitor gets one session, which a reload and a second tab share without asking again', async () => {
  const first = await visit()
  const id = await idOf(first)
  await expect.poll(sessionCalls).toEqual(['PUT /gks-server/v1/sessions/new'])
  await first.reload()
  expect(await idOf(first)).toBe(id)
  const second = await visit()
  expect(await idOf(second)).toBe(id)
  expect(sessionCalls()).toHaveLength(1)
})

test('a help search carries the session', async () => {
  const page = await visit()
  const id = await idOf(page)
  await searchFor(page, 'return')
  expect(sent.find((line) => line.includes('/help/search'))).toContain(`sessionId=${id}`)
})

test('signing in associates the customer, and signing out begins a new session in both tabs', async () => {
  const [first, second] = [await visit(), await visit()]
  const id = await idOf(first)
  // The panel is there to be watched meanwhile.
  await first.getByRole('button', { name: 'Session', exact: true }).click()
  await first.getByLabel('Customer id').fill('ada-1815')
  await first.getByRole('button', { name: 'Sign in' }).click()
  await expect.poll(() => sessionCalls()).toContain(`POST /gks-server/v1/sessions/${id}`)
  await second.getByText('Hello, ada-1815').waitFor()
  await first.getByRole('button', { name: 'Sign out' }).click()
  await expect.poll(() => storedId(first)).not.toBe(id)
  expect(await idOf(second)).toBe(await idOf(first))
})

test('without consent nothing is stored and nothing is sent', async () => {
  const page = await visit()
  await idOf(page)
  await page.getByRole('switch').click()
  await expect
    .poll(() => page.evaluate((key) => Object.keys(localStorage).filter((k) => k.startsWith(key)), KEY))
    .toEqual([])
  sent = []
  await page.reload()
  await searchFor(page, 'return')
  expect(sent).toEqual(['GET /gks-server/v1/help/search?q=return'])
})

test.each(['down', 'slow', 'html'])(
  'the shop works while the API is %s, and heals by itself afterwards',
  async (weather) => {
    await setWeather(weather)
    const page = await visit()
    await searchFor(page, 'lamp')
    await setWeather('normal')
    await idOf(page)
  },
)

test('F75: modules that are replaced while the page lives cost no second session', async () => {
  const page = await visit()
  const id = await idOf(page)
  await searchFor(page, 'delivery')
  let loads = 0
  page.on('load', () => loads++)
  for (const path of [
    'demo/src/app.tsx',
    'demo/src/session.tsx',
    'src/react/session-provider.tsx',
    'src/react/use-session.ts',
    'src/core/session-client.ts',
  ]) {
    const isReplaced = Promise.race([
      page.waitForEvent('console', (message) => message.text().includes('hot updated')),
      page.waitForEvent('load'),
    ])
    demo.save(path)
    await isReplaced
    expect(await idOf(page), path).toBe(id)
  }
  expect(loads, 'a page that was loaded anew instead').toBe(0)
  expect(sessionCalls()).toEqual(['PUT /gks-server/v1/sessions/new'])
  // React shows what was replaced a moment later, and a form that is filled in just then is an empty one.
  await expect
    .poll(() => searchFor(page, 'return', 1_000).then(() => sent.at(-1)), { timeout: 20_000 })
    .toContain(`q=return&sessionId=${id}`)
})
