import fc from 'fast-check'
import { createSessionClient } from 'storefront-session/core'
import { expect, test } from 'vitest'
import { withSessionApi } from '../support/session-setup.ts'

const session = withSessionApi()
const ID = 'known-to-the-server'

/** A client with a session and a fetch that only writes down what it was given. */
function attached(attach = {}) {
  const sent: Request[] = []
  const addresses: unknown[] = []
  const client = createSessionClient({
    baseUrl: 'https://shop.test/gks-server/v1',
    storage: 'memory',
    initialSession: { sessionId: ID },
    attach,
    fetch: async (input, init) => {
      addresses.push(input)
      sent.push(new Request(input, init))
      return Response.json({ ok: true })
    },
  })
  return { client, sent, addresses }
}

test.each([
  ['https://shop.test/gks-server/v1/help', true],
  ['https://shop.test/gks-server/v1', true],
  ['https://SHOP.test:443/gks-server/v1/../v1/help', true],
  ['https://shop.test/gks-server/v10/help', false],
  ['https://shop.test/other', false],
  ['https://shop.test:8443/gks-server/v1/help', false],
  ['http://shop.test/gks-server/v1/help', false],
  ['https://shop.test.evil.example/gks-server/v1/help', false],
  ['https://evilshop.test/gks-server/v1/help', false],
  ['https://evil.example/?https://shop.test/gks-server/v1/help', false],
  ['data:text/plain,hello', false],
])('F92, F93, F153: a request to %s gets the id: %s', async (address, gets) => {
  const { client, sent } = attached()
  await client.fetch(address)
  expect(sent[0]?.url.includes(ID)).toBe(gets)
})

test.each([
  'https://shop.test@evil.example/gks-server/v1/help',
  '//evil.example/gks-server/v1/help',
  'http://',
])('F92: what fetch refuses is handed to it as it is: %s', async (address) => {
  const { client, addresses } = attached()
  await expect(client.fetch(address)).rejects.toThrow(TypeError)
  expect(addresses).toEqual([address])
})

