// The moving picture of the README: `npm run demo:film` builds the demo, drives two tabs of it in Chromium, and writes
// `demo/two-tabs.webp`. CHROMIUM_PATH names a browser in another place.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { build, preview } from 'vite'
import { animatedWebp } from './animated-webp.mjs'
import { drawFrame, FILM, TAB } from './draw-frame.mjs'

const MOST_BYTES = 400_000
const QUALITY = 0.8
const here = (path) => fileURLToPath(new URL(path, import.meta.url))

const folder = mkdtempSync(join(tmpdir(), 'storefront-film-'))
process.env.DEMO_DATA_DIR = folder
process.env.NODE_ENV = 'production'
const shared = {
  mode: 'demo',
  configFile: here('../../vite.config.ts'),
  logLevel: 'error',
  build: { outDir: join(folder, 'dist') },
}
await build(shared)
const server = await preview({ ...shared, preview: { port: 0, host: '127.0.0.1' } })
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
})
try {
  const film = await shoot(browser, `http://127.0.0.1:${server.httpServer.address().port}`)
  if (film.length > MOST_BYTES) throw new Error(`The film has ${film.length} bytes, more than ${MOST_BYTES}`)
  writeFileSync(here('../two-tabs.webp'), film)
  console.log(`demo/two-tabs.webp: ${Math.round(film.length / 1_000)} kB`)
} finally {
  await browser.close()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
}

/** What happens, and how long each picture of it stays, in milliseconds. */
async function shoot(browser, url) {
  const context = await browser.newContext({ viewport: TAB, reducedMotion: 'reduce', colorScheme: 'light' })
  await context.addInitScript(() => localStorage.setItem('halfnote-consent', 'yes'))
  const open = async () => {
    const page = await context.newPage()
    await page.goto(url)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.waitForFunction(() => localStorage.getItem('storefront-session'))
    return page
  }
  const tabs = [await open(), await open()]
  const [first, second] = tabs
  const desk = await (await browser.newContext()).newPage()
  const frames = []

  /** One picture of both tabs. `click`: the control that is about to be used, in one of them. */
  const take = async (caption, ms, click) => {
    const drawn = []
    for (const [index, page] of tabs.entries()) {
      const id = await page.evaluate(() => localStorage.getItem('storefront-session') ?? '')
      const box = click?.page === page ? await click.control.boundingBox() : undefined
      drawn.push({
        picture: (await page.screenshot({ style: '.announcer { visibility: hidden }' })).toString('base64'),
        name: `Tab ${'AB'[index]}`,
        mask: id ? `session ${id.slice(0, 4)}…${id.slice(-4)}` : 'session …',
        ...(box && { ring: { x: box.x + box.width / 2, y: box.y + box.height / 2 } }),
      })
    }
    const part = await desk.evaluate(drawFrame, {
      caption,
      tabs: drawn,
      tab: TAB,
      film: FILM,
      quality: QUALITY,
    })
    const last = frames.at(-1)
    if (part) frames.push({ ...part, webp: Buffer.from(part.webp, 'base64'), ms })
    else if (last) last.ms += ms
  }
  const click = async (page, control, caption) => {
    await take(caption, 700, { page, control })
    await control.click()
  }
  const cartOf = (page, count) =>
    page
      .getByRole('banner')
      .getByRole('link', { name: new RegExp(`^cart ${count} `, 'i') })
      .waitFor()

  await take('One visitor, two tabs, one session', 1_800)

  const add = first.getByRole('button', { name: 'Add Arc lamp' })
  // The picture of the lamp stands above its button.
  await add.evaluate((button) => button.scrollIntoView({ block: 'end' }))
  await click(first, add, 'Tab A puts a lamp into the cart …')
  await Promise.all(tabs.map((page) => cartOf(page, 1)))
  await take('… and tab B has it, too: the cart belongs to the session', 2_000)

  await click(second, second.getByRole('banner').getByRole('link', { name: 'Sign in' }), 'Tab B signs in …')
  const name = second.getByRole('textbox', { name: /customer/i })
  for (const text of ['ada', 'ada@shop', 'ada@shop.example']) {
    await name.fill(text)
    await take('Tab B signs in …', 300)
  }
  await second.keyboard.press('Enter')
  await second.getByText('Your session knows you').waitFor()
  await first.getByRole('banner').getByRole('link', { name: 'Account' }).waitFor()
  await take('… and both tabs know who it is', 2_000)

  await click(second, second.getByRole('button', { name: 'Sign out' }), 'Tab B signs out …')
  await Promise.all(tabs.map((page) => cartOf(page, 0)))
  await first.waitForFunction(() => localStorage.getItem('storefront-session'))
  await take('… and no tab keeps anything of it: a new session begins', 2_400)
  return animatedWebp(FILM.width, FILM.height, frames)
}
