import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { startBuiltDemo } from '../support/demo-app.ts'
import { addToCart, expectPieces, idOf, withDemo } from './support/demo-visitor.ts'

const visitor = withDemo(startBuiltDemo)

/** For a busy computer. */
const SOON = { timeout: 15_000 }

const openLab = () => visitor.open('/lab')
const cardOf = (page: Page, number: number) =>
  page.getByRole('article', { name: new RegExp(`^${number}\\.`) })
const frameOf = (page: Page, label: string) => page.frameLocator(`iframe[title^="Tab ${label}"]`)
const stateOf = (page: Page, label: string) =>
  page
    .getByRole('listitem')
    .filter({ hasText: `Tab ${label}` })
    .locator('.frame-state')

/** What the card says once it has measured. */
async function verdictOf(page: Page, number: number): Promise<string> {
  const card = cardOf(page, number)
  expect(await card.getByRole('status').innerText()).toBe('')
  await card.getByRole('button', { name: /^run/i }).click()
  await card.getByText(/^[✓✗] (It holds|Broken)$/).waitFor({ timeout: 40_000 })
  return card.getByRole('status').innerText()
}

const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]

test.each(numbers)('the card of promise %i measures that it is kept', async (number) => {
  await visitor.consent('yes')
  const page = await openLab()
  const id = await idOf(page)
  expect(await verdictOf(page, number)).toMatch(/^✓/)
  // The visitor's own session is as it was, and nothing of the card is left.
  expect(await idOf(page)).toBe(id)
  const left = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('-card-')))
  await expect.poll(left, SOON).toEqual([])
})

test.each([1, 6, 8, 11])('with the requests cut, the card of promise %i shows a cross', async (number) => {
  await visitor.consent('yes')
  const page = await openLab()
  await visitor.context.route('**/sessions/**', (route) => route.abort())
  expect(await verdictOf(page, number)).toMatch(/^✗/)
})

test.each([1, 2, 4, 7])('with storage altered, the card of promise %i shows a cross', async (number) => {
  await visitor.consent('yes')
  await visitor.context.addInitScript(() => {
    const { setItem } = Storage.prototype
    Storage.prototype.setItem = function (key, value) {
      setItem.call(this, key, key.startsWith('storefront-session') ? `x${value}` : value)
    }
  })
  const page = await openLab()
  expect(await verdictOf(page, number)).toMatch(/^✗/)
})

test('the frames begin together with one PUT, and share the session and the cart', async () => {
  await visitor.consent('yes')
  const page = await openLab()
  const id = await idOf(page)
  expect(visitor.sent.filter((line) => line.startsWith('PUT'))).toHaveLength(1)
  await frameOf(page, 'A').getByRole('button', { name: 'Add Half cup' }).click()
  await frameOf(page, 'B')
    .getByRole('link', { name: /^Cart 1 item/ })
    .waitFor()
  await expectPieces(page, 1)

  visitor.sent.length = 0
  await page.getByRole('button', { name: 'Begin anew in all tabs' }).click()
  await expect.poll(() => idOf(page), SOON).not.toBe(id)
  for (const label of ['A', 'B'])
    await expect.poll(() => stateOf(page, label).innerText(), SOON).toContain('kept in local')
  expect(visitor.sent.filter((line) => line.startsWith('PUT'))).toHaveLength(1)
})

test('the API weather is what the page’s own fetch meets, and every tab marks it', async () => {
  await visitor.consent('yes')
  const [page, other] = [await openLab(), await openLab()]
  const probe = () =>
    other.evaluate(async () => {
      const began = performance.now()
      const { status, headers } = await fetch('/gks-server/v1/sessions/new', { method: 'PUT' })
      return { status, type: headers.get('content-type'), ms: performance.now() - began }
    })
  const choose = async (name: string) => {
    await page.getByRole('radio', { name, exact: true }).check({ force: true })
    await expect.poll(() => other.getByRole('radio', { name, exact: true }).isChecked(), SOON).toBe(true)
  }
  await choose('Down')
  expect(await probe()).toMatchObject({ status: 503 })
  await choose('429')
  expect(await probe()).toMatchObject({ status: 429 })
  await choose('HTML')
  expect((await probe()).type).toContain('text/html')
  await choose('Slow')
  expect((await probe()).ms).toBeGreaterThan(1_200)
  await choose('Normal')
  expect(await probe()).toMatchObject({ status: 200 })
})

test('a lost session is found by the next request, and told', async () => {
  await visitor.consent('yes')
  const page = await openLab()
  const id = await idOf(page)
  const losses = async () => (await page.getByRole('main').innerText()).match(/\blost\b/gi)?.length ?? 0
  const before = await losses()
  await page.getByRole('button', { name: 'Lose the session' }).click()
  await expect.poll(losses, SOON).toBeGreaterThan(before)
  expect(await idOf(page)).toBe(id)
})

