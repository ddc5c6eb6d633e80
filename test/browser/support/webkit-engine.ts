import { existsSync } from 'node:fs'
import type { Engine, Profile, Tab } from './engine.ts'
import { startLooseBrowser } from './loose-browser.ts'
import { openVirtualDisplay, type VirtualDisplay } from './virtual-display.ts'
import { startWebDriver, type WebDriverSession } from './web-driver.ts'

/** WebKitGTK's own browser, which lies beside the library and not among the programs. */
const KNOWN_PLACES = ['x86_64', 'aarch64'].map(
  (cpu) => `/usr/lib/${cpu}-linux-gnu/webkit2gtk-4.1/MiniBrowser`,
)
const MINI_BROWSER =
  process.env.MINI_BROWSER_PATH ?? KNOWN_PLACES.find((path) => existsSync(path)) ?? 'MiniBrowser'

const CANNOT = {
  goOffline: 'WebDriver has no command for it',
  crashPages: 'WebKitWebDriver ends the session when the process of a page ends',
}

const tabOf = ({ inWindow }: WebDriverSession, handle: string): Tab => ({
  async goto(url) {
    await inWindow(handle, 'POST', '/url', { url })
  },
  evaluate: (work, argument) =>
    inWindow(handle, 'POST', '/execute/sync', {
      script: `return (${work})(arguments[0])`,
      args: [argument ?? null],
    }),
  async back() {
    await inWindow(handle, 'POST', '/back')
  },
  async close() {
    await inWindow(handle, 'DELETE', '/window')
  },
})

const profileOf = (session: WebDriverSession): Profile => ({
  async open(url) {
    const tab = tabOf(session, await session.newWindow())
    await tab.goto(url)
    return tab
  },
  crashPages: () => Promise.reject(new Error(CANNOT.crashPages)),
  setOffline: () => Promise.reject(new Error(CANNOT.goOffline)),
  close: session.close,
})

/** The browser forgets everything after a session with a driver, so that each one is a visitor. */
export function webkitEngine(): Engine {
  let display: VirtualDisplay | undefined
  const environment = () => {
    if (!display) throw new Error('The engine is not started')
    return { DISPLAY: display.name }
  }
  const profile = async (...args: string[]) =>
    profileOf(
      await startWebDriver(
        'WebKitWebDriver',
        { 'webkitgtk:browserOptions': { binary: MINI_BROWSER, args: ['--automation', ...args] } },
        environment(),
      ),
    )
  return {
    name: 'WebKit',
    cannot: CANNOT,
    manyTabs: 20,
    async start() {
      display = await openVirtualDisplay()
    },
    profile: () => profile(),
    blocked: [
      {
        how: 'the setting that switches local storage off',
        hasChannel: true,
        profile: () => profile('--enable-html5-local-storage=false'),
      },
    ],
    browse: (folder, url) =>
      startLooseBrowser(MINI_BROWSER, [url], {
        ...environment(),
        XDG_DATA_HOME: folder,
        XDG_CACHE_HOME: folder,
        XDG_CONFIG_HOME: folder,
      }),
    async close() {
      await display?.close()
    },
  }
}
