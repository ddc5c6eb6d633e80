import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import puppeteer, { type Browser, type BrowserContext } from 'puppeteer-core'
import { closeWithin, within } from './bounded.ts'
import type { Engine, Profile } from './engine.ts'
import { startLooseBrowser } from './loose-browser.ts'
import { killPageProcesses } from './page-processes.ts'
import { tabOfPage } from './tab-of-page.ts'

const KNOWN_PLACES = [
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/snap/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
]
const FIREFOX = process.env.FIREFOX_PATH ?? KNOWN_PLACES.find((path) => existsSync(path)) ?? 'firefox'

/** Nothing but the storefront is reached. */
const ALONE = `
user_pref("network.proxy.type", 1);
user_pref("network.proxy.http", "127.0.0.1");
user_pref("network.proxy.http_port", 9);
user_pref("network.proxy.share_proxy_settings", true);
user_pref("network.proxy.ssl", "127.0.0.1");
user_pref("network.proxy.ssl_port", 9);
`

const launch = (extraPrefsFirefox: Record<string, unknown> = {}): Promise<Browser> =>
  puppeteer.launch({ browser: 'firefox', executablePath: FIREFOX, headless: true, extraPrefsFirefox })

const profileOf = (browser: Browser, context: BrowserContext): Profile => ({
  async open(url) {
    const page = await context.newPage()
    await page.goto(url)
    return tabOfPage(page)
  },
  async crashPages() {
    await killPageProcesses(browser.process()?.pid, / tab$/)
    // The first page after a crash comes to nothing: its process was one of those in stock.
    const opensAgain = () =>
      within(2_000, context.newPage()).then(
        () => true,
        () => false,
      )
    for (let attempts = 5; !(await opensAgain()); )
      if (!--attempts) throw new Error('Firefox opens no page after the crash')
  },
  async setOffline(isOffline) {
    for (const page of await context.pages()) await page.setOfflineMode(isOffline)
  },
  close: () => closeWithin(10_000, context),
})

const end = async (browser: Browser | undefined): Promise<void> => {
  await closeWithin(20_000, browser)
  const left = browser?.process()
  if (left && left.exitCode === null && left.signalCode === null) left.kill('SIGKILL')
}

/** A browser of its own, because a preference holds for all profiles of one. */
const launchBlocked = (preferences: Record<string, unknown>) => async (): Promise<Profile> => {
  const browser = await launch(preferences)
  return { ...profileOf(browser, browser.defaultBrowserContext()), close: () => end(browser) }
}

export function firefoxEngine(): Engine {
  let browser: Browser | undefined
  return {
    name: 'Firefox',
    cannot: {},
    manyTabs: 20,
    async start() {
      browser = await launch()
    },
    async profile() {
      if (!browser) throw new Error('The browser is not started')
      return profileOf(browser, await browser.createBrowserContext())
    },
    blocked: [
      {
        how: 'the setting that refuses all cookies',
        hasChannel: false,
        profile: launchBlocked({ 'network.cookie.cookieBehavior': 2 }),
      },
      {
        how: 'the setting that switches DOM storage off',
        hasChannel: true,
        profile: launchBlocked({ 'dom.storage.enabled': false }),
      },
    ],
    browse(folder, url) {
      writeFileSync(join(folder, 'user.js'), ALONE)
      return startLooseBrowser(FIREFOX, ['--headless', '--no-remote', '--profile', folder, url])
    },
    close: () => end(browser),
  }
}
