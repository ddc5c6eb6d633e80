import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { SessionClient } from 'storefront-session/core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type ApiServer, startApiServer } from '../support/api-server.ts'
import { serveTabPage } from '../support/tab-page.ts'
import { closeWithin } from './support/bounded.ts'
import { launchChromium } from './support/chromium.ts'

declare const client: SessionClient

let api: ApiServer
let url: string
let browser: Browser
let context: BrowserContext

beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => closeWithin(20_000, browser))
beforeEach(async () => {
  api = await startApiServer()
  url = await serveTabPage(api)
  context = await browser.newContext()
})
afterEach(async () => {
  await closeWithin(10_000, context)
  await api.close()
})

const open = async () => {
  const page = await context.newPage()
  await page.goto(url)
  return page
}
/** Pages are there before any of them asks, so that all ask at one moment. */
const openAtOnce = async (count: number) => {
  const pages = await Promise.all(Array.from({ length: count }, () => context.newPage()))
  await Promise.all(pages.map((page) => page.goto(url)))
  return pages
}
const idOf = (page: Page) => page.evaluate(() => client.getState().sessionId)
const idsOf = async (pages: Page[]) => [...new Set(await Promise.all(pages.map(idOf)))]
const sessionCalls = () => api.calls().filter((call) => call.includes('/sessions/'))
const puts = () => sessionCalls().filter((call) => call.startsWith('PUT'))

test('F17: ten tabs that open at the same moment make one PUT and share one id', async () => {
  api.latencyMs = 150
  const pages = await openAtOnce(10)
  await expect.poll(() => idsOf(pages)).toEqual([expect.stringMatching(/^[\w-]{16,}$/)])
  expect(sessionCalls()).toEqual(['PUT /sessions/new'])
})

test('F18: without Web Locks ten tabs still converge on one id within a second', async () => {
  await context.addInitScript(() => Object.defineProperty(navigator, 'locks', { value: undefined }))
  api.latencyMs = 150
  const pages = await openAtOnce(10)
  await expect
    .poll(async () => (await idsOf(pages)).length === 1 && (await idOf(pages[0] as Page)) !== null)
    .toBe(true)
  const [stored] = await idsOf(pages)
  expect(await pages[0]?.evaluate(() => localStorage.getItem('storefront-session'))).toBe(stored)
})

test('F20, F41: a tab that is closed while it creates the session holds up nobody', async () => {
  api.latencyMs = 500
  const dying = await open()
  await expect.poll(puts).toHaveLength(1)
  const waiting = await open()
  await dying.close()
  await expect.poll(() => idOf(waiting), { timeout: 4_000 }).not.toBeNull()
})

test('F24: a reset in one tab leaves the session in all tabs, for one new session', async () => {
  api.latencyMs = 50
  const pages = await openAtOnce(3)
  await expect.poll(() => idsOf(pages)).toEqual([expect.any(String)])
  const [before] = await idsOf(pages)
  await pages[0]?.evaluate(() => client.associate({ customerId: 'ada' }))
  await pages[0]?.evaluate(() => client.reset())
  await expect
    .poll(async () => {
      const ids = await idsOf(pages)
      return ids.length === 1 && ids[0] !== before && ids[0] !== null
    })
    .toBe(true)
  expect(puts()).toHaveLength(2)
  const customers = await Promise.all(
    pages.map((page) => page.evaluate(() => client.getState().session?.customerId)),
  )
  expect(customers).toEqual([undefined, undefined, undefined])
})

test('F45: what is associated offline is sent when the browser is online again', async () => {
  const page = await open()
  await expect.poll(() => idOf(page)).not.toBeNull()
  await context.setOffline(true)
  await page.evaluate(() => void client.associate({ customerId: 'ada', visitId: 'v1' }))
  await expect.poll(() => page.evaluate(() => client.getState().error?.code)).toBe('network')
  expect(await page.evaluate(() => localStorage.getItem('storefront-session:customerId'))).toMatch(/ ada$/)
  await context.setOffline(false)
  await expect
    .poll(() => page.evaluate(() => client.getState().isAssociating), { timeout: 10_000 })
    .toBe(false)
  expect(api.seen.at(-1)).toMatchObject({
    method: 'POST',
    body: '{"visitId":"v1"}',
    headers: { gkc_customerid: 'ada' },
  })
})

test('what is associated in one tab shows in the other', async () => {
  const pages = await openAtOnce(2)
  await expect.poll(() => idsOf(pages)).toEqual([expect.any(String)])
  await pages[0]?.evaluate(() => client.associate({ customerId: 'ada' }))
  await expect.poll(() => pages[1]?.evaluate(() => client.getState().session?.customerId)).toBe('ada')
})

test('F42: a page that goes away sends what it has accepted', async () => {
  const page = await open()
  await expect.poll(() => idOf(page)).not.toBeNull()
  // The page leaves in a task of its own: an evaluate whose page goes away under it may never be answered.
  await page.evaluate(() => {
    setTimeout(() => {
      void client.associate({ visitId: 'last-words' })
      location.href = 'about:blank'
    })
  })
  await expect.poll(() => api.seen.some(({ body }) => body.includes('last-words'))).toBe(true)
})

test('a forget in one tab empties storage and disables the session in all tabs', async () => {
  const pages = await openAtOnce(3)
  await expect.poll(() => idsOf(pages)).toEqual([expect.any(String)])
  await pages[0]?.evaluate(() => client.forget())
  await expect
    .poll(() => Promise.all(pages.map((page) => page.evaluate(() => client.getState().status))))
    .toEqual(['disabled', 'disabled', 'disabled'])
  expect(await pages[2]?.evaluate(() => Object.keys(localStorage))).toEqual([])
})

test('F1: where site data is blocked the session lives in memory and says so', async () => {
  await context.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new DOMException('blocked', 'SecurityError')
      },
    })
  })
  const page = await open()
  await expect.poll(() => idOf(page)).not.toBeNull()
  const state = await page.evaluate(() => client.getState())
  expect(state).toMatchObject({ status: 'ready', persistence: 'memory' })
})
