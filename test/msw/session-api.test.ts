import { setupServer } from 'msw/node'
import {
  type SessionApiFault,
  type SessionApiHandlersOptions,
  sessionApiHandlers,
} from 'storefront-session/msw'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

const BASE = 'http://shop.example/gks-server/v1'
const JSON_TYPE = { 'content-type': 'application/json' }
const server = setupServer()
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

function open(options?: SessionApiHandlersOptions) {
  const api = sessionApiHandlers(BASE, options)
  server.use(...api)
  return api
}
const ask = (method: string, path: string, init?: RequestInit) => fetch(`${BASE}${path}`, { method, ...init })
const create = async (init?: RequestInit, query = ''): Promise<{ sessionId: string }> =>
  (await (await ask('PUT', `/sessions/new${query}`, init)).json()).response
const statusOf = async (method: string, path: string) => (await ask(method, path)).status

test('a mocked PUT creates a session with the ids of its headers and body', async () => {
  open()
  const answer = await ask('PUT', '/sessions/new', {
    headers: { ...JSON_TYPE, gkc_customerId: 'ada', gkc_agentId: 'agent-1' },
    body: '{"visitId":"v-1","globalVisitId":"g-1","resume":true,"previousSessionId":"abc","lang":"en"}',
  })
  expect(answer.status).toBe(200)
  expect(await answer.json()).toEqual({
    statusCode: 0,
    response: {
      sessionId: expect.stringMatching(/^[\w-]{16,128}$/),
      customerId: 'ada',
      agentId: 'agent-1',
      visitId: 'v-1',
      globalVisitId: 'g-1',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    },
  })
})

test('a mocked POST merges by field, and creates an unknown session under its id', async () => {
  open()
  const { sessionId } = await create({ headers: { gkc_customerId: 'ada' } })
  const merged = await ask('POST', `/sessions/${sessionId}`, {
    headers: JSON_TYPE,
    body: '{"visitId":"v-1"}',
  })
  expect((await merged.json()).response).toMatchObject({ sessionId, customerId: 'ada', visitId: 'v-1' })
  const made = await ask('POST', '/sessions/unknown', { headers: { gkc_customerId: 'bob' } })
  expect((await made.json()).response).toMatchObject({ sessionId: 'unknown', customerId: 'bob' })
})

test('a mocked GET of an unknown id answers 404 and statusCode 6', async () => {
  open()
  const answer = await ask('GET', '/sessions/unknown')
  expect([answer.status, await answer.json()]).toEqual([
    404,
    { statusCode: 6, description: 'Session not found' },
  ])
})

test('a mocked DELETE answers 204 without a body, also for an unknown id', async () => {
  const api = open()
  const { sessionId } = await create()
  for (const id of [sessionId, sessionId, 'unknown']) {
    const answer = await ask('DELETE', `/sessions/${id}`)
    expect([answer.status, await answer.text()]).toEqual([204, ''])
  }
  expect(api.sessions()).toEqual([])
})

test('the mocked API does not make an erased id again', async () => {
  open()
  const { sessionId } = await create()
  await ask('DELETE', `/sessions/${sessionId}`)
  expect(await statusOf('GET', `/sessions/${sessionId}`)).toBe(404)
  expect(await statusOf('POST', `/sessions/${sessionId}`)).toBe(404)
})

test('the mocked API keeps tenants apart', async () => {
  const api = open()
  const { sessionId } = await create(undefined, '?tenantId=shoes')
  expect(await statusOf('GET', `/sessions/${sessionId}?tenantId=shoes`)).toBe(200)
  for (const query of ['', '?tenantId=hats']) {
    expect(await statusOf('GET', `/sessions/${sessionId}${query}`)).toBe(404)
    expect(await statusOf('POST', `/sessions/${sessionId}${query}`)).toBe(404)
    expect(await statusOf('DELETE', `/sessions/${sessionId}${query}`)).toBe(204)
  }
  expect(api.sessions()).toHaveLength(1)
})

test('seeded sessions are there from the beginning, with all of their fields', async () => {
  const seed = { sessionId: 'abc', customerId: 'ada', loyaltyTier: 'gold' }
  const api = open({ sessions: [seed] })
  for (const query of ['', '?tenantId=shoes'])
    expect((await (await ask('GET', `/sessions/abc${query}`)).json()).response).toEqual(seed)
  expect(api.sessions()).toEqual([seed])
})

