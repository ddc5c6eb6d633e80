import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { SessionClient } from 'storefront-session/core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Trace } from '../../src/devtools/trace.ts'
import { type ApiServer, startApiServer } from '../support/api-server.ts'
import { closeWithin } from './support/bounded.ts'
import { launchChromium } from './support/chromium.ts'
import { NONCE, serveDevtools } from './support/devtools-site.ts'

declare const axe: { run(): Promise<AxeResults> }
declare const client: SessionClient

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let api: ApiServer
let browser: Browser
let context: BrowserContext

beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => closeWithin(20_000, browser))
beforeEach(async () => {
  api = await startApiServer()
  await serveDevtools(api)
  context = await browser.newContext()
})
afterEach(async () => {
  await closeWithin(10_000, context)
  await api.close()
})

const open = async (address: string) => {
  const page = await context.newPage()
  await page.goto(api.origin + address)
  await page.getByRole('button', { name: 'Session: ready' }).waitFor()
  return page
}
const panelOf = (page: Page) => page.getByRole('region', { name: 'Session devtools' })
const rowsOf = (page: Page, name: string) =>
  page.getByRole('list', { name, exact: true }).getByRole('listitem')
const colorOf = (page: Page) =>
  panelOf(page).evaluate((panel) => getComputedStyle(panel).backgroundColor.replace(/\s/g, ''))

test('two tabs with devtools each draw a lane of both, and a tab that is closed goes', async () => {
  const page = await open('/shop')
  const other = await open('/shop')
  await expect.poll(() => rowsOf(page, 'Tabs').count()).toBe(2)
  await other.evaluate(() => client.fetch('/gks-server/v1/help/search'))
  await expect
    .poll(() => rowsOf(page, 'Requests with the id').allInnerTexts())
    .toEqual([expect.stringContaining('GET /gks-server/v1/help/search tab 2')])
  const drawing = page.getByRole('figure', { name: 'Timeline' })
  const box = await drawing.boundingBox()
  expect([Number(box?.width) >= 200, Number(box?.height) >= 60]).toEqual([true, true])
  // PUT of the first tab; the second one found the session in storage. Each stands in its lane.
  await expect
    .poll(() => drawing.locator('svg').first().textContent())
    .toMatch(/this tab.*PUT .*created.*tab 2.*restored/)
  await other.close({ runBeforeUnload: true })
  await expect.poll(() => rowsOf(page, 'Tabs').count()).toBe(1)
})

test.each(['top-left', 'top-right', 'bottom-left', 'bottom-right'])(
  'at %s opener and panel stand inside the window, on a small screen too',
  async (position) => {
    const page = await open(`/shop?position=${position}`)
    for (const [width, height] of [
      [1280, 720],
      [320, 480],
    ] as const) {
      await page.setViewportSize({ width, height })
      for (const part of [panelOf(page), page.getByRole('button', { name: /^Session/ })]) {
        const box = await part.boundingBox()
        if (!box) throw new Error('It is not shown')
        expect(Math.min(box.x, box.y)).toBeGreaterThanOrEqual(0)
        expect(box.x + box.width).toBeLessThanOrEqual(width)
        expect(box.y + box.height).toBeLessThanOrEqual(height)
      }
    }
    const opener = await page.getByRole('button', { name: /^Session/ }).boundingBox()
    expect(Number(opener?.y) < 240).toBe(position.startsWith('top'))
    expect(Number(opener?.x) + Number(opener?.width) / 2 < 160).toBe(position.endsWith('left'))
  },
)

test('the colours are those of the page, or of the theme that is given', async () => {
  const [WHITE, BLACK] = ['rgb(255,255,255)', 'rgb(22,24,29)']
  expect(await colorOf(await open('/shop'))).toBe(WHITE)
  expect(await colorOf(await open('/dark'))).toBe(BLACK)
  expect(await colorOf(await open('/shop?theme=dark'))).toBe(BLACK)
  expect(await colorOf(await open('/dark?theme=light'))).toBe(WHITE)
})

test('under a policy that asks styles for a nonce the devtools look as they should, and nothing is refused', async () => {
  const refused: string[] = []
  context.on('console', (message) => message.type() === 'error' && refused.push(message.text()))
  const page = await open(`/strict?nonce=${NONCE}`)
  expect(await colorOf(page)).toBe('rgb(255,255,255)')
  expect(refused.filter((text) => text.includes('Content Security Policy'))).toEqual([])
  // Without the nonce the same page shows that the policy holds.
  expect(await colorOf(await open('/strict'))).toBe('rgba(0,0,0,0)')
})

test('open devtools are clean for axe in light, dark and with forced colours', async () => {
  const page = await open('/shop')
  await page.evaluate(() => client.associate({ customerId: 'ada' }))
  await page.evaluate(() => client.fetch('/elsewhere'))
  await page.evaluate(axeSource)
  const faults = () =>
    page.evaluate(async () =>
      (await axe.run()).violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`),
      ),
    )
  expect(await faults()).toEqual([])
  await page.emulateMedia({ forcedColors: 'active' })
  expect(await faults()).toEqual([])
  const dark = await open('/shop?theme=dark')
  await dark.evaluate(axeSource)
  expect(
    await dark.evaluate(async () =>
      (await axe.run()).violations.flatMap(({ nodes }) => nodes.map(({ html }) => html)),
    ),
  ).toEqual([])
})

test('the trace that is downloaded tells both tabs and no id', async () => {
  const page = await open('/shop')
  const other = await open('/shop')
  await other.evaluate(() => client.associate({ customerId: 'ada@shop.example' }))
  await expect.poll(() => rowsOf(page, 'Events').first().innerText()).toContain('associated')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export trace' }).click(),
  ])
  const text = readFileSync(await download.path(), 'utf8')
  const id = String(await page.evaluate(() => client.getState().sessionId))
  expect(text).not.toContain(id)
  expect(text).not.toContain('ada')
  const { tabs }: Trace = JSON.parse(text)
  expect(tabs.map(({ session }) => session)).toEqual(['session 1', 'session 1'])
  expect(tabs[1]?.notes.map(({ type }) => type)).toEqual(['restored', 'called', 'associated'])
})

test('inside TanStack Devtools the plugin shows the panel, in their theme', async () => {
  const page = await context.newPage()
  await page.goto(`${api.origin}/shop?host=tanstack`)
  await panelOf(page).waitFor()
  await expect.poll(() => panelOf(page).locator('dd').first().innerText()).toBe('ready')
  expect(await panelOf(page).getAttribute('data-theme')).toBe('dark')
  expect(await colorOf(page)).toBe('rgb(22,24,29)')
})
