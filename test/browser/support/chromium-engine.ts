import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium } from 'playwright-core'
import { closeWithin } from './bounded.ts'
import { browserPath, CHROMIUM_ARGS } from './chromium.ts'
import type { Engine, Profile } from './engine.ts'
import { startLooseBrowser } from './loose-browser.ts'
import { tabOfPage } from './tab-of-page.ts'

/** Playwright turns the back-forward cache off. Visitors have it on. */
const launchOptions = () => ({
  executablePath: browserPath(),
  args: CHROMIUM_ARGS,
  ignoreDefaultArgs: ['--disable-back-forward-cache'],
})

const profileOf = (context: BrowserContext): Profile => ({
  async open(url) {
    const page = await context.newPage()
    await page.goto(url)
    return tabOfPage(page)
  },
  async crashPages() {
    for (const page of context.pages()) {
      const crashed = page.waitForEvent('crash')
      // This navigation ends only with the crash.
      page.goto('chrome://crash').catch(() => undefined)
      await crashed
    }
  },
  setOffline: (isOffline) => context.setOffline(isOffline),
  close: () => closeWithin(10_000, context),
})

async function profileWithoutData(): Promise<Profile> {
  const folder = mkdtempSync(join(tmpdir(), 'chromium-'))
  mkdirSync(join(folder, 'Default'))
  writeFileSync(
    join(folder, 'Default/Preferences'),
    JSON.stringify({ profile: { default_content_setting_values: { cookies: 2 } } }),
  )
  const profile = profileOf(await chromium.launchPersistentContext(folder, launchOptions()))
  return {
    ...profile,
    async close() {
      await profile.close()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }
}

export function chromiumEngine(): Engine {
  let browser: Browser | undefined
  return {
    name: 'Chromium',
    cannot: {},
    manyTabs: 50,
    async start() {
      browser = await chromium.launch(launchOptions())
    },
    async profile() {
      if (!browser) throw new Error('The browser is not started')
      return profileOf(await browser.newContext())
    },
    blocked: [{ how: 'the setting that refuses site data', hasChannel: true, profile: profileWithoutData }],
    browse: (folder, url) =>
      startLooseBrowser(browserPath(), [
        ...CHROMIUM_ARGS,
        '--headless=new',
        '--disable-background-networking',
        '--disable-component-update',
        `--user-data-dir=${folder}`,
        url,
      ]),
    close: () => closeWithin(20_000, browser),
  }
}
