import type { SessionClientOptions } from 'storefront-session/core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { openBrowser as OpenBrowser } from './support/client-page.ts'

let warn = vi.spyOn(console, 'warn')
let openBrowser: typeof OpenBrowser
let quiet: () => Promise<void>
beforeEach(async () => {
  vi.stubEnv('NODE_ENV', 'development')
  // A warning that came once may not come again in the same page: each test has one of its own.
  vi.resetModules()
  ;({ openBrowser, quiet } = await import('./support/client-page.ts'))
  warn = vi.spyOn(console, 'warn').mockReturnValue()
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})
const warnings = () => warn.mock.calls.map((texts) => texts.map(String).join(' '))
const about = (pattern: RegExp) => warnings().filter((text) => pattern.test(text))
const open = (options: Partial<SessionClientOptions> = {}) => {
  const browser = openBrowser()
  return { browser, ...browser.open(options) }
}

test('a visit without a mistake and without trouble warns of nothing', async () => {
  const { client } = open({
    tenantId: 'lamps',
    attach: { to: ['/api', 'https://elsewhere.example/shop', new URL('https://a.example')] },
    durable: undefined,
  })
  client.start()
  await client.associate({ customerId: 'ada', visitId: 'v1' })
  await client.fetch('/api/cart')
  await client.reset()
  client.forget()
  client.stop()
  expect(warnings()).toEqual([])
})

test('the first failure while there is no session is warned of once, with the call and what to do', async () => {
  const { browser, client, happen } = open({ retry: 0 })
  browser.setFault(() => new Response('', { status: 404 }))
  client.start()
  await client.ready().catch(() => undefined)
  const [text = ''] = warnings()
  expect(text).toMatch(/PUT .*\/api\/sessions\/new/)
  expect(text).toMatch(/404/)
  expect(text).toMatch(/doctor/)
  happen('online')
  await client.ready().catch(() => undefined)
  await quiet()
  expect(warnings()).toHaveLength(1)
})

test('a failure while there is a session is not warned of', async () => {
  const browser = openBrowser()
  browser.store('stored-1')
  browser.setFault(() => new Response('', { status: 503 }))
  const { client } = browser.open()
  client.start()
  await expect.poll(() => client.getState().error).not.toBeNull()
  expect([warnings(), client.getState().status]).toEqual([[], 'ready'])
})

test.each([
  ['a pattern', '/shop/*'],
  ['a pattern of segments', '/shop/**/cart'],
  ['a RegExp', /shop/],
  ['a relative path without a slash', 'shop'],
])('an entry of attach.to that can never match is warned of once: %s', async (_, entry) => {
  const to = ['/api', entry] as string[] // what JavaScript lets through
  const { client } = open({ attach: { to } })
  client.start()
  await client.fetch('/api/cart')
  await client.fetch('/shop/cart')
  expect(about(/attach\.to/)).toHaveLength(1)
  expect(about(/attach\.to/)[0]).toContain(String(entry))
})

test('an unknown option is warned of once by its name', () => {
  const typo = { timeout: 5_000, baseURL: '/api' } as Partial<SessionClientOptions>
  open(typo)
  expect(about(/timeout\b(?!Ms)/)).toHaveLength(1)
  expect(about(/baseURL/)).toHaveLength(1)
})

test('an unknown option of attach is warned of, too', () => {
  open({ attach: { urls: ['/shop'] } as SessionClientOptions['attach'] })
  expect(about(/urls/)).toHaveLength(1)
})

test('two clients of one page with the same storageKey and different APIs are warned of once', () => {
  const browser = openBrowser()
  const page = () => [
    browser.open({ storageKey: 'shared', baseUrl: '/api' }).client,
    browser.open({ storageKey: 'shared', baseUrl: '/other' }).client,
  ]
  for (const client of [...page(), ...page()]) client.start()
  expect(about(/storageKey/)).toHaveLength(1)
  expect(about(/storageKey/)[0]).toContain('shared')
})

test('two clients of one page with the same storageKey and the same API are not warned of', () => {
  const browser = openBrowser()
  for (const { client } of [browser.open({ storageKey: 'same' }), browser.open({ storageKey: 'same' })])
    client.start()
  expect(warnings()).toEqual([])
})

test.each(['undefined', 'null', 'NaN'])(
  'F198: an association whose value is the text %s is warned of once, and is sent all the same',
  async (value) => {
    const { client, browser } = open()
    client.start()
    await client.ready()
    browser.sent.length = 0
    await client.associate({ customerId: value })
    await client.associate({ visitId: 'v1', customerId: value })
    expect(about(new RegExp(value))).toHaveLength(1)
    expect(about(new RegExp(value))[0]).toMatch(/customerId/)
    expect(browser.sent[0]?.headers.get('gkc_customerId')).toBe(value)
  },
)

test('F198: identify() warns of such a text, too', async () => {
  const { client } = open()
  client.start()
  client.identify('undefined')
  await quiet()
  expect(about(/undefined/)).toHaveLength(1)
})

test('no warning holds a session id or a customer id', async () => {
  const { browser, client } = open({ retry: 0 })
  browser.setFault(() => new Response('', { status: 500 }))
  client.start()
  client.associate({ customerId: 'ada-lovelace' }).catch(() => undefined)
  await client.ready().catch(() => undefined)
  browser.setFault(undefined)
  await client.ready().catch(() => undefined)
  await quiet()
  expect(warnings().join()).not.toMatch(/ada-lovelace|session-\d/)
})

test('in production there are no warnings', async () => {
  vi.stubEnv('NODE_ENV', 'production')
  vi.resetModules()
  ;({ openBrowser, quiet } = await import('./support/client-page.ts'))
  const { browser, client } = open({ retry: 0, attach: { to: ['/shop/*'] }, timeout: 1 } as object)
  browser.setFault(() => new Response('', { status: 404 }))
  client.start()
  await client.ready().catch(() => undefined)
  void client.associate({ customerId: 'undefined' })
  await quiet()
  expect(warnings()).toEqual([])
})

test('on a server there are no warnings of what only a browser can do', async () => {
  const { createSessionClient } = await import('storefront-session/core')
  const client = createSessionClient({ baseUrl: 'https://shop.example/api' }, undefined)
  client.start()
  await client.ready().catch(() => undefined)
  expect(warnings()).toEqual([])
})
