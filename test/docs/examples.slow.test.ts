import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { launchChromium } from '../browser/support/chromium.ts'
import { run } from '../package/support.ts'
import { EXAMPLES, startExample } from './support/example-server.ts'
import { exampleNames, installExample } from './support/install-example.ts'

const SESSIONS = '**/gks-server/v1/sessions/**'
const scratch = mkdtempSync(join(tmpdir(), 'storefront-examples-'))
let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
})

/** Installs and builds examples one after the other, while those that are ready are visited. */
const QUEUE_MS = 900_000
let turn: Promise<unknown> = Promise.resolve()
function inTurn<Result>(prepare: () => Promise<Result>): Promise<Result> {
  const result = turn.then(prepare)
  turn = result.catch(() => undefined)
  return result
}

/** What a page shows behind a word: "Session: abc" is `abc`. */
const shown = async (page: Page, word: string, pattern: RegExp): Promise<string> => {
  const line = page.getByText(new RegExp(`^${word}: ${pattern.source}`))
  await line.waitFor()
  return ((await line.textContent()) ?? '').slice(word.length + 2)
}
const ID = /[\w-]{16,}/

/** A visitor: a browser profile of its own, with a log of what its pages ask the API and say on the console. */
async function visit(url: string, hasCart: boolean) {
  const context: BrowserContext = await browser.newContext()
  const calls: string[] = []
  const carts: URL[] = []
  const said: string[] = []
  context.on('request', (request) => {
    const { pathname, href } = new URL(request.url())
    if (pathname.includes('/sessions/')) calls.push(request.method())
    if (pathname === '/api/cart') carts.push(new URL(href))
  })
  context.on('console', (message) => said.push(message.text()))
  if (!hasCart) await context.route('**/api/cart*', (route) => route.fulfill({ json: { items: 0 } }))
  return {
    context,
    calls,
    carts,
    said,
    async open() {
      const page = await context.newPage()
      await page.goto(url)
      return page
    },
  }
}

describe.concurrent.each(EXAMPLES.map((example) => [example.name, example] as const))(
  'the example %s',
  (_, example) => {
    let url = ''
    let close: (() => Promise<void>) | undefined
    beforeAll(async () => {
      const server = await inTurn(async () =>
        startExample(example, await installExample(example.name, scratch, inject('tarball'))),
      )
      url = server.url
      close = server.close
    }, QUEUE_MS)
    afterAll(() => close?.())

    test('makes one session on a first visit, says nothing on the console, and keeps it for a reload and a second tab', async () => {
      const { context, calls, said, open } = await visit(url, example.hasCart)
      const first = await open()
      const id = await shown(first, 'Session', ID)
      expect(calls).toEqual(['PUT'])
      await first.reload()
      expect(await shown(first, 'Session', ID)).toBe(id)
      const second = await open()
      expect(await shown(second, 'Session', ID)).toBe(id)
      expect(calls).toEqual(['PUT'])
      expect(said).toEqual([])
      await context.close()
    })

    test('shows a sign-in and a sign-out in every tab', async () => {
      const { context, open } = await visit(url, example.hasCart)
      const first = await open()
      const id = await shown(first, 'Session', ID)
      const second = await open()
      await shown(second, 'Session', ID)
      await first.getByRole('button', { name: 'Sign in' }).click()
      await shown(first, 'Customer', /ada/)
      await shown(second, 'Customer', /ada/)
      expect(await shown(second, 'Session', ID)).toBe(id)

      await first.getByRole('button', { name: 'Sign out' }).click()
      await shown(first, 'Customer', /nobody/)
      await shown(second, 'Customer', /nobody/)
      const next = await shown(first, 'Session', ID)
      expect(next).not.toBe(id)
      expect(await shown(second, 'Session', ID)).toBe(next)
      await context.close()
    })

    test('asks for the cart with the id, also while the API is down', async () => {
      const { context, carts, open } = await visit(url, example.hasCart)
      const page = await open()
      const id = await shown(page, 'Session', ID)
      await context.route(SESSIONS, (route) => route.abort())
      await page.reload()
      // Before hydration the button of an Astro island hears no click.
      expect(await shown(page, 'Session', ID)).toBe(id)
      await page.getByRole('button', { name: 'Load the cart' }).click()
      await shown(page, 'Cart', /\{"items":0/)
      expect(carts.map(({ searchParams }) => searchParams.get('sessionId'))).toEqual([id])
      await context.close()
    })

    test('works on a first visit while the API is down, and has a session when it is back', async () => {
      const { context, carts, open } = await visit(url, example.hasCart)
      await context.route(SESSIONS, (route) => route.abort())
      const page = await open()
      await page.locator('p[role=alert]').waitFor()
      await page.getByRole('button', { name: 'Load the cart' }).click()
      await shown(page, 'Cart', /\{"items":0/)
      expect(carts.map(({ searchParams }) => searchParams.get('sessionId'))).toEqual([null])
      await context.unroute(SESSIONS)
      await shown(page, 'Session', ID)
      await context.close()
    })

    if (example.loader)
      test('loads a route whose loader waits for the session, also while the API is down', async () => {
        const { context, carts, open } = await visit(url, example.hasCart)
        const page = await open()
        const id = await shown(page, 'Session', ID)
        await page.getByRole('link', { name: 'To the cart' }).click()
        await shown(page, 'Cart', /\{"items":0/)
        expect(carts.map(({ searchParams }) => searchParams.get('sessionId'))).toEqual([id])
        await context.close()

        const other = await visit(url, example.hasCart)
        await other.context.route(SESSIONS, (route) => route.abort())
        const down = await other.context.newPage()
        await down.goto(`${url}cart`)
        await shown(down, 'Cart', /\{"items":0/)
        await other.context.close()
      })

    if (example.personal)
      test('renders the id on the server for a visitor who has the cookie', async () => {
        const { context, open } = await visit(url, example.hasCart)
        const page = await open()
        const id = await shown(page, 'Session', ID)
        const answer = await page.goto(`${url}${example.personal}`)
        expect(await answer?.text()).toContain(id)
        await context.close()
        const stranger = await fetch(`${url}${example.personal}`)
        expect(await stranger.text()).not.toMatch(/Session: (<!-- -->)?[\w-]{16,}/)
      })
  },
)

test.concurrent(
  'the modules of the guide to useAssociate compile under strict',
  async () => {
    const folder = await inTurn(() => installExample('auth', scratch, inject('tarball')))
    expect(await run(folder, 'npx tsc --noEmit')).toBe('')
  },
  QUEUE_MS,
)

test('each folder of docs/examples is built, compiled or run by a test', () => {
  // test/server holds what is in server/.
  const tested = [...EXAMPLES.map(({ name }) => name), 'auth', 'fetch-clients', 'server', 'testing']
  expect(exampleNames().sort()).toEqual(tested.sort())
})
