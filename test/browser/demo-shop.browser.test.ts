import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { startDemo } from '../support/demo-app.ts'
import { addToCart, expectPieces, idOf, KEY, signIn, storedId, withDemo } from './support/demo-visitor.ts'

const visitor = withDemo(startDemo)

const sessionCalls = () => visitor.sent.filter((line) => line.includes('/sessions/'))
const keysOf = (page: Page) =>
  page.evaluate((key) => Object.keys(localStorage).filter((name) => name.startsWith(key)), KEY)
const searchHelp = async (page: Page, words: string, timeout = 30_000) => {
  await page.getByRole('searchbox', { name: /help/i }).fill(words)
  await page.keyboard.press('Enter')
  await page.getByText(/^\d+ answers?$/).waitFor({ timeout })
}
const setWeather = (weather: string) =>
  visitor.context.addCookies([{ name: 'halfnote-weather', value: weather, url: visitor.demo.url }])

test('a visitor gets one session, which a reload and a second tab share without asking again', async () => {
  await visitor.consent('yes')
  const first = await visitor.open()
  const id = await idOf(first)
  await expect.poll(sessionCalls).toEqual(['PUT /gks-server/v1/sessions/new'])
  await first.reload()
  expect(await idOf(first)).toBe(id)
  const second = await visitor.open()
  expect(await idOf(second)).toBe(id)
  expect(sessionCalls()).toHaveLength(1)
})

test('until the visitor has chosen, nothing is stored and nothing is sent; then either choice is obeyed', async () => {
  const page = await visitor.open()
  const banner = page.getByRole('region', { name: /remember your session/i })
  await addToCart(page, 'Arc lamp')
  await expectPieces(page, 1)
  expect(await keysOf(page)).toEqual([])
  expect(sessionCalls()).toEqual([])

  await banner.getByRole('button', { name: 'Refuse' }).click()
  await page.reload()
  await banner.waitFor({ state: 'detached' })
  await expectPieces(page, 1)
  expect([await keysOf(page), sessionCalls()]).toEqual([[], []])

  await page.getByRole('button', { name: /privacy/i }).click()
  await banner.getByRole('button', { name: 'Accept' }).click()
  await idOf(page)
  // What was in the tab's cart is the session's now.
  await expectPieces(await visitor.open(), 1)
})

test('consent withdrawn in one tab takes the session out of both', async () => {
  await visitor.consent('yes')
  const [first, second] = [await visitor.open(), await visitor.open()]
  await idOf(first)
  await first.getByRole('button', { name: /privacy/i }).click()
  await first.getByRole('button', { name: 'Refuse' }).click()
  await expect.poll(() => keysOf(second)).toEqual([])
  visitor.sent.length = 0
  await second.reload()
  await second.goto(`${visitor.demo.url}/help`)
  await searchHelp(second, 'return')
  expect(visitor.sent.filter((line) => line.includes('sessionId') || line.includes('/sessions/'))).toEqual([])
  expect(await keysOf(second)).toEqual([])
})

test('the cart survives a reload, and every tab follows it over one stream', async () => {
  await visitor.consent('yes')
  const streams: string[] = []
  visitor.context.on('request', (request) => {
    if (request.url().endsWith('/demo/stream')) streams.push(request.url())
  })
  const [first, second] = [await visitor.open(), await visitor.open()]
  await idOf(first)
  await addToCart(first, 'Arc lamp')
  await addToCart(first, 'Half cup')
  await expectPieces(second, 2)
  await second.goto(`${visitor.demo.url}/cart`)
  await second.getByRole('button', { name: 'Remove one Arc lamp' }).click()
  await expectPieces(first, 1)
  await second.reload()
  await expectPieces(second, 1)
  // The first tab holds it; the others listen to that tab.
  expect(streams).toHaveLength(1)
})

