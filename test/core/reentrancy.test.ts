import type { SessionClientOptions, SessionError } from 'storefront-session/core'
import { expect, test } from 'vitest'
import { openBrowser, quiet } from './support/client-page.ts'
import { openPage } from './support/handling-page.ts'

/** How a session may be left, each with a stored session before. */
const LEAVINGS = {
  'the app resets it': { act: ({ client }) => void client.reset() },
  'another tab resets it': {
    act({ happen }, { storage }) {
      storage.values.set('storefront-session:at', 'othergeneration')
      storage.values.delete('storefront-session')
      happen('storage', { key: 'storefront-session', newValue: null })
    },
  },
  'another tab has reset it and made the next one': {
    act({ happen }, { storage }) {
      storage.values.set('storefront-session:at', `othergeneration ${Date.now()} session-next`)
      storage.values.set('storefront-session', 'session-next')
      happen('storage', { key: 'storefront-session', newValue: 'session-next' })
    },
  },
  'the app hands in the session of another customer': {
    waiting: 'ada',
    options: { initialSession: { sessionId: 'session-given', customerId: 'bob' } },
    act: () => undefined,
  },
} satisfies Record<
  string,
  {
    waiting?: string
    options?: Partial<SessionClientOptions>
    act: (
      page: ReturnType<ReturnType<typeof openBrowser>['open']>,
      browser: ReturnType<typeof openBrowser>,
    ) => void
  }
>
const leavings = Object.entries(LEAVINGS).map(([name, leaving]) => ({
  name,
  waiting: undefined,
  options: {},
  ...leaving,
}))

test.each(leavings)(
  'F182: an id that the app associates on the event reset belongs to the next session: $name',
  async ({ waiting, options, act }) => {
    const browser = openBrowser()
    browser.store('session-old', 1_000)
    if (waiting) browser.storage.values.set('storefront-session:customerId', ` ${waiting}`)
    const results: unknown[] = []
    const page = openPage(
      browser,
      (event, client) => {
        if (event.type !== 'reset') return
        client.associate({ visitId: 'v1' }).then(
          ({ sessionId, visitId }) => results.push({ isNext: sessionId !== 'session-old', visitId }),
          ({ code, message }: SessionError) => results.push(`${code}: ${message}`),
        )
      },
      options,
    )
    page.client.start()
    act(page, browser)
    await expect.poll(() => results).toEqual([{ isNext: true, visitId: 'v1' }])
    expect(browser.sent.filter(({ call }) => call.startsWith('POST')).map(({ call }) => call)).not.toContain(
      'POST /api/sessions/session-old',
    )
  },
)

test('F183: a storefront request does not carry the id that the app left when it heard of it', async () => {
  const browser = openBrowser()
  browser.store('session-a', 1_000)
  const urls: string[] = []
  const page = openPage(
    browser,
    (event, client) => {
      if (event.type === 'adopted' && event.sessionId === 'session-b') void client.reset()
    },
    {
      attach: { to: ['/api', '/shop'] },
      fetch: async (input) => {
        const url = String(input)
        urls.push(url)
        const [, id = 'none'] = /sessions\/([\w-]+)/.exec(url) ?? []
        return Response.json({ response: { sessionId: id === 'new' ? 'session-fresh' : id } })
      },
    },
  )
  page.client.start()
  await quiet()
  // Another tab replaced the session; this tab has not heard of it.
  browser.store('session-b', 10)
  urls.length = 0
  await page.client.fetch('https://shop.example/shop/cart')
  const shop = urls.filter((url) => url.includes('/shop'))
  expect(shop).toEqual(['https://shop.example/shop/cart?sessionId=session-fresh'])
})

test.each(['reset', 'forget', 'disable'] as const)(
  'F183: ready() and associate() never answer with a session that the app left when it heard of it: %s',
  async (end) => {
    for (const call of ['ready', 'associate'] as const) {
      const browser = openBrowser()
      browser.store('session-a', 1_000)
      const page = openPage(browser, (event, client) => {
        if (event.type !== 'adopted' || event.sessionId !== 'session-b') return
        if (end === 'disable') client.setEnabled(false)
        else void client[end]()
      })
      page.client.start()
      await quiet()
      browser.store('session-b', 10)
      browser.asked()
      const asked = call === 'ready' ? page.client.ready() : page.client.associate({ visitId: 'v1' })
      // Accepted by a client that is disabled before it is sent, an id waits for the next consent.
      const waits = call === 'associate' && end === 'disable' ? quiet().then(() => 'waits') : undefined
      const answer = await Promise.race([
        asked.then(
          ({ sessionId }) => sessionId,
          ({ code }: SessionError) => code,
        ),
        ...(waits ? [waits] : []),
      ])
      await quiet()
      expect(answer).not.toBe('session-b')
      expect(browser.asked().join()).not.toContain('session-b')
    }
  },
)
