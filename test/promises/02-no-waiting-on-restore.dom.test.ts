import { expect, test, vi } from 'vitest'
import { withSessionApi } from '../support/session-setup.ts'

const session = withSessionApi()

async function visitedBefore(): Promise<string> {
  const client = session.open()
  client.start()
  const { sessionId } = await client.ready()
  client.stop()
  session.api.seen.length = 0
  session.events.length = 0
  return sessionId
}

test('the id in storage is known before anything is started', async () => {
  const id = await visitedBefore()
  const { status, sessionId } = session.open().getState()
  expect({ status, sessionId }).toEqual({ status: 'ready', sessionId: id })
})

test('a session that was confirmed within revalidateMs is not asked for', async () => {
  const id = await visitedBefore()
  const client = session.open()
  client.start()
  expect((await client.ready()).sessionId).toBe(id)
  expect(session.api.calls()).toEqual([])
  expect(session.events).toEqual([{ type: 'restored', sessionId: id }])
})

test('without any revalidation, too, a session that was never confirmed is asked for, and a chosen one is brought to the server', async () => {
  localStorage.setItem('storefront-session', await visitedBefore())
  localStorage.removeItem('storefront-session:at')
  const client = session.open({ revalidateMs: Number.POSITIVE_INFINITY })
  client.start()
  await vi.waitFor(() => expect(session.api.calls()).toEqual(['GET /sessions/:id']))
  const other = session.open({
    revalidateMs: Number.POSITIVE_INFINITY,
    create: 'client',
    storageKey: 'other-shop',
  })
  other.start()
  await vi.waitFor(() => expect(session.api.calls().at(-1)).toBe('POST /sessions/:id'))
})

test('a stored session that is older is asked for once, in the background', async () => {
  const id = await visitedBefore()
  const client = session.open({ revalidateMs: 0 })
  client.start()
  expect(client.getState()).toMatchObject({ status: 'ready', sessionId: id })
  await vi.waitFor(() => expect(client.getState().session?.createdAt).toBeDefined())
  expect(session.api.calls()).toEqual(['GET /sessions/:id'])
})

test('requests go out with the stored id at once, while the server is still asked', async () => {
  const id = await visitedBefore()
  session.api.fault = ({ path }) => (path.includes('/sessions/') ? new Promise(() => undefined) : undefined)
  const client = session.open({ revalidateMs: 0 })
  client.start()
  await client.fetch(`${session.api.baseUrl}/help?q=x`)
  expect(session.api.seen.find(({ path }) => path.endsWith('/help'))?.search).toBe(`?q=x&sessionId=${id}`)
})

test('ids associated before the session exists travel with the PUT: one request in all', async () => {
  const client = session.open()
  const associated = client.associate({ customerId: 'ada', visitId: 'v1' })
  client.start()
  expect(await associated).toMatchObject({ customerId: 'ada', visitId: 'v1' })
  expect(session.api.calls()).toEqual(['PUT /sessions/new'])
  expect(session.api.seen[0]).toMatchObject({ body: '{"visitId":"v1"}', headers: { gkc_customerid: 'ada' } })
})

test('with create: client the id is there in the first render of a first visit, and a POST brings it', async () => {
  const client = session.open({ create: 'client' })
  const id = client.getState().sessionId
  expect(id).toMatch(/^[\w-]{16,}$/)
  client.start()
  await vi.waitFor(() => expect(session.events).toEqual([{ type: 'created', sessionId: id }]))
  expect(session.api.calls()).toEqual(['POST /sessions/:id'])
  expect(localStorage.getItem('storefront-session')).toBe(id)
})

test('F175: with create: client a server that refuses an unknown id gets a PUT', async () => {
  session.api.fault = ({ method, path }) =>
    method === 'POST' && path.includes('/sessions/')
      ? Response.json({ statusCode: 6, description: 'Session not found' }, { status: 404 })
      : undefined
  const client = session.open({ create: 'client' })
  const own = client.getState().sessionId
  client.start()
  await vi.waitFor(() => expect(client.getState().sessionId).not.toBe(own))
  expect(session.api.calls()).toEqual(['POST /sessions/:id', 'PUT /sessions/new'])
})

test("create: 'client' has the next id at once after a reset, too, and brings it to the server by one POST", async () => {
  const client = session.open({ create: 'client' })
  client.start()
  const { sessionId: before } = await client.ready()
  session.api.seen.length = 0
  const reset = client.reset()
  const { sessionId, status } = client.getState()
  expect(sessionId).toEqual(expect.any(String))
  expect({ status, isOther: sessionId !== before }).toEqual({ status: 'ready', isOther: true })
  expect(await reset).toMatchObject({ sessionId })
  expect(session.api.calls()).toEqual(['POST /sessions/:id'])
  expect(session.events.slice(-2)).toEqual([
    { type: 'reset', sessionId: before },
    { type: 'created', sessionId, previousSessionId: expect.any(String) },
  ])
})

test('where identify() names a customer, each page load asks once whose session the stored one is, in the background', async () => {
  const id = await visitedBefore()
  for (let load = 0; load < 2; load++) {
    const client = session.open()
    client.identify('ada')
    client.start()
    expect(client.getState()).toMatchObject({ status: 'ready', sessionId: id, isConfirmed: false })
    await vi.waitFor(() =>
      expect(client.getState()).toMatchObject({ isConfirmed: true, session: { customerId: 'ada' } }),
    )
    await vi.waitFor(() => expect(client.getState().isAssociating).toBe(false))
    client.stop()
  }
  expect(session.api.calls()).toEqual(['GET /sessions/:id', 'POST /sessions/:id', 'GET /sessions/:id'])
})
