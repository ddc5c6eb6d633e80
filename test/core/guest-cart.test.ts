import { createSessionHandler, memoryStore } from 'storefront-session/server'
import { expect, test } from 'vitest'
import { openBrowser } from './support/client-page.ts'

/** Carts by session id. A second move of the same cart finds nothing. */
function createCarts() {
  const lines = new Map<string, string[]>()
  return {
    lines,
    move(from: string, to: string) {
      const guests = lines.get(from) ?? []
      lines.delete(from)
      if (guests.length) lines.set(to, [...(lines.get(to) ?? []), ...guests])
    },
  }
}

test('ten tabs sign one customer in at once, and the guest cart is merged once, as docs/guides/sign-in-and-sign-out.md says', async () => {
  const carts = createCarts()
  const handle = createSessionHandler({
    store: memoryStore(),
    async onAssociate({ sessionId, before, after }) {
      const guest = after?.previousSessionId
      if (!before?.customerId && after?.customerId && guest) carts.move(guest, sessionId)
    },
  })
  const browser = openBrowser()
  const fetch: typeof globalThis.fetch = (input, init) =>
    handle(new Request(new URL(String(input), 'https://shop.example'), init))
  const tabs = Array.from({ length: 10 }, () => browser.open({ baseUrl: '/', rotate: 'on-sign-in', fetch }))
  for (const { client } of tabs) client.start()
  const [guest] = await Promise.all(tabs.map(({ client }) => client.ready()))
  carts.lines.set(String(guest?.sessionId), ['lamp', 'table'])
  for (const { client } of tabs) client.identify('ada')
  for (const { client } of tabs)
    await expect
      .poll(() => client.getState())
      .toMatchObject({ session: { customerId: 'ada' }, isAssociating: false, isValidating: false })
  const ids = new Set(tabs.map(({ client }) => client.getState().sessionId))
  expect(ids.size).toBe(1)
  expect([...carts.lines]).toEqual([[[...ids][0], ['lamp', 'table']]])
  for (const { client } of tabs) client.stop()
})
