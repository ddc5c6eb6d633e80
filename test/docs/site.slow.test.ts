import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '../browser/support/chromium.ts'
import { type BuiltSite, buildSite } from './support/built-site.ts'

const folder = mkdtempSync(join(tmpdir(), 'storefront-docs-'))
let site: BuiltSite
let browser: Browser
beforeAll(async () => {
  site = await buildSite(folder)
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  await site?.close()
  rmSync(folder, { recursive: true, force: true })
})

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const options: RunOptions = { resultTypes: ['violations'] }
  const { violations } = await page.evaluate(
    (run) => (window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run(run),
    options,
  )
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`))
}

/** What is too wide or too small to read on a narrow phone. */
const unreadable = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const problems: string[] = []
    const { scrollWidth } = document.documentElement
    if (scrollWidth > innerWidth) problems.push(`The page is ${scrollWidth} pixels wide`)
    for (const element of document.querySelectorAll('.VPContent :is(p, li, td, th, code, a, h1, h2, h3)')) {
      const size = Number.parseFloat(getComputedStyle(element).fontSize)
      if (size < 12) problems.push(`${size} pixels: ${element.outerHTML.slice(0, 80)}`)
    }
    return problems
  })

test('axe finds nothing on any page, wide and light or narrow and dark, and at 360 pixels all is readable', async () => {
  const context = await browser.newContext({ reducedMotion: 'reduce' })
  const page = await context.newPage()
  const found: Record<string, string[]> = {}
  for (const path of site.pages) {
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.emulateMedia({ colorScheme: 'light' })
    await page.goto(site.urlOf(path))
    const wide = await axeViolations(page)
    await page.setViewportSize({ width: 360, height: 800 })
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.locator('html.dark').waitFor()
    const narrow = [...(await axeViolations(page)), ...(await unreadable(page))]
    if (wide.length + narrow.length > 0)
      found[path || 'home'] = [
        ...wide.map((one) => `light, 1280: ${one}`),
        ...narrow.map((one) => `dark, 360: ${one}`),
      ]
  }
  await context.close()
  expect(found).toEqual({})
}, 900_000)

test('every link of the built site leads to a page and an anchor that are there', () => {
  const broken = site.pages.flatMap((from) => {
    const text = site.read(from) ?? ''
    const links = new Set([...text.matchAll(/<a\b[^>]*?\bhref="([^"]+)"/g)].map(([, href = '']) => href))
    return [...links]
      .map((href) => new URL(href.replaceAll('&amp;', '&'), site.urlOf(from)))
      .filter(({ origin }) => origin === new URL(site.urlOf('')).origin)
      .filter(({ pathname, hash }) => {
        const target = site.read(decodeURI(pathname.replace('/storefront-session/', '')))
        const id = decodeURIComponent(hash.slice(1))
        return target === undefined || (id !== '' && !target.includes(`id="${id}"`))
      })
      .map(({ pathname, hash }) => `${from || 'home'} → ${pathname}${hash}`)
  })
  expect(broken).toEqual([])
})

test('the site has a page for each error code, at the address that the messages name', async () => {
  const codes =
    'network timeout aborted http session-not-found invalid-response invalid-input disabled'.split(' ')
  expect(codes.filter((code) => !site.pages.includes(`errors/${code}`))).toEqual([])
})

test('each page stands beside its HTML as Markdown, and llms.txt leads to pages that are there', () => {
  const isPage = (page: string) => site.read(`${page.replace(/(^|\/)$/, '$1index')}.md`) !== undefined
  expect(site.pages.filter((page) => !isPage(page))).toEqual([])
  const list = site.read('llms.txt') ?? ''
  const addresses = [...list.matchAll(/\]\(https:\/\/[^/]+\/storefront-session\/(\S+?)\)/g)]
  expect(addresses.length).toBeGreaterThan(30)
  expect(addresses.filter(([, path = '']) => site.read(path) === undefined)).toEqual([])
})

test('the search finds a page by a word in it', async () => {
  const page = await browser.newPage()
  await page.goto(site.urlOf('start/vite'))
  await page.keyboard.press('Control+k')
  await page.getByRole('searchbox').fill('noeviction')
  await page.locator('.VPLocalSearchBox .result').first().waitFor()
  await page.close()
})
