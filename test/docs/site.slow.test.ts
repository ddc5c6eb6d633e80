import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
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

/** Calls `look` for each page of the site, and gives what it returned by the page's path. */
async function onEachPage<Found>(
  options: BrowserContextOptions,
  look: (page: Page) => Promise<Found[]>,
): Promise<Record<string, Found[]>> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const found: Record<string, Found[]> = {}
  for (const path of site.pages) {
    await page.goto(site.urlOf(path))
    await page.locator('.VPContent').waitFor()
    const here = await look(page)
    if (here.length) found[path || 'home'] = here
  }
  await context.close()
  return found
}

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

async function axeViolations(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: axePath })
  const options: RunOptions = { resultTypes: ['violations'] }
  const { violations } = await page.evaluate(
    (run) => (window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run(run),
    options,
  )
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`))
}

test.each([
  ['light', 1280],
  ['dark', 1280],
  ['light', 360],
] as const)('axe finds nothing on any page in %s mode at %i pixels', async (colorScheme, width) => {
  const options = { colorScheme, viewport: { width, height: 800 }, reducedMotion: 'reduce' as const }
  expect(await onEachPage(options, axeViolations)).toEqual({})
})

test('at 360 pixels no page scrolls sideways, and no text is smaller than 12 pixels', async () => {
  const found = await onEachPage({ viewport: { width: 360, height: 800 } }, (page) =>
    page.evaluate(() => {
      const problems: string[] = []
      const { scrollWidth } = document.documentElement
      if (scrollWidth > 360) problems.push(`The page is ${scrollWidth} pixels wide`)
      for (const element of document.querySelectorAll('.VPContent :is(p, li, td, th, code, a, h1, h2, h3)')) {
        const size = Number.parseFloat(getComputedStyle(element).fontSize)
        if (size < 12) problems.push(`${size} pixels: ${element.outerHTML.slice(0, 80)}`)
      }
      return problems
    }),
  )
  expect(found).toEqual({})
})

test('every link of the built site leads to a page and an anchor that are there', async () => {
  const links = await onEachPage({}, (page) =>
    page.evaluate(() =>
      [...document.querySelectorAll('a[href]')]
        .map((link) => (link as HTMLAnchorElement).href)
        .filter((href) => href.startsWith(location.origin)),
    ),
  )
  const broken = Object.entries(links).flatMap(([from, targets]) =>
    [...new Set(targets)]
      .filter((target) => {
        const { pathname, hash } = new URL(target)
        const text = site.read(decodeURI(pathname.replace('/storefront-session/', '')))
        if (text === undefined) return true
        const id = decodeURIComponent(hash.slice(1))
        return id !== '' && !text.includes(`id="${id}"`)
      })
      .map((target) => `${from} → ${target}`),
  )
  expect(broken).toEqual([])
})

test('the site has a page for each error code, at the address that the messages name', async () => {
  const codes =
    'network timeout aborted http session-not-found invalid-response invalid-input disabled'.split(' ')
  expect(codes.filter((code) => !site.pages.includes(`errors/${code}`))).toEqual([])
})

test('each page stands beside its HTML as Markdown, and llms.txt leads to pages that are there', () => {
  const isPage = (page: string) => site.read(`${page || 'index'}.md`) !== undefined
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
