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
    { type: 'created', sessionId },
  ])
  expect(localStorage.getItem('storefront-session')).toBe(sessionId)
})

test('an id that the server answers in place of the asked one is never adopted', async () => {
  localStorage.setItem('storefront-session', UNKNOWN)
  session.api.fault = ({ method }) =>
    method === 'GET' ? Response.json({ response: { sessionId: 'somebody-elses-session' } }) : undefined
  const client = session.open()
  client.start()
  const { sessionId } = await client.ready()
  expect([UNKNOWN, 'somebody-elses-session']).not.toContain(sessionId)
  expect(session.events.at(-1)).toEqual({ type: 'replaced', sessionId, previousSessionId: UNKNOWN })
})

test('a 404 page of a proxy is no verdict: the session is kept', async () => {
  localStorage.setItem('storefront-session', UNKNOWN)
  session.api.fault = () => new Response('<html>', { status: 404, headers: { 'content-type': 'text/html' } })
  const client = session.open()
  client.start()
  expect((await client.ready()).sessionId).toBe(UNKNOWN)
  expect(client.getState().error).toMatchObject({ code: 'http', status: 404 })
})

test('lost in mid-visit, it is made again under the same id with all known ids, and the request repeated', async () => {
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