test('F152, F154: the rest of the URL stays byte for byte', async () => {
  const word = fc.stringMatching(/^[\w~%+!'()*,;:@/ =&-]{0,20}$/)
  await fc.assert(
    fc.asyncProperty(word, word, async (query, hash) => {
      const { client, addresses } = attached()
      const address = `https://shop.test/gks-server/v1/a?q=${query.replaceAll(' ', '+')}#${hash.replaceAll(' ', '_')}`
      await client.fetch(address)
      const parameter = new RegExp(`&?sessionId=${ID}`)
      expect(String(addresses[0])).toContain(ID)
      const rest = String(addresses[0]).replace(parameter, '')
      expect([address, address.replace('&#', '#')]).toContain(rest)
    }),
  )
})

test("F97, F151: a caller's own parameter or header wins", async () => {
  const query = attached()
  await query.client.fetch('https://shop.test/gks-server/v1/help?sessionId=mine')
  expect(query.sent[0]?.url).toBe('https://shop.test/gks-server/v1/help?sessionId=mine')
  const header = attached({ as: 'header' })
  await header.client.fetch('https://shop.test/gks-server/v1/help', { headers: { sessionId: 'mine' } })
  expect(header.sent[0]?.headers.get('sessionId')).toBe('mine')
})

test('F95: method, headers, body and signal of every form of fetch pass through, and nothing of the caller is changed', async () => {
  const controller = new AbortController()
  const init = { method: 'POST', body: 'text', headers: new Headers({ a: 'b' }), signal: controller.signal }
  const before = [...init.headers]
  const forms: [RequestInfo | URL, RequestInit?][] = [
    ['https://shop.test/gks-server/v1/cart', init],
    [new URL('https://shop.test/gks-server/v1/cart'), init],
    [new Request('https://shop.test/gks-server/v1/cart', init)],
    [new Request('https://shop.test/gks-server/v1/cart'), init],
  ]
  for (const as of ['query', 'header'] as const)
    for (const [input, given] of forms) {
      const { client, sent } = attached({ as })
      await client.fetch(input instanceof Request ? input.clone() : input, given)
      const [request] = sent
      expect(request?.method).toBe('POST')
      expect(request?.headers.get('a')).toBe('b')
      expect(await request?.text()).toBe('text')
      expect(request?.url.includes(ID)).toBe(as === 'query')
      expect(request?.headers.get('sessionId')).toBe(as === 'header' ? ID : null)
    }
  expect([...init.headers]).toEqual(before)
})

test('F94: in header mode nothing crosses a redirect to another origin, unless the caller chose so', async () => {
  const other = attached({ as: 'header' })
  await other.client.fetch('https://shop.test/gks-server/v1/help')
  expect(other.sent[0]?.redirect).toBe('error')
  await other.client.fetch('https://shop.test/gks-server/v1/help', { redirect: 'manual' })
  expect(other.sent[1]?.redirect).toBe('manual')
  await other.client.fetch('https://shop.test/gks-server/v1/help', { mode: 'cors' })
  expect(other.sent[2]?.redirect).toBe('error')
  const same = attached({ as: 'header', to: ['/api'] })
  await same.client.fetch('http://localhost:3000/api/x')
  expect(same.sent[0]?.mode).toBe('same-origin')
})

test('in header mode the page decides what is its own origin, not a <base> that leads to another', async () => {
  const base = document.createElement('base')
  base.href = 'https://cdn.test/'
  document.head.append(base)
  try {
    const { client, sent } = attached({
      as: 'header',
      to: ['http://localhost:3000/api', 'https://cdn.test/api'],
    })
    await client.fetch('http://localhost:3000/api/x')
    await client.fetch('https://cdn.test/api/x')
    expect(sent.map(({ mode, redirect }) => [mode, redirect])).toEqual([
      ['same-origin', 'follow'],
      ['cors', 'error'],
    ])
  } finally {
    base.remove()
  }
})

test.each([undefined, { method: 'POST', body: '1', headers: { a: 'b' } }])(
  'in header mode the address and the form of a call stay as the caller wrote them: init %o',
  async (init) => {
    const sent: [RequestInfo | URL, RequestInit | undefined][] = []
    const client = createSessionClient({
      baseUrl: '/gks-server/v1',
      storage: 'memory',
      initialSession: { sessionId: ID },
      attach: { as: 'header' },
      fetch: async (input, given) => {
        sent.push([input, given])
        return Response.json({})
      },
    })
    await client.fetch('/gks-server/v1/help', init)
    expect(sent).toEqual([
      ['/gks-server/v1/help', { ...init, headers: expect.any(Headers), mode: 'same-origin' }],
    ])
    expect(new Headers(sent[0]?.[1]?.headers).get('sessionId')).toBe(ID)
  },
)

test('in header mode a Request keeps its referrer, its policy, and what an init inherits', async () => {
  const { client, sent } = attached({ as: 'header' })
  const address = 'https://shop.test/gks-server/v1/help'
  await client.fetch(new Request(address, { referrer: '', referrerPolicy: 'origin', cache: 'no-cache' }))
  expect(sent[0]).toMatchObject({ referrer: '', referrerPolicy: 'origin', cache: 'no-cache' })
  await client.fetch(address, Object.create({ method: 'DELETE' }))
  expect(sent[1]?.method).toBe('DELETE')
})

test('F170: a Request with a body arrives over real HTTP with the id in its URL', async () => {
  const client = session.open()
  client.start()
  const { sessionId } = await client.ready()
  await client.fetch(new Request(`${session.api.baseUrl}/cart`, { method: 'POST', body: 'one lamp' }))
  expect(session.api.seen.at(-1)).toMatchObject({
    method: 'POST',
    search: `?sessionId=${sessionId}`,
    body: 'one lamp',
  })
})

test('F97: a request with an id of its own does not wait for ours, and its failure is not our loss', async () => {
  const client = session.open()
  let isWaiting = true
  session.api.fault = ({ path }) => {
    if (path.endsWith('/cart')) return Response.json({ description: 'Session not found' }, { status: 404 })
    return isWaiting ? new Promise(() => undefined) : undefined
  }
  const before = Date.now()
  expect((await client.fetch(`${session.api.baseUrl}/cart?sessionId=mine`)).status).toBe(404)
  expect(Date.now() - before).toBeLessThan(500)
  isWaiting = false
  client.stop()
  client.start()
  await client.ready()
  await client.fetch(`${session.api.baseUrl}/cart?sessionId=mine`)
  expect(session.events.map(({ type }) => type)).toEqual(['created'])
})

test('a request that is aborted while it waits for a session is never sent', async () => {
  session.api.fault = ({ path }) => (path.includes('/sessions/') ? new Promise(() => undefined) : undefined)
  const client = session.open()
  const controller = new AbortController()
  const sent = client.fetch(`${session.api.baseUrl}/cart`, { signal: controller.signal })
  controller.abort(new Error('changed my mind'))
  await expect(sent).rejects.toThrow('changed my mind')
  expect(session.api.seen.filter(({ path }) => path.endsWith('/cart'))).toEqual([])
})

test('F196: attach.when keeps the id from URLs below attach.to that it refuses', async () => {
  const client = session.open({ attach: { when: (url) => !url.pathname.endsWith('/catalogue') } })
  client.start()
  const { sessionId } = await client.ready()
  for (const name of ['catalogue', 'cart']) await client.fetch(`${session.api.baseUrl}/${name}`)
  const search = (name: string) => session.api.seen.find(({ path }) => path.endsWith(`/${name}`))?.search
  expect([search('catalogue'), search('cart')]).toEqual(['', `?sessionId=${sessionId}`])
})
