import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { startBuiltDemo } from '../support/demo-app.ts'
import { addToCart, expectPieces, idOf, withDemo } from './support/demo-visitor.ts'

// `UPDATE_PICTURES=1 npx vitest run --project browser test/browser/demo-pictures.browser.test.ts` takes them anew.
const isUpdate = process.env.UPDATE_PICTURES === '1'

const visitor = withDemo(startBuiltDemo)

/** Other letters of another system differ a little everywhere; a view that is broken differs a lot. */
const TOLERANCE = 0.03

interface Picture {
  name: string
  view: string
  look: BrowserContextOptions
  consent?: 'yes'
  prepare?: (page: Page) => Promise<void>
}

const fillCart = async (page: Page) => {
  await idOf(page)
  for (const name of ['Arc lamp', 'One stem', 'Half cup']) await addToCart(page, name)
  await page.getByRole('link', { name: /^cart/i }).click()
  await page.getByRole('button', { name: 'Remove one Half cup' }).waitFor()
  await expectPieces(page, 3)
}
const answerHelp = (page: Page) => page.getByText(/answers$/).waitFor()
const waitForFrames = async (page: Page) => {
  await expect
    .poll(() => page.getByText(/kept in local/).count(), { timeout: 15_000 })
    .toBeGreaterThanOrEqual(2)
  await page.getByRole('region', { name: 'Session devtools' }).waitFor()
}

const PICTURES: Picture[] = [
  { name: 'shop', view: '/', look: { colorScheme: 'light' }, consent: 'yes' },
  { name: 'product', view: '/products/arc-lamp', look: { colorScheme: 'dark' }, consent: 'yes' },
  {
    name: 'cart',
    view: '/',
    look: { viewport: { width: 1024, height: 768 } },
    consent: 'yes',
    prepare: fillCart,
  },
  {
    name: 'help',
    view: '/help?q=return',
    look: { viewport: { width: 768, height: 900 } },
    consent: 'yes',
    prepare: answerHelp,
  },
  { name: 'consent', view: '/', look: { viewport: { width: 320, height: 640 }, colorScheme: 'dark' } },
  {
    name: 'laboratory',
    view: '/lab',
    look: { colorScheme: 'light' },
    consent: 'yes',
    prepare: waitForFrames,
  },
]

test.each(PICTURES)(
  'the view $name looks as in its picture',
  async ({ name, view, look, consent, prepare }) => {
    await visitor.become({ reducedMotion: 'reduce', ...look })
    if (consent) await visitor.consent(consent)
    const page = await visitor.open(view)
    // The letters come with the second load at the latest.
    await page.reload()
    await page.getByRole('heading', { level: 1 }).waitFor()
    await prepare?.(page)
    await page.evaluate(() => document.fonts.ready)
    const taken = await page.screenshot({
      animations: 'disabled',
      // What has times and ids in it, and a message that comes and goes.
      mask: ['.lanes', '.server ul', '.rows', '.frame-state', '.devtools-place dd'].map((part) =>
        page.locator(part),
      ),
      style: '.announcer { visibility: hidden }',
      maskColor: '#8899aa',
    })
    const file = fileURLToPath(new URL(`pictures/${name}.png`, import.meta.url))
    if (isUpdate) writeFileSync(file, taken)
    expect(existsSync(file), `there is no picture ${file}`).toBe(true)
    const differing = await compare(page, taken, readFileSync(file))
    expect(differing, `the part of ${name} that differs`).toBeLessThan(TOLERANCE)
  },
)

/** The part of two pictures that differs, seen from so far that single letters blur. */
const compare = (page: Page, ...pictures: Buffer[]): Promise<number> =>
  page.evaluate(
    async (sources) => {
      const BLUR = 4
      const CLEARLY = 40
      const [one, other] = await Promise.all(
        sources.map(async (source) => {
          const bitmap = await createImageBitmap(await (await fetch(source)).blob())
          const canvas = new OffscreenCanvas(bitmap.width / BLUR, bitmap.height / BLUR)
          const brush = canvas.getContext('2d')
          if (!brush) throw new Error('No canvas')
          brush.imageSmoothingQuality = 'high'
          brush.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
          return brush.getImageData(0, 0, canvas.width, canvas.height)
        }),
      )
      if (!one || !other || one.width !== other.width || one.height !== other.height) return 1
      let count = 0
      for (let at = 0; at < one.data.length; at += 4)
        if (
          [0, 1, 2].some(
            (part) => Math.abs((one.data[at + part] ?? 0) - (other.data[at + part] ?? 0)) > CLEARLY,
          )
        )
          count += 1
      return count / (one.width * one.height)
    },
    pictures.map((picture) => `data:image/png;base64,${picture.toString('base64')}`),
  )
