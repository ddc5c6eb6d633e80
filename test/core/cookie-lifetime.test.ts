import { cookieStorage } from 'storefront-session/core'
import { afterEach, expect, test, vi } from 'vitest'
import { openBrowser, quiet } from './support/client-page.ts'

afterEach(() => vi.unstubAllGlobals())
const DAY = 86_400_000

test('a visitor who comes every day keeps the session longer than one lifetime of its cookie', async () => {
  let now = Date.now()
  const jar = new Map<string, { value: string; until: number }>()
  vi.stubGlobal('location', { protocol: 'https:' })
  vi.stubGlobal('localStorage', {
    getItem: () => null,
    setItem: () => undefined,
    removeItem: () => undefined,
  })
  vi.stubGlobal('document', {
    get cookie() {
      return [...jar]
        .flatMap(([name, { value, until }]) => (until > now ? [`${name}=${value}`] : []))
        .join('; ')
    },
    set cookie(text: string) {
      const [, name = '', value = '', age] = /^([^=]+)=([^;]*).*max-age=(\d+)/.exec(text) ?? []
      jar.set(name, { value, until: now + Number(age) * 1000 })
    },
  })
  const browser = openBrowser()
  const ids: (string | null)[] = []
  for (let day = 0; day < 9; day++, now += DAY) {
    // Safari's cap.
    const { client } = browser.open({ storage: cookieStorage({ maxAgeSec: 7 * 86_400 }) }, { now: () => now })
    client.start()
    await client.ready()
    await quiet()
    ids.push(client.getState().sessionId)
    client.stop()
  }
  expect(new Set(ids).size).toBe(1)
})