test('a sign-in merges the carts, and a sign-out leaves an empty one in every tab', async () => {
  await visitor.consent('yes')
  const [first, second] = [await visitor.open(), await visitor.open()]
  const id = await idOf(first)
  await addToCart(first, 'Desk bell')
  await signIn(first, 'ada.1@shop.example')
  await expect.poll(sessionCalls).toContain(`POST /gks-server/v1/sessions/${id}`)
  await second.getByRole('link', { name: 'Account' }).waitFor()
  await first.getByRole('button', { name: 'Sign out' }).click()
  await expect.poll(() => storedId(first)).not.toBe(id)
  for (const page of [first, second]) await expectPieces(page, 0)
  expect(await idOf(second)).toBe(await idOf(first))

  await first.goto(visitor.demo.url)
  await addToCart(first, 'Half cup')
  await signIn(first, 'ada.1@shop.example')
  // The bell of the first visit, and the cup of this one.
  for (const page of [first, second]) await expectPieces(page, 2)
})

test('a product is found, ordered, and the cart is empty afterwards', async () => {
  await visitor.consent('yes')
  const page = await visitor.open()
  await idOf(page)
  await page.getByRole('searchbox', { name: /search products/i }).fill('lamp')
  await page.keyboard.press('Enter')
  await page.getByText('1 product', { exact: true }).waitFor()
  await page.getByRole('link', { name: 'Arc lamp' }).click()
  await page.getByRole('heading', { level: 1, name: 'Arc lamp' }).waitFor()
  await addToCart(page, 'Arc lamp')
  await page.getByRole('link', { name: /^Cart 1 item/ }).click()
  await page.getByRole('link', { name: 'Check out' }).click()
  await page.getByRole('button', { name: 'Place order' }).click()
  await page.getByRole('heading', { level: 1, name: 'Thank you.' }).waitFor()
  await expectPieces(page, 0)
})

test('the help centre answers with the session, and thanks for a vote', async () => {
  await visitor.consent('yes')
  const page = await visitor.open('/help')
  const id = await idOf(page)
  await searchHelp(page, 'return')
  expect(visitor.sent.find((line) => line.includes('/help/search'))).toContain(`sessionId=${id}`)
  await page.getByRole('button', { name: /^yes/i }).first().click()
  await page.getByText('Thank you for telling us.').waitFor()
  await expect.poll(() => visitor.sent.at(-1)).toBe(`POST /gks-server/v1/help/feedback?sessionId=${id}`)
})

test.each(['down', 'slow', 'busy', 'html'])(
  'the shop works while the API is “%s”, and the session heals by itself afterwards',
  async (weather) => {
    await visitor.consent('yes')
    await setWeather(weather)
    const page = await visitor.open('/help')
    await searchHelp(page, 'lamp')
    await setWeather('normal')
    await idOf(page)
  },
)

test('F75: modules that are replaced while the page lives cost no second session', async () => {
  await visitor.consent('yes')
  const page = await visitor.open('/help')
  const id = await idOf(page)
  await searchHelp(page, 'delivery')
  let loads = 0
  page.on('load', () => loads++)
  for (const path of [
    'demo/src/app.tsx',
    'demo/src/session.ts',
    'src/react/session-provider.tsx',
    'src/react/use-session.ts',
    'src/core/session-client.ts',
  ]) {
    const isReplaced = Promise.race([
      page.waitForEvent('console', (message) => message.text().includes('hot updated')),
      page.waitForEvent('load'),
    ])
    visitor.demo.save(path)
    await isReplaced
    expect(await idOf(page), path).toBe(id)
  }
  expect(loads, 'a page that was loaded anew instead').toBe(0)
  expect(sessionCalls()).toEqual(['PUT /gks-server/v1/sessions/new'])
  // React shows what was replaced a moment later, and a form that is filled in just then is an empty one.
  await expect
    .poll(() => searchHelp(page, 'return', 1_000).then(() => visitor.sent.at(-1)), { timeout: 20_000 })
    .toContain(`q=return&sessionId=${id}`)
})
