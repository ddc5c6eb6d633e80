import type { SessionClient } from 'storefront-session/core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { type ApiServer, startApiServer } from '../../support/api-server.ts'
import { serveTabPage, type TabSite } from '../../support/tab-page.ts'
import type { Engine, Profile, Tab } from './engine.ts'

declare const client: SessionClient

/** One visitor of a storefront in this engine: what the cases say and ask. Everything is fresh for each test. */
export interface Visitor {
  engine: Engine
  api: ApiServer
  site: TabSite
  profile: Profile
  /** Opens the storefront; the query says what this browser lacks. */
  open(query?: string): Promise<Tab>
  /** All of them begin to load the storefront at one moment. */
  openAtOnce(count: number, query?: string): Promise<[Tab, Tab, ...Tab[]]>
  /** The tabs share this one id. Waits until they do. */
  sharedId(tabs: Tab[]): Promise<string>
  /** The calls of the API, as `METHOD path`. */
  sessionCalls(): string[]
  puts(): string[]
  /** A tab whose `PUT` is never answered, with a time out so long that only its end can free the others. */
  openStalled(): Promise<Tab>
}

export const idOf = (tab: Tab): Promise<string | null> =>
  tab.evaluate(() => (typeof client === 'undefined' ? null : client.getState().sessionId))

/** Each once. */
export const idsOf = async (tabs: Tab[]) => [...new Set(await Promise.all(tabs.map(idOf)))]

export const customerOf = (tab: Tab): Promise<string | null> =>
  tab.evaluate(() => client.getState().session?.customerId ?? null)

export const statusOf = (tab: Tab): Promise<string> => tab.evaluate(() => client.getState().status)

export const stored = (tab: Tab, suffix = ''): Promise<string | null> =>
  tab.evaluate((key) => localStorage.getItem(key), `storefront-session${suffix}`)

export function withVisitor(engine: Engine): Visitor {
  const visitor: Visitor = {
    engine,
    // There from beforeEach on.
    api: undefined as unknown as ApiServer,
    site: undefined as unknown as TabSite,
    profile: undefined as unknown as Profile,
    open: (query = '') => visitor.profile.open(visitor.site.tab + query),
    async openAtOnce(count, query = '') {
      const { site, profile } = visitor
      const line = () => profile.open(site.startingLine)
      const tabs = await Promise.all([line(), line(), ...Array.from({ length: count - 2 }, line)] as const)
      const starter = await profile.open(site.elsewhere)
      await starter.evaluate(
        (url) => new BroadcastChannel('starting line').postMessage(url),
        site.tab + query,
      )
      return tabs
    },
    async sharedId(tabs) {
      let ids: (string | null)[] = []
      await expect
        .poll(
          async () => {
            ids = await idsOf(tabs)
            return ids
          },
          { timeout: 30_000 },
        )
        .toEqual([expect.stringMatching(/^[\w-]{16,}$/)])
      return String(ids[0])
    },
    sessionCalls: () => visitor.api.calls().filter((call) => call.includes('/sessions/')),
    async openStalled() {
      visitor.api.fault = ({ method }) =>
        method === 'PUT' && visitor.puts().length === 1 ? new Promise(() => undefined) : undefined
      const tab = await visitor.open('?timeout=60000')
      await expect.poll(visitor.puts, { timeout: 10_000 }).toHaveLength(1)
      return tab
    },
    puts: () => visitor.sessionCalls().filter((call) => call.startsWith('PUT')),
  }
  beforeAll(engine.start)
  afterAll(engine.close)
  beforeEach(async () => {
    visitor.api = await startApiServer()
    visitor.site = await serveTabPage(visitor.api)
    visitor.profile = await engine.profile()
  })
  afterEach(async () => {
    await visitor.profile?.close()
    await visitor.api.close()
  })
  return visitor
}
