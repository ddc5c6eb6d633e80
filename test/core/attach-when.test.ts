import type { SessionClientOptions } from 'storefront-session/core'
import { expect, test } from 'vitest'
import { catchUncaught } from '../support/uncaught.ts'
import { openBrowser, quiet } from './support/client-page.ts'

type When = NonNullable<NonNullable<SessionClientOptions['attach']>['when']>

/** A page with a stored session, whose app decides by `when`; `sent` are its requests, with the id where it went along. */
function openPage(when: When | undefined, attach: SessionClientOptions['attach'] = {}, isStored = true) {
  const browser = openBrowser()
  if (isStored) browser.store('stored-1', 0)
  const sent: string[] = []
  const { client } = browser.open({
    attach: { to: ['/shop'], ...attach, ...(when && { when }) },
    fetch: async (input, init) => {
      const request = new Request(
        new URL(String((input as Request).url ?? input), 'https://shop.example'),
        init,
      )
      if (request.url.includes('/sessions/')) return new Promise(() => undefined)
      const header = request.headers.get('sessionId')
      sent.push(`${request.method} ${request.url}${header ? ` with ${header}` : ''}`)
      return Response.json({})
    },
  })
  return { browser, client, sent }
}
const BASE = 'https://shop.example/shop'

test.each(['query', 'header'] as const)(
  'F196: attach.when decides which of the URLs below attach.to get the id: %s',
  async (as) => {
    const { client, sent } = openPage(
      ({ pathname }, method) => method !== 'GET' || !/catalogue/.test(pathname),
      {
        as,
      },
    )
    await client.fetch(`${BASE}/catalogue?page=2`)
    await client.fetch(`${BASE}/catalogue`, { method: 'POST' })
    await client.fetch(`${BASE}/cart`)
    expect(sent).toEqual(
      as === 'query'
        ? [
            `GET ${BASE}/catalogue?page=2`,
            `POST ${BASE}/catalogue?sessionId=stored-1`,
            `GET ${BASE}/cart?sessionId=stored-1`,
          ]
        : [
            `GET ${BASE}/catalogue?page=2`,
            `POST ${BASE}/catalogue with stored-1`,
            `GET ${BASE}/cart with stored-1`,
          ],
    )
  },
)

test('attach.when gets the parsed URL and the method, however the request is given', async () => {
  const asked: unknown[] = []
  const { client } = openPage((url, method) => {
    asked.push([url instanceof URL, url.href, method])
    return false
  })
  await client.fetch('/shop/a?x=1')
  await client.fetch(new URL(`${BASE}/b`), { method: 'DELETE' })
  await client.fetch(new Request(`${BASE}/c`, { method: 'PUT', body: 'x' }))
  await client.fetch(new Request(`${BASE}/d`, { method: 'PUT', body: 'x' }), { method: 'PATCH' })
  expect(asked).toEqual([
    [true, `${BASE}/a?x=1`, 'GET'],
    [true, `${BASE}/b`, 'DELETE'],
    [true, `${BASE}/c`, 'PUT'],
    [true, `${BASE}/d`, 'PATCH'],
  ])
})

test('attach.when is not asked for a URL outside attach.to, and can not bring the id there', async () => {
  const asked: string[] = []
  const { client, sent } = openPage(({ href }) => {
    asked.push(href)
    return true
  })
  await client.fetch('https://elsewhere.example/shop')
  await client.fetch('https://shop.example/shopping')
  expect(asked).toEqual([])
  expect(sent).toEqual(['GET https://elsewhere.example/shop', 'GET https://shop.example/shopping'])
})

test('a request that attach.when refuses does not wait for a session', async () => {
  const { client, sent } = openPage(() => false, {}, false)
  client.start()
  await client.fetch(`${BASE}/catalogue`)
  expect(sent).toEqual([`GET ${BASE}/catalogue`])
})

test('what attach.when does to its URL changes nothing of the request', async () => {
  const { client, sent } = openPage((url) => {
    url.searchParams.set('mine', '1')
    url.pathname = '/elsewhere'
    url.host = 'evil.example'
    return true
  })
  await client.fetch(`${BASE}/cart?a=%20b`)
  expect(sent).toEqual([`GET ${BASE}/cart?a=%20b&sessionId=stored-1`])
})

test('an attach.when that throws breaks no request, and its error is reported', async () => {
  const caught = catchUncaught()
  const { client, sent } = openPage(() => {
    throw new Error('of the app')
  })
  await client.fetch(`${BASE}/cart`)
  await quiet()
  expect(sent).toHaveLength(1)
  expect(caught).toEqual([new Error('of the app')])
})

test('an answer to a request without the id says nothing about the session', async () => {
  const browser = openBrowser()
  browser.store('stored-1', 0)
  const { client, events } = browser.open({ attach: { when: () => false } })
  client.start()
  browser.setFault(() => Response.json({ statusCode: 6, description: 'Session not found' }, { status: 404 }))
  expect((await client.fetch('/api/cart')).status).toBe(404)
  await quiet()
  expect([events(), browser.asked()]).toEqual([['restored'], ['GET /api/cart']])
})
