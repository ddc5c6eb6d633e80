import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import type { Demo } from '../../support/demo-app.ts'
import { closeWithin } from './bounded.ts'
import { launchChromium } from './chromium.ts'

export const KEY = 'storefront-session'

/** A visitor of the demo in Chromium; a fresh one for each test, who has not chosen yet. */
export interface DemoVisitor<Started extends Demo> {
  demo: Started
  context: BrowserContext
  /** What the pages sent to the session API and to the shop's backend, as `METHOD path?query`. */
  sent: string[]
  open(path?: string): Promise<Page>
  /** The choice, before any page is opened. */
  consent(choice: 'yes' | 'no'): Promise<void>
  /** Another visitor in place of this one, for example with another screen. */
  become(options: BrowserContextOptions): Promise<void>
}

const WIDE: BrowserContextOptions = { viewport: { width: 1440, height: 900 } }

export function withDemo<Started extends Demo>(start: () => Promise<Started>): DemoVisitor<Started> {
  let browser: Browser
  const begin = async (options: BrowserContextOptions) => {
    visitor.context = await browser.newContext({ ...WIDE, ...options })
    visitor.sent.length = 0
    visitor.context.on('request', (request) => {
      const { pathname, search } = new URL(request.url())
      if (/^\/(gks-server|api)\//.test(pathname))
        visitor.sent.push(`${request.method()} ${pathname}${search}`)
    })
  }
  const visitor: DemoVisitor<Started> = {
    // There from beforeAll and beforeEach on.
    demo: undefined as unknown as Started,
    context: undefined as unknown as BrowserContext,
    sent: [],
    async open(path = '/') {
      const page = await visitor.context.newPage()
      await page.goto(visitor.demo.url + path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      return page
    },
    async consent(choice) {
      await visitor.context.addInitScript((value) => {
        // Only where nothing was chosen: a test may choose again.
        if (localStorage.getItem('halfnote-consent') === null) localStorage.setItem('halfnote-consent', value)
      }, choice)
    },
    async become(options) {
      await closeWithin(10_000, visitor.context)
      await begin(options)
    },
  }
  beforeAll(async () => {
    visitor.demo = await start()
    browser = await launchChromium()
  })
  afterAll(async () => {
    await closeWithin(20_000, browser)
    await visitor.demo?.close()
  })
  beforeEach(() => begin({}))
  afterEach(() => closeWithin(10_000, visitor.context))
  return visitor
}

export const storedId = (page: Page): Promise<string | null> =>
  page.evaluate((key) => localStorage.getItem(key), KEY)

/** Waits for it. */
export async function idOf(page: Page): Promise<string> {
  await expect.poll(() => storedId(page), { timeout: 15_000 }).toMatch(/^[\w-]{16,}$/)
  return String(await storedId(page))
}

/** How many pieces the cart in the banner says. */
const piecesIn = async (page: Page): Promise<number> => {
  const name = await page.getByRole('banner').getByRole('link', { name: /^cart/i }).textContent()
  return Number(name?.match(/\d+/)?.[0] ?? 0)
}

export const expectPieces = (page: Page, count: number): Promise<void> =>
  expect.poll(() => piecesIn(page), { timeout: 15_000 }).toBe(count)

export const addToCart = (page: Page, name: string): Promise<void> =>
  page
    .getByRole('main')
    .getByRole('button', { name: `Add ${name}` })
    .click()

export async function signIn(page: Page, customer: string): Promise<void> {
  await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).click()
  await page.getByRole('textbox', { name: /customer/i }).fill(customer)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: `Hello, ${customer}` }).waitFor()
}
