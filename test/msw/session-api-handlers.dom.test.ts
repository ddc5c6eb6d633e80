import { setupServer } from 'msw/node'
import { createSessionClient } from 'storefront-session/core'
import { type SessionApiFault, sessionApiHandlers } from 'storefront-session/msw'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'

const BASE = 'http://localhost:3000/gks-server/v1'
let fault: SessionApiFault | undefined
let asked: string[] = []
const server = setupServer(
  ...sessionApiHandlers('/gks-server/v1/', {
    faults: ({ method, sessionId }) => {
      asked.push(`${method} ${sessionId === null ? 'new' : 'id'}`)
      return fault
    },
  }),
)
let clients: { stop(): void }[] = []

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterAll(() => server.close())
beforeEach(() => {
  localStorage.clear()
  fault = undefined
  asked = []
})
afterEach(() => {
  for (const client of clients) client.stop()
  clients = []
})

function open() {
  const client = createSessionClient({ baseUrl: BASE, retry: 0, revalidateMs: 0, timeoutMs: 1_000 })
  clients.push(client)
  client.start()
  return client
}

test('sessionApiHandlers are an API to the client: create, associate and retrieve', async () => {
  const { sessionId } = await open().associate({ customerId: 'ada', visitId: 'v' })
  const { response } = await (await fetch(`${BASE}/sessions/${sessionId}`)).json()
  expect(response).toMatchObject({ sessionId, customerId: 'ada', visitId: 'v' })
  expect((await fetch(`${BASE}/sessions/an-id-that-nobody-has`)).status).toBe(404)
  expect(asked).toEqual(['PUT new', 'GET id', 'GET id'])
})

test.each([
  ['network', 'network'],
  ['html', 'invalid-response'],
  ['empty', 'invalid-response'],
  ['html-404', 'http'],
  ['redirect', 'network'],
  ['refused', 'http'],
  ['forbidden', 'http'],
  ['hang', 'timeout'],
  ['server-error', 'http'],
  ['retry-after', 'http'],
] as const)('the fault %s shows as the error %s', async (name, code) => {
  fault = name
  await expect(open().ready()).rejects.toMatchObject({ code })
})

test('the fault retry-after reaches the client as retryAfterMs', async () => {
  fault = 'retry-after'
  await expect(open().ready()).rejects.toMatchObject({ status: 503, retryAfterMs: 1000 })
})

test.each(['data-envelope', 'bare-envelope'] as const)(
  'the client reads a session in the %s',
  async (name) => {
    fault = name
    expect((await open().associate({ visitId: 'v' })).visitId).toBe('v')
  },
)

test.each(['not-found', 'gone', 'error-in-200', 'other-id'] as const)(
  'the fault %s at restore makes a new session',
  async (name) => {
    const { sessionId } = await open().ready()
    for (const client of clients) client.stop()
    fault = name
    const again = open()
    expect(again.getState().sessionId).toBe(sessionId)
    await vi.waitFor(() => expect(asked.filter((call) => call === 'PUT new').length).toBeGreaterThan(1))
    fault = undefined
    await vi.waitFor(
      () => expect(again.getState()).toMatchObject({ status: 'ready', error: null, isValidating: false }),
      {
        timeout: 5_000,
      },
    )
    expect(again.getState().sessionId).not.toBe(sessionId)
  },
)

test('sessionApiHandlers play one fault for all requests', async () => {
  const [handler] = sessionApiHandlers('/always-down', { faults: 'forbidden' })
  if (handler) server.use(handler)
  expect((await fetch('http://localhost:3000/always-down/sessions/new', { method: 'PUT' })).status).toBe(403)
})

test('the fault dropped-headers drops the customer id and keeps the visit id', async () => {
  fault = 'dropped-headers'
  const { sessionId } = await open().ready()
  const answer = await fetch(`${BASE}/sessions/${sessionId}`, {
    method: 'POST',
    headers: { gkc_customerId: 'ada', 'content-type': 'application/json' },
    body: '{"visitId":"v"}',
  })
  const { response } = await answer.json()
  expect(response).toMatchObject({ sessionId, visitId: 'v' })
  expect(response).not.toHaveProperty('customerId')
})

test('with the fault no-create a POST of an unknown id answers 404', async () => {
  fault = 'no-create'
  const answer = await fetch(`${BASE}/sessions/an-id-that-nobody-has`, { method: 'POST' })
  expect(answer.status).toBe(404)
})
