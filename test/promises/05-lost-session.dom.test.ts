import { expect, test, vi } from 'vitest'
import { withSessionApi } from '../support/session-setup.ts'

const session = withSessionApi()
const UNKNOWN = 'unknown-to-the-server'

test('a session found lost at restore is replaced by a new one', async () => {
  localStorage.setItem('storefront-session', UNKNOWN)
  const client = session.open()
  client.start()
  const { sessionId } = await client.ready()
  expect(sessionId).not.toBe(UNKNOWN)
  expect(session.api.calls()).toEqual(['GET /sessions/:id', 'PUT /sessions/new'])
  expect(session.events.slice(1)).toEqual([
    { type: 'lost', sessionId: UNKNOWN },
    { type: 'created', sessionId, previousSessionId: expect.any(String) },
  ])
  expect(localStorage.getItem('storefront-session')).toBe(sessionId)
})

test('F81: an id that the server answers in place of the asked one is never adopted', async () => {
  localStorage.setItem('storefront-session', UNKNOWN)
  session.api.fault = ({ method }) =>
    method === 'GET' ? Response.json({ response: { sessionId: 'somebody-elses-session' } }) : undefined
  const client = session.open()
  client.start()
  const { sessionId } = await client.ready()
  expect([UNKNOWN, 'somebody-elses-session']).not.toContain(sessionId)
  expect(session.events.at(-1)).toEqual({ type: 'replaced', sessionId, previousSessionId: UNKNOWN })
})

test('F87: a 404 page of a proxy is no verdict: the session is kept', async () => {
  localStorage.setItem('storefront-session', UNKNOWN)
  session.api.fault = () => new Response('<html>', { status: 404, headers: { 'content-type': 'text/html' } })
  const client = session.open()
  client.start()
  expect((await client.ready()).sessionId).toBe(UNKNOWN)
  expect(client.getState().error).toMatchObject({ code: 'http', status: 404 })
})

test('F88, F101: lost in mid-visit, it is made again under the same id with all known ids, and the request repeated', async () => {
  const client = session.open()
  client.start()
  const { sessionId } = await client.associate({ customerId: 'ada', visitId: 'v1' })
  session.api.seen.length = 0
  session.api.forgetAll()
  let failed = 0
  session.api.fault = ({ path }) =>
    path.endsWith('/cart') && failed++ === 0
      ? Response.json({ statusCode: 6, description: 'Session not found' }, { status: 404 })
      : undefined
  const response = await client.fetch(`${session.api.baseUrl}/cart`)
  expect(await response.json()).toEqual({ ok: true })
  expect(session.api.calls()).toEqual(['GET /cart', 'POST /sessions/:id', 'GET /cart'])
  expect(session.api.seen[1]).toMatchObject({ body: '{"visitId":"v1"}', headers: { gkc_customerid: 'ada' } })
  expect(client.getState().sessionId).toBe(sessionId)
  expect(session.events.at(-1)).toEqual({ type: 'lost', sessionId })
})

test('a server that refuses to make it again gets a PUT with all known ids', async () => {
  const client = session.open()
  client.start()
  await client.associate({ customerId: 'ada' })
  session.api.forgetAll()
  session.api.fault = ({ method }) =>
    method === 'POST'
      ? Response.json({ statusCode: 6, description: 'Session not found' }, { status: 404 })
      : undefined
  expect(await client.associate({ visitId: 'v1' })).toMatchObject({ customerId: 'ada', visitId: 'v1' })
  expect(session.api.calls().slice(-2)).toEqual(['POST /sessions/:id', 'PUT /sessions/new'])
})

test('the app clearing its query cache costs no session', async () => {
  const { QueryClient } = await import('@tanstack/react-query')
  const queryClient = new QueryClient()
  const client = session.open({ queryClient })
  client.start()
  const { sessionId } = await client.ready()
  queryClient.clear()
  await vi.waitFor(() =>
    expect(client.getState()).toMatchObject({ status: 'ready', sessionId, isValidating: false }),
  )
  expect(session.api.calls().filter((call) => call.startsWith('PUT'))).toHaveLength(1)
})

