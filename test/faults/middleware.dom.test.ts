import { createSessionClient } from 'storefront-session/core'
import { expect, test, vi } from 'vitest'
import { withSessionApi } from '../support/session-setup.ts'

// Rows of the fault catalogue that no promise's file has; the numbers are the catalogue's.

const session = withSessionApi()
const ID = 'known-to-the-server'
const HELP = 'https://shop.test/gks-server/v1/help'
const withFetch = (fetch: typeof globalThis.fetch) =>
  createSessionClient({
    baseUrl: 'https://shop.test/gks-server/v1',
    storage: 'memory',
    initialSession: { sessionId: ID },
    fetch,
  })

test('F96: a body that was used already is the native error', async () => {
  const client = withFetch((input, init) => fetch(input, init))
  const used = new Request(HELP, { method: 'POST', body: 'once' })
  await used.text()
  await expect(client.fetch(used)).rejects.toThrow(TypeError)
})

test.each(['', 'a b', 'a:b', 'é', 'a\r\nb'])(
  'F99: %j is refused as the name of a header, with the option named',
  (name) => {
    expect(() => session.open({ attach: { as: 'header', name } })).toThrow(/attach\.name/)
  },
)

test('F100: a request that is aborted while it waits for the session is aborted at once', async () => {
  session.api.fault = ({ path }) => (path.includes('/sessions/') ? new Promise(() => undefined) : undefined)
  const client = session.open({ attach: { waitMs: 5_000 } })
  client.start()
  const controller = new AbortController()
  const before = performance.now()
  const answer = client.fetch(`${session.api.baseUrl}/products`, { signal: controller.signal })
  controller.abort()
  await expect(answer).rejects.toMatchObject({ name: 'AbortError' })
  expect(performance.now() - before).toBeLessThan(1_000)
})

test('F103: one middleware around another adds the id once', async () => {
  const addresses: string[] = []
  const inner = withFetch(async (input) => {
    addresses.push(String(input))
    return Response.json({})
  })
  const outer = withFetch(inner.fetch)
  await outer.fetch(HELP)
  expect(addresses).toEqual([`${HELP}?sessionId=${ID}`])
})

test('F104: the fetch of the page is left alone', async () => {
  const before = globalThis.fetch
  const client = session.open()
  client.start()
  await client.ready()
  expect(globalThis.fetch).toBe(before)
})

test.each([
  'blob:https://shop.test/gks-server/v1/3f',
  'about:blank',
  'chrome-extension://abc/gks-server/v1/a',
])('F106: %s is no address of a storefront, and is passed on as it is', async (address) => {
  const fetch = vi.fn(async () => Response.json({}))
  await withFetch(fetch).fetch(address)
  expect(fetch).toHaveBeenCalledExactlyOnceWith(address, undefined)
})

test('F108: an error of fetch itself arrives unchanged, after one call', async () => {
  const trouble = new TypeError('of the network')
  const rejecting = vi.fn(() => Promise.reject(trouble))
  await expect(withFetch(rejecting).fetch(HELP)).rejects.toBe(trouble)
  expect(rejecting).toHaveBeenCalledOnce()
})
