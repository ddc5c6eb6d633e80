import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { closeWithin } from '../browser/support/bounded.ts'
import { launchChromium } from '../browser/support/chromium.ts'
import { freePort } from '../server/support/redis-server.ts'
import { run } from './support.ts'

const MAX_SECONDS = 120
/** What Vite and React write to the console of every app in development. */
const OF_THE_TOOLS = /^\[vite\] connect|Download the React DevTools/

const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8')
const section = /<!-- first-run -->(.*?)<!-- \/first-run -->/s.exec(readme)?.[1] ?? ''
const blocks = [...section.matchAll(/```(\w+)\n(.*?)```/gs)].map(([, language = '', code = '']) => ({
  language,
  code,
}))
const commands = blocks.filter(({ language }) => language === 'sh').map(({ code }) => code.trim())
/** Blocks that begin with a comment which names a file. */
const files = blocks.flatMap(({ code }) => {
  const name = /^\/\/ (\S+)\n/.exec(code)?.[1]
  return name ? [{ name, code }] : []
})

const folder = mkdtempSync(join(tmpdir(), 'storefront-first-hour-'))
let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(async () => {
  await closeWithin(20_000, browser)
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
})

/** The app of the README's first section, from an empty folder. Returns its path, and the template's configuration. */
async function makeApp() {
  await run(folder, 'npm create --yes vite@latest shop -- --template react-ts --no-interactive')
  const app = join(folder, 'shop')
  for (const command of commands)
    await run(app, command.replace('storefront-session', inject('tarball')), '--no-audit', '--no-fund')
  const config = readFileSync(join(app, 'vite.config.ts'), 'utf8')
  for (const { name, code } of files) writeFileSync(join(app, name), code)
  return { app, config }
}

async function startDevServer(app: string) {
  const port = await freePort()
  // Not npm run dev: killing npm leaves its child running.
  const server = spawn(
    'node',
    ['node_modules/vite/bin/vite.js', '--port', `${port}`, '--host', '127.0.0.1'],
    {
      cwd: app,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  server.stdout.resume()
  const url = `http://127.0.0.1:${port}/`
  // The first thing that Vite prints need not be that it listens.
  const answers = () =>
    fetch(url).then(
      () => true,
      () => false,
    )
  await vi.waitUntil(answers, { timeout: 30_000, interval: 100 })
  return {
    url,
    async close() {
      server.kill()
      await once(server, 'exit')
    },
  }
}

async function readyText(page: Page, log: unknown): Promise<string | null> {
  const ready = page.getByText(/^ready: [\w-]+$/)
  await ready.waitFor().catch(async (cause) => {
    const shown = await page.locator('body').innerText()
    throw new Error(`The page shows "${shown}", not a ready session. ${JSON.stringify(log)}`, { cause })
  })
  return ready.textContent()
}

/** A browser profile, with its requests to the API and what its pages write to the console. */
async function visitor() {
  const context = await browser.newContext()
  const requests: string[] = []
  const messages: string[] = []
  context.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (pathname.includes('/sessions/')) requests.push(`${request.method()} ${pathname}`)
  })
  context.on('console', (message) => {
    if (!OF_THE_TOOLS.test(message.text())) messages.push(`${message.type()}: ${message.text()}`)
  })
  context.on('weberror', (error) => messages.push(String(error.error())))
  return { context, requests, messages }
}

/** The same app with the configuration of the template: Vite answers 404 where the API should be. */
async function expectOneWarning(app: string, config: string) {
  writeFileSync(join(app, 'vite.config.ts'), config)
  const server = await startDevServer(app)
  const { context, requests, messages } = await visitor()
  try {
    const page = await context.newPage()
    await page.goto(server.url)
    await vi.waitUntil(() => requests.length >= 3, { timeout: 30_000, interval: 100 })
    // The browser itself logs each failed request.
    const ours = messages.filter((text) => !text.includes('Failed to load resource'))
    expect(ours).toHaveLength(1)
    expect(ours[0]).toMatch(/^warning: /)
    expect(ours[0]).toContain(`PUT ${server.url}gks-server/v1/sessions/new answered 404`)
    expect(ours[0]).toContain(`npx storefront-session doctor ${server.url}gks-server/v1`)
  } finally {
    await closeWithin(10_000, context)
    await server.close()
  }
}

test("the README's first section, in a fresh Vite app, shows a ready session within two minutes, and one warning without the API", async () => {
  expect(commands, 'the section shows the install line').toHaveLength(1)
  expect(files.map(({ name }) => name)).toEqual(['vite.config.ts', 'src/main.tsx'])

  const start = performance.now()
  const { app, config } = await makeApp()
  const server = await startDevServer(app)
  const { context, requests, messages } = await visitor()
  try {
    const page = await context.newPage()
    await page.goto(server.url)
    const shown = await readyText(page, { requests, messages })
    const seconds = (performance.now() - start) / 1000
    console.log(`From an empty folder to a ready session: ${seconds.toFixed(0)} s`)

    await page.reload()
    expect(await readyText(page, { requests, messages })).toBe(shown)
    const second = await context.newPage()
    await second.goto(server.url)
    expect(await readyText(second, { requests, messages })).toBe(shown)
    expect(requests).toEqual(['PUT /gks-server/v1/sessions/new'])
    expect(messages).toEqual([])
    expect(seconds).toBeLessThan(MAX_SECONDS)
  } finally {
    await closeWithin(10_000, context)
    await server.close()
  }
  // What the template's own type check and build say of the same files.
  expect(await run(app, 'npm run build')).toContain('built in')
  await expectOneWarning(app, config)
})