const notFound = () => Response.json({ statusCode: 6, description: 'Session not found' }, { status: 404 })
const sentTo = (path: string) => session.api.seen.filter((seen) => seen.path.endsWith(path))

test.each([
  ['410 with an empty body', () => new Response(null, { status: 410 })],
  ['404 with a JSON body', () => Response.json({}, { status: 404 })],
  ['200 with the documented error', () => Response.json({ statusCode: 6, description: 'Session not found' })],
])('F87: %s is a lost session', async (_, answer) => {
  localStorage.setItem('storefront-session', UNKNOWN)
  session.api.fault = ({ method }) => (method === 'GET' ? answer() : undefined)
  const client = session.open()
  client.start()
  expect((await client.ready()).sessionId).not.toBe(UNKNOWN)
  expect(session.events).toContainEqual({ type: 'lost', sessionId: UNKNOWN })
})

test('F101: a request that fails for the loss time and again is repeated once', async () => {
  const client = session.open()
  client.start()
  await client.ready()
  session.api.fault = ({ path }) => (path.endsWith('/cart') ? notFound() : undefined)
  expect((await client.fetch(`${session.api.baseUrl}/cart`)).status).toBe(404)
  expect(sentTo('/cart')).toHaveLength(2)
})

test('F101: a POST that the server said it did not do is repeated with its body', async () => {
  const client = session.open()
  client.start()
  await client.ready()
  session.api.fault = ({ path }) =>
    path.endsWith('/cart') && sentTo('/cart').length === 1 ? notFound() : undefined
  const init = { method: 'POST', body: '{"sku":1}', headers: { 'content-type': 'application/json' } }
  expect((await client.fetch(`${session.api.baseUrl}/cart`, init)).ok).toBe(true)
  expect(
    sentTo('/cart')
      .filter(({ method }) => method === 'POST')
      .map(({ body }) => body),
  ).toEqual(['{"sku":1}', '{"sku":1}'])
})

test('a 404 that does not speak of the session is the storefront’s own and is not repeated', async () => {
  const client = session.open()
  client.start()
  await client.ready()
  session.api.fault = ({ path }) =>
    path.endsWith('/cart') ? Response.json({ error: 'no such cart' }, { status: 404 }) : undefined
  expect((await client.fetch(`${session.api.baseUrl}/cart`)).status).toBe(404)
  expect(sentTo('/cart')).toHaveLength(1)
  expect(session.events).not.toContainEqual(expect.objectContaining({ type: 'lost' }))
})

test('an error answer whose body stalls reaches the caller all the same', async () => {
  const body = new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode('{')) })
  const client = session.open({
    storage: 'memory',
    initialSession: { sessionId: UNKNOWN },
    attach: { waitMs: 50 },
    fetch: async () => new Response(body, { status: 404, headers: { 'content-type': 'application/json' } }),
  })
  const response = await client.fetch(`${session.api.baseUrl}/cart`)
  expect(response.status).toBe(404)
  const { value } = (await response.body?.getReader().read()) ?? {}
  expect(new TextDecoder().decode(value)).toBe('{')
})

test('F33, F102: a verdict about an id that is no longer current is ignored', async () => {
  const client = session.open()
  client.start()
  const { sessionId: left } = await client.ready()
  let answerNow: (response: Response) => void = () => undefined
  session.api.fault = ({ path }) =>
    path.endsWith('/cart') && sentTo('/cart').length === 1
      ? new Promise<Response>((resolve) => {
          answerNow = resolve
        })
      : undefined
  const late = client.fetch(`${session.api.baseUrl}/cart`)
  await vi.waitFor(() => expect(sentTo('/cart')).toHaveLength(1))
  const { sessionId: current } = await client.reset()
  session.api.seen.splice(0, session.api.seen.length, ...sentTo('/cart'))
  answerNow(notFound())
  await late
  expect(current).not.toBe(left)
  expect(client.getState().sessionId).toBe(current)
  expect(session.api.calls().filter((call) => call.includes('/sessions/'))).toEqual([])
  expect(session.events).not.toContainEqual(expect.objectContaining({ type: 'lost' }))
})
