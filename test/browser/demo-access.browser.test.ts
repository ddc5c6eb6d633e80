import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { brotliCompressSync } from 'node:zlib'
import type { AxeResults, RunOptions } from 'axe-core'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { startBuiltDemo } from '../support/demo-app.ts'
import { addToCart, expectPieces, idOf, signIn, withDemo } from './support/demo-visitor.ts'

declare const axe: { run(context: Document, options: RunOptions): Promise<AxeResults> }

const visitor = withDemo(startBuiltDemo)
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds, as `rule: element`. The frames of the laboratory are the shop, which is looked at by itself. */
async function faultsOf(page: Page): Promise<string[]> {
  // Colours in the middle of a transition are nobody's.
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)))
  await page.evaluate(axeSource)
  return page.evaluate(async () => {
    const { violations } = await axe.run(document, { iframes: false, resultTypes: ['violations'] })
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`))
  })
}

const overflowOf = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement } = document
    return activeElement === document.body ? 'body' : (activeElement?.textContent ?? '').trim()
  })

const LOOKS: Record<string, BrowserContextOptions> = {
  'wide and light': { colorScheme: 'light' },
  'narrow and dark': { viewport: { width: 320, height: 800 }, colorScheme: 'dark' },
  'with forced colours and less motion': {
    viewport: { width: 768, height: 1000 },
    forcedColors: 'active',
    reducedMotion: 'reduce',
  },
}

const VIEWS = [
  '/',
  '/?q=nothing+of+the+kind',
  '/products/arc-lamp',
  '/cart',
  '/checkout',
  '/account',
  '/help?q=return',
  '/nowhere',
  '/lab',
]

/** Nine pages, each with axe: on a busy computer that takes longer than a test usually may. */
const MANY_PAGES_MS = 180_000

describe.each(Object.entries(LOOKS))('%s', { timeout: MANY_PAGES_MS }, (_, look) => {
  test('every view is clean for axe, fits the screen, and has a title and one heading of its own', async () => {
    await visitor.become(look)
    await visitor.consent('yes')
    const titles = new Set<string>()
    for (const view of VIEWS) {
      const page = await visitor.open(view)
      if (view.startsWith('/help')) await page.getByText(/answers$/).waitFor()
      expect(await faultsOf(page), view).toEqual([])
      expect(await overflowOf(page), `${view} is too wide`).toBeLessThanOrEqual(0)
      expect(await page.getByRole('heading', { level: 1 }).count(), view).toBe(1)
      titles.add(await page.title())
      await page.close()
    }
    expect(titles.size).toBe(VIEWS.length)
  })

  test('every state is clean for axe: consent, a filled cart, signed in, offline, cards', async () => {
    await visitor.become(look)
    const page = await visitor.open()
    expect(await faultsOf(page), 'consent').toEqual([])
    await page.getByRole('button', { name: 'Accept' }).click()
    await idOf(page)
    await addToCart(page, 'Arc lamp')
    await page.getByRole('link', { name: /^Cart 1 item/ }).click()
    await page.getByRole('link', { name: 'Check out' }).waitFor()
    expect(await faultsOf(page), 'cart').toEqual([])
    await signIn(page, 'ada.1@shop.example')
    expect(await faultsOf(page), 'account').toEqual([])

    await page.getByRole('link', { name: /^lab/i }).click()
    const card = page.getByRole('article', { name: /^8\./ })
    await card.getByRole('button').click()
    await card.getByText('✓ It holds').waitFor()
    await visitor.context.route('**/sessions/**', (route) => route.abort())
    await card.getByRole('button').click()
    await card.getByText('✗ Broken').waitFor({ timeout: 20_000 })
    await page.getByRole('switch', { name: 'Offline' }).click()
    expect(await faultsOf(page), 'laboratory').toEqual([])
    expect(await overflowOf(page)).toBeLessThanOrEqual(0)
  })
})

test('the keyboard reaches the products first, and the focus never falls to the body', async () => {
  const page = await visitor.open()
  await page.keyboard.press('Tab')
  expect(await focused(page)).toBe('Skip to products')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  expect(await focused(page)).toBe('Arc lamp')

  await page.getByRole('button', { name: 'Accept' }).press('Enter')
  expect(await focused(page), 'after the choice').not.toBe('body')
  await idOf(page)
  await addToCart(page, 'Arc lamp')
  await addToCart(page, 'Half cup')
  await page.getByRole('link', { name: /^Cart 2 items/ }).press('Enter')
  await expect.poll(() => focused(page)).toBe('Your cart')
  await page.getByRole('button', { name: 'Remove one Arc lamp' }).press('Enter')
  await expectPieces(page, 1)
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
    'Remove one Half cup',
  )
  await page.keyboard.press('Enter')
  await expectPieces(page, 0)
  expect(await focused(page)).toBe('Your cart')

  await signIn(page, 'ada.2@shop.example')
  expect(await focused(page)).toBe('Hello, ada.2@shop.example')
  await page.getByRole('button', { name: 'Sign out' }).press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
  expect(await focused(page)).toBe('Sign in')
  await page.getByRole('button', { name: /privacy/i }).press('Enter')
  await page.getByRole('button', { name: 'Refuse' }).press('Enter')
  expect(await focused(page), 'after another choice').toBe('Privacy choice')
})

test('what a visitor does is said in the live region', async () => {
  await visitor.consent('yes')
  const page = await visitor.open()
  const said = () =>
    page.getByRole('status').evaluateAll((regions) => regions.map(({ textContent }) => textContent).join(' '))
  await addToCart(page, 'Arc lamp')
  await expect.poll(said).toContain('Arc lamp added to the cart.')
  await page.getByRole('searchbox').fill('nothing of the kind')
  await page.keyboard.press('Enter')
  await expect.poll(said).toContain('No products found.')
})

test('the first view takes at most 130 kB of script, and no view shifts', async () => {
  await visitor.consent('yes')
  await visitor.context.addInitScript(() => {
    const shifts: string[] = []
    Object.assign(window, { shifts })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, sources } = entry as PerformanceEntry & {
          value: number
          sources: { node?: Element }[]
        }
        shifts.push(`${value.toFixed(4)} ${sources.map(({ node }) => node?.className).join(', ')}`)
      }
    }).observe({ type: 'layout-shift', buffered: true })
  })
  const scripts = new Map<string, number>()
  visitor.context.on('response', async (response) => {
    if (response.request().resourceType() !== 'script' || response.status() !== 200) return
    scripts.set(response.url(), brotliCompressSync(await response.body()).length)
  })
  const page = await visitor.open()
  await idOf(page)
  await page.waitForLoadState('networkidle')
  const bytes = [...scripts.values()].reduce((sum, length) => sum + length, 0)
  console.info(`The first view takes ${(bytes / 1_000).toFixed(1)} kB of script, with brotli`)
  expect(scripts.size).toBeGreaterThan(2)
  expect(bytes).toBeLessThan(130_000)
  for (const view of ['/', '/products/one-stem', '/cart', '/help?q=return', '/account', '/lab']) {
    await page.goto(visitor.demo.url + view)
    await page.waitForLoadState('networkidle').catch(() => undefined) // The laboratory's stream never ends.
    expect(await page.evaluate(() => (window as unknown as { shifts: string[] }).shifts), view).toEqual([])
  }
})