test('sessions() shows what the mocked API holds, as copies', async () => {
  const seed = { sessionId: 'abc' }
  const api = open({ sessions: [seed] })
  await ask('POST', '/sessions/abc', { headers: { gkc_customerId: 'ada' } })
  const { sessionId } = await create()
  expect(api.sessions()).toMatchObject([{ sessionId: 'abc', customerId: 'ada' }, { sessionId }])
  Object.assign(api.sessions()[0] ?? {}, { customerId: 'bob' })
  expect(api.sessions()[0]).toEqual({ sessionId: 'abc', customerId: 'ada' })
  expect(seed).toEqual({ sessionId: 'abc' })
})

test('two calls of sessionApiHandlers share no session', async () => {
  const first = open({ sessions: [{ sessionId: 'abc' }] })
  const second = open()
  await create()
  expect(first.sessions()).toEqual([{ sessionId: 'abc' }])
  expect(second.sessions()).toHaveLength(1)
})

test.each([
  ['a text', '"v-1"', 400],
  ['a list', '[]', 400],
  ['broken JSON', '{"visitId":', 400],
  ['a number as visitId', '{"visitId":1}', 400],
  ['a visitId with a space', '{"visitId":"v 1"}', 400],
  ['null as visitId', '{"visitId":null}', 200],
])('the mocked API answers a body with %s as the real one', async (_name, body, status) => {
  open()
  const answer = await ask('PUT', '/sessions/new', { headers: JSON_TYPE, body })
  expect(answer.status).toBe(status)
})

test('the mocked API refuses what the documented API refuses', async () => {
  open()
  const tooLong = { headers: { gkc_customerId: 'x'.repeat(257) } }
  expect((await ask('PUT', '/sessions/new', tooLong)).status).toBe(400)
  expect((await ask('PUT', '/sessions/new', { body: '{}' })).status).toBe(415)
  expect(await statusOf('GET', '/sessions/ünïcödé')).toBe(400)
  const wrong = await ask('GET', '/sessions/new')
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'PUT'])
  const other = await ask('PATCH', '/sessions/abc')
  expect([other.status, other.headers.get('allow')]).toEqual([405, 'GET, POST, DELETE'])
})

test('the function of faults learns method and id of each request', async () => {
  const calls: unknown[] = []
  open({ faults: (call) => void calls.push(call) })
  await create()
  for (const method of ['GET', 'POST', 'DELETE']) await ask(method, '/sessions/abc')
  expect(calls).toEqual([
    { method: 'PUT', sessionId: null },
    { method: 'GET', sessionId: 'abc' },
    { method: 'POST', sessionId: 'abc' },
    { method: 'DELETE', sessionId: 'abc' },
  ])
})

test.each<[SessionApiFault, number, unknown]>([
  ['data-envelope', 200, { status: 0, data: { sessionId: 'abc' } }],
  ['bare-envelope', 200, { sessionId: 'abc' }],
  ['error-in-200', 200, { statusCode: 6, description: 'Session not found' }],
  ['other-id', 200, { statusCode: 0, response: { sessionId: expect.not.stringMatching(/^abc$/) } }],
  ['forbidden', 403, { statusCode: 1, description: 'Forbidden' }],
])('the fault %s is an answer with the status %i', async (faults, status, body) => {
  open({ faults, sessions: [{ sessionId: 'abc' }] })
  const answer = await ask('GET', '/sessions/abc')
  expect([answer.status, await answer.json()]).toEqual([status, body])
})

test('an envelope fault leaves the 204 of a DELETE as it is', async () => {
  open({ faults: 'data-envelope' })
  expect(await statusOf('DELETE', '/sessions/abc')).toBe(204)
})

test.each(['localhost:4000/gks-server/v1', 'gks-server/v1', ''])(
  'sessionApiHandlers refuse the base URL "%s"',
  (baseUrl) => {
    expect(() => sessionApiHandlers(baseUrl)).toThrow(
      `sessionApiHandlers: baseUrl must be a path such as /gks-server/v1 or an http(s) URL, not "${baseUrl}"`,
    )
  },
)

test('sessionApiHandlers refuse a seed with an id that the client would refuse', () => {
  const sessions = [{ sessionId: 'abc' }, { sessionId: 'new' }]
  expect(() => sessionApiHandlers(BASE, { sessions })).toThrow('sessions[1].sessionId must be 1 to 256')
})
