import { expect, test } from 'vitest'
import { openBrowser } from './support/client-page.ts'

/** A page of a storefront whose next answer is "Session not found", once. */
function openPage(as: 'query' | 'header', attach: { isLost?: () => boolean } = {}) {
  const browser = openBrowser()
  const seen: { method: string; body: string; type: string | null; id: string | null }[] = []
  let isLost = true
  const { client, events } = browser.open({
    attach: { to: ['/shop'], as, ...attach },
    fetch: async (input, init) => {
      // Node knows no such mode without a page.
      const { mode, ...rest } = init ?? {}
      const given = input instanceof Request ? input : new URL(String(input), 'https://shop.example')
      const request = new Request(given, rest)
      if (request.url.includes('/sessions/'))
        return Response.json({ statusCode: 0, response: { sessionId: 'session-1' } })
      const { method, headers } = request
      const id = headers.get('sessionId') ?? new URL(request.url).searchParams.get('sessionId')
      seen.push({ method, body: await request.text(), type: headers.get('content-type'), id })
      if (!isLost) return Response.json({ ok: true })
      isLost = false
      return Response.json({ statusCode: 6, description: 'Session not found' }, { status: 404 })
    },
  })
  return { client, seen, events }
}

const CART = 'https://shop.example/shop/cart'
const json = { method: 'POST', body: '{"sku":1}', headers: { 'content-type': 'application/json' } }
const form = () => {
  const data = new FormData()
  data.set('sku', '1')
  return data
}
const requests: [string, () => [RequestInfo | URL, RequestInit?]][] = [
  ['a string and an init', () => [CART, json]],
  ['a URL and an init', () => [new URL(CART), json]],
  ['a Request', () => [new Request(CART, json)]],
  ['a Request and an init', () => [new Request(CART, json), { headers: { ...json.headers, 'x-a': 'b' } }]],
  ['a Request with bytes', () => [new Request(CART, { ...json, body: new TextEncoder().encode(json.body) })]],
  ['a Request with a form', () => [new Request(CART, { method: 'POST', body: form() })]],
  ['a Request without a body', () => [new Request(CART, { method: 'POST' })]],
  ['a GET as a Request', () => [new Request(CART)]],
  ['a DELETE as a Request', () => [new Request(CART, { method: 'DELETE' })]],
]

test.each(
  requests.flatMap(([name, make]) => (['query', 'header'] as const).map((as) => [name, as, make] as const)),
)(
  'F189: a request of which the server said that it did nothing is repeated: %s, by %s',
  async (_, as, make) => {
    const { client, seen } = openPage(as)
    await client.ready()
    const response = await client.fetch(...make())
    expect(await response.json()).toEqual({ ok: true })
    expect(seen).toHaveLength(2)
    const [first, second] = seen.map(({ body, ...rest }) => ({
      ...rest,
      // The boundary of a form is another one each time it is encoded.
      type: rest.type?.replace(/boundary=.*/, ''),
      body: body.replaceAll(/----\S+/g, '--'),
    }))
    expect(second).toEqual(first)
    expect(first?.id).toBe('session-1')
  },
)

test.each(['query', 'header'] as const)(
  'F189: a body that is a stream of the caller is not sent twice: %s',
  async (as) => {
    const { client, seen } = openPage(as)
    await client.ready()
    const body = new Blob([json.body]).stream()
    const response = await client.fetch(CART, { method: 'POST', body, duplex: 'half' } as RequestInit)
    expect([response.status, seen.length]).toEqual([404, 1])
  },
)

test.each(['query', 'header'] as const)(
  'F189: a POST of which only the app says that its session is lost is not repeated: %s',
  async (as) => {
    const { client, seen } = openPage(as, { isLost: () => true })
    await client.ready()
    const response = await client.fetch(new Request(CART, json))
    expect([response.status, seen.length]).toEqual([404, 1])
  },
)

test.each(['query', 'header'] as const)(
  'a Request that is sent leaves its own body to be read once by the client: %s',
  async (as) => {
    const { client, seen } = openPage(as)
    await client.ready()
    const request = new Request(CART, json)
    const before = [request.url, request.method, [...request.headers]]
    await client.fetch(request)
    expect([request.url, request.method, [...request.headers]]).toEqual(before)
    expect(seen.map(({ body }) => body)).toEqual([json.body, json.body])
  },
)
