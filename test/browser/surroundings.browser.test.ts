import puppeteer, { type Browser, type BrowserContext, type Frame, type Page } from 'puppeteer-core'
import type { SessionClient } from 'storefront-session/core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type ApiServer, startApiServer } from '../support/api-server.ts'
import { html, serveTabPage, type TabSite } from '../support/tab-page.ts'
import { closeWithin } from './support/bounded.ts'
import { browserPath, CHROMIUM_ARGS } from './support/chromium.ts'

declare const client: SessionClient

// What surrounds a page, where one engine is enough to show it. Playwright switches prerendering and the partitions of
// storage off in its Chromium.

let api: ApiServer
let site: TabSite
let browser: Browser
let context: BrowserContext

beforeAll(async () => {
  browser = await puppeteer.launch({ executablePath: browserPath(), args: CHROMIUM_ARGS })
})
afterAll(() => closeWithin(20_000, browser))
beforeEach(async () => {
  api = await startApiServer()
  site = await serveTabPage(api)
  context = await browser.createBrowserContext()
})
afterEach(async () => {
  await closeWithin(10_000, context)
  await api.close()
})

const port = () => new URL(api.origin).port
const sessionRequests = () => api.seen.filter(({ path }) => path.includes('/sessions/'))
/** Adds a page to those of the tab site. */
const addPage = (path: string, body: string) => {
  const { pages } = api
  api.pages = (asked, request) => (asked === path ? html(`<!doctype html>${body}`) : pages?.(asked, request))
}
const idOf = async (page: Page | Frame) => {
  await page.waitForFunction(() => 'client' in window)
  return page.evaluate(() => client.ready().then((info) => info.sessionId))
}

test('F11: a shop that two sites embed has a session of its own in each, and none of them fails', async () => {
  addPage('/embedding', `<iframe src="${site.tab}"></iframe>`)
  const idWithin = async (host: string) => {
    const page = await context.newPage()
    await page.goto(`http://${host}:${port()}/embedding`)
    return idOf(await page.waitForFrame(site.tab))
  }
  const page = await context.newPage()
  await page.goto(site.tab)
  const ids = [await idOf(page), await idWithin('one.localhost'), await idWithin('other.localhost')]
  expect(new Set(ids).size).toBe(3)
  expect(await idWithin('one.localhost')).toBe(ids[1])
})

test('F44: a page that is only prerendered makes no session before somebody sees it', async () => {
  // Chromium grants no Web Lock to a prerendered page: without them it is our own patience that is seen here.
  const url = '/tab?without=locks'
  const rules = JSON.stringify({ prerender: [{ urls: [url], eagerness: 'immediate' }] })
  addPage('/before', `<script type="speculationrules">${rules}</script><a href="${url}">tab</a>`)
  const page = await context.newPage()
  await page.goto(`${api.origin}/before`)
  await expect.poll(() => api.seen.map(({ path }) => path), { timeout: 10_000 }).toContain('/tab.js')
  // Time enough for a session: without the wait for the visitor it takes some milliseconds.
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  expect(sessionRequests()).toEqual([])
  // The prerendered page takes the place of this one, and with it of its frame: the driver may lose sight of the click.
  void page.click('a').catch(() => undefined)
  await expect.poll(() => sessionRequests().map(({ method }) => method), { timeout: 10_000 }).toEqual(['PUT'])
})

test('F110: the API is not told from what page it is asked', async () => {
  const page = await context.newPage()
  await page.goto(`${site.tab}?cart=private`)
  await idOf(page)
  await page.evaluate(() => client.associate({ visitId: 'v1' }))
  expect(sessionRequests().map(({ method, headers }) => [method, headers.referer])).toEqual([
    ['PUT', undefined],
    ['POST', undefined],
  ])
})