test('a tab that opens or closes, and its requests, are seen at once', async () => {
  await visitor.consent('yes')
  const page = await openLab()
  const tabs = page.getByRole('list', { name: 'Tabs' }).getByRole('listitem')
  await expect.poll(() => tabs.count(), SOON).toBe(3)
  const shop = await visitor.open()
  await expect.poll(() => tabs.count(), SOON).toBe(4)
  const server = page.getByRole('region', { name: /server/i })
  const before = await server.innerText()
  await addToCart(shop, 'Arc lamp')
  await expect.poll(() => server.innerText(), SOON).not.toBe(before)
  await expect
    .poll(() => page.getByRole('figure', { name: 'Timeline' }).textContent(), SOON)
    .toContain('POST /api/cart, with the id')
  const without = page.getByRole('list', { name: 'Requests without the id' })
  await expect.poll(() => without.innerText(), SOON).toMatch(/GET \/hours\.json\s+outside attach\.to/)
  await shop.getByRole('link', { name: 'Arc lamp' }).click()
  await expect
    .poll(() => without.innerText(), SOON)
    .toMatch(/\/api\/stock\/arc-lamp\s+refused by attach\.when/)
  await shop.close()
  await expect.poll(() => tabs.count(), SOON).toBe(3)
})

test('frames without storage keep their sessions in memory, and frames without locks share one', async () => {
  await visitor.consent('yes')
  const page = await openLab()
  await idOf(page)
  await page.getByRole('switch', { name: 'Storage blocked' }).click()
  for (const label of ['A', 'B'])
    await expect.poll(() => stateOf(page, label).innerText(), SOON).toContain('kept in memory')
  await page.getByRole('switch', { name: 'Storage blocked' }).click()
  await page.getByRole('switch', { name: 'Locks absent' }).click()
  visitor.sent.length = 0
  await expect.poll(() => stateOf(page, 'A').innerText(), SOON).toContain('kept in local')
  await page.getByRole('button', { name: 'Begin anew in all tabs' }).click()
  for (const label of ['A', 'B'])
    await expect.poll(() => stateOf(page, label).innerText(), SOON).toContain('kept in local')
  // Without locks they may have made two, and agree on one within a second.
  const differing = async () =>
    new Set(await Promise.all(['A', 'B'].map((label) => stateOf(page, label).innerText()))).size
  await expect.poll(differing, SOON).toBe(1)
})

test('offline, by the switch or by the browser, is told in every tab, and the cart waits', async () => {
  await visitor.consent('yes')
  const [page, shop] = [await openLab(), await visitor.open()]
  await idOf(shop)
  await page.getByRole('switch', { name: 'Offline' }).click()
  await shop.getByText('You are offline.').waitFor()
  await addToCart(shop, 'Arc lamp')
  await expectPieces(shop, 1)
  expect(visitor.sent.filter((line) => line.startsWith('POST /api/cart'))).toEqual([])
  await page.getByRole('switch', { name: 'Offline' }).click()
  await expectPieces(page, 1)
  await visitor.context.setOffline(true)
  await shop.getByText('You are offline.').waitFor()
  await visitor.context.setOffline(false)
  await shop.getByText('You are offline.').waitFor({ state: 'detached' })
})

test('the package’s devtools draw a lane for each tab, from its first request on, with ids masked', async () => {
  await visitor.consent('yes')
  const page = await openLab()
  const id = await idOf(page)
  const devtools = page.getByRole('region', { name: 'Session devtools' })
  const drawing = devtools.getByRole('figure', { name: 'Timeline' })
  // Three tabs began together: one of them made the session, two found it.
  await expect
    .poll(async () => (await drawing.textContent())?.match(/PUT \/sessions\/new, answered/g)?.length, SOON)
    .toBe(1)
  for (const name of ['Tab A of the shop', 'Tab B of the shop'])
    await devtools.getByRole('listitem').filter({ hasText: name }).first().waitFor()
  await expect.poll(() => devtools.innerText(), SOON).toContain('ready')
  expect(await devtools.innerHTML()).not.toContain(id)
  await devtools.getByRole('button', { name: 'Show sessionId' }).click()
  expect(await devtools.innerHTML()).toContain(id)
})

test('without consent the laboratory says that nothing is kept', async () => {
  await visitor.consent('no')
  const page = await openLab()
  await page.getByText('Nothing is kept.').waitFor()
  expect(await page.getByRole('main').innerText()).not.toMatch(/kept in local/i)
  expect(visitor.sent.filter((line) => line.includes('/sessions/'))).toEqual([])
})
