import { expect, test } from 'vitest'
import { storeSession, withSessionApi } from '../support/session-setup.ts'

const session = withSessionApi()
const rotate = 'on-sign-in'

/** All requests that tie a customer to a session, as `METHOD path`. */
const signIns = () =>
  session.api.seen
    .filter(({ headers }) => headers.gkc_customerid)
    .map(({ method, path }) => `${method} ${path.replace('/gks-server/v1', '')}`)
const bodyOf = (method: string) =>
  JSON.parse(session.api.seen.findLast((request) => request.method === method)?.body ?? '{}')
const mark = () => localStorage.getItem('storefront-session:at')

test('the first customer of an anonymous session gets a new session by one PUT, which carries all ids', async () => {
  const client = session.open({ rotate })
  client.start()
  const before = await client.associate({ visitId: 'v1', globalVisitId: 'g1' })
  session.api.seen.length = 0
  const after = await client.associate({ customerId: 'ada' })
  expect(after.sessionId).not.toBe(before.sessionId)
  expect(after).toMatchObject({ customerId: 'ada', visitId: 'v1', globalVisitId: 'g1' })
  expect(session.api.calls()).toEqual(['PUT /sessions/new'])
  expect(signIns()).toEqual(['PUT /sessions/new'])
  expect(bodyOf('PUT')).toEqual({
    visitId: 'v1',
    globalVisitId: 'g1',
    previousSessionId: before.sessionId,
  })
  expect(await session.readSession(before.sessionId)).not.toHaveProperty('customerId')
  expect(await session.readSession(after.sessionId)).toMatchObject({ customerId: 'ada', visitId: 'v1' })
  expect(session.events.slice(-2)).toEqual([
    { type: 'created', sessionId: after.sessionId, previousSessionId: before.sessionId },
    { type: 'associated', sessionId: after.sessionId, fields: ['customerId'] },
  ])
  expect(localStorage.getItem('storefront-session')).toBe(after.sessionId)
})

test('without the option the id stays', async () => {
  const client = session.open()
  client.start()
  const { sessionId } = await client.ready()
  expect((await client.associate({ customerId: 'ada' })).sessionId).toBe(sessionId)
})

test('identify() over a stored anonymous session asks the server for its ids, and then gets the new one', async () => {
  const planted = await session.createElsewhere()
  storeSession(planted)
  const first = session.open({ rotate })
  first.start()
  await first.associate({ visitId: 'v1' })
  first.stop()
  session.api.seen.length = 0
  const client = session.open({ rotate })
  client.start()
  client.identify('ada')
  await expect.poll(() => client.getState().session).toMatchObject({ customerId: 'ada', visitId: 'v1' })
  await expect.poll(() => client.getState().isAssociating).toBe(false)
  expect(client.getState().sessionId).not.toBe(planted)
  expect(session.api.calls()).toEqual(['GET /sessions/:id', 'PUT /sessions/new'])
  expect(await session.readSession(planted)).not.toHaveProperty('customerId')
})

test('associate() over a stored anonymous session loses none of the ids that only the server has', async () => {
  const first = session.open({ rotate })
  first.start()
  const before = await first.associate({ visitId: 'v1' })
  first.stop()
  const client = session.open({ rotate })
  client.start()
  const after = await client.associate({ customerId: 'ada' })
  expect(after.sessionId).not.toBe(before.sessionId)
  expect(await session.readSession(after.sessionId)).toMatchObject({ customerId: 'ada', visitId: 'v1' })
})

test('the mark in storage remembers that there was a customer, and not who: a reload changes no id', async () => {
  const first = session.open({ rotate })
  first.start()
  await first.ready()
  const { sessionId } = await first.associate({ customerId: 'ada' })
  first.stop()
  expect(mark()).toContain(sessionId)
  expect(mark()).not.toContain('ada')
  session.api.seen.length = 0
  const client = session.open({ rotate })
  client.start()
  client.identify('ada')
  await expect.poll(() => client.getState().isConfirmed).toBe(true)
  expect((await client.associate({ visitId: 'v2', customerId: 'ada' })).sessionId).toBe(sessionId)
  expect(session.api.calls()).toEqual(['GET /sessions/:id', 'POST /sessions/:id'])
})

test('a customer who is known on the first visit travels with the first PUT: no id changes', async () => {
  const client = session.open({ rotate })
  client.identify('ada')
  client.start()
  await client.ready()
  await expect.poll(() => client.getState().isAssociating).toBe(false)
  expect(session.api.calls()).toEqual(['PUT /sessions/new'])
  expect(client.getState().session?.customerId).toBe('ada')
})

test.each([false, true])(
  'with create: client the customer goes by POST to a newly chosen id (confirmed before: %s)',
  async (isConfirmed) => {
    const client = session.open({ rotate, create: 'client' })
    client.start()
    const before = client.getState().sessionId
    if (isConfirmed) await client.associate({ visitId: 'v1' })
    const after = await client.associate({ customerId: 'ada' })
    expect(after.sessionId).not.toBe(before)
    expect(signIns()).toEqual([`POST /sessions/${after.sessionId}`])
    expect(session.events.findLast(({ type }) => type === 'created')).toMatchObject({
      sessionId: after.sessionId,
      previousSessionId: before,
    })
    if (isConfirmed) expect(await session.readSession(after.sessionId)).toMatchObject({ visitId: 'v1' })
  },
)

test('with create: client a customer who is named before the start shares the first id of this page', async () => {
  const client = session.open({ rotate, create: 'client' })
  const { sessionId } = client.getState()
  client.identify('ada')
  client.start()
  await expect.poll(() => client.getState().isConfirmed).toBe(true)
  expect(client.getState()).toMatchObject({ sessionId, session: { customerId: 'ada' } })
})

test('a page that leaves in between does not tie the customer to the old id, and the next page signs in', async () => {
  const first = session.open({ rotate })
  first.start()
  const before = await first.ready()
  // The sign-in gets no answer any more.
  session.api.fault = ({ headers }) => (headers.gkc_customerid ? new Promise(() => undefined) : undefined)
  first.associate({ customerId: 'ada', visitId: 'v1' }).catch(() => undefined)
  await expect.poll(signIns).toEqual(['PUT /sessions/new'])
  window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: false }))
  await expect.poll(() => session.readSession(before.sessionId)).toMatchObject({ visitId: 'v1' })
  expect(signIns()).toEqual(['PUT /sessions/new'])
  first.stop()
  session.api.fault = undefined
  const client = session.open({ rotate })
  client.start()
  await expect.poll(() => client.getState()).toMatchObject({ isConfirmed: true, isAssociating: false })
  const { sessionId } = client.getState()
  expect(sessionId).not.toBe(before.sessionId)
  expect(await session.readSession(sessionId)).toMatchObject({ customerId: 'ada', visitId: 'v1' })
  expect(await session.readSession(before.sessionId)).not.toHaveProperty('customerId')
})

test('a session that is lost in the moment of the sign-in is not made again under the old id', async () => {
  const client = session.open({ rotate })
  client.start()
  const before = await client.associate({ visitId: 'v1' })
  session.api.forgetAll()
  const after = await client.associate({ customerId: 'ada', globalVisitId: 'g1' })
  expect(after.sessionId).not.toBe(before.sessionId)
  expect(signIns().every((call) => call === 'PUT /sessions/new')).toBe(true)
  expect(after).toMatchObject({ customerId: 'ada', visitId: 'v1', globalVisitId: 'g1' })
})

test('a PUT with previousSessionId that is refused goes once more without it', async () => {
  const client = session.open({ rotate })
  client.start()
  const before = await client.ready()
  session.api.fault = ({ body }) =>
    body.includes('previousSessionId')
      ? Response.json({ statusCode: 2, description: 'unknown field' }, { status: 400 })
      : undefined
  const after = await client.associate({ customerId: 'ada' })
  expect(after.sessionId).not.toBe(before.sessionId)
  expect(bodyOf('PUT')).toEqual({})
  expect(signIns()).toEqual(['PUT /sessions/new', 'PUT /sessions/new'])
})

test('a customer who is refused leaves the session as it was', async () => {
  const client = session.open({ rotate })
  client.start()
  const before = await client.ready()
  session.api.fault = ({ headers }) =>
    headers.gkc_customerid
      ? Response.json({ statusCode: 5, description: 'refused' }, { status: 403 })
      : undefined
  await expect(client.associate({ customerId: 'ada', visitId: 'v1' })).rejects.toMatchObject({ status: 403 })
  await expect.poll(() => client.getState().isAssociating).toBe(false)
  expect(client.getState()).toMatchObject({ sessionId: before.sessionId, session: { visitId: 'v1' } })
  expect(await session.readSession(before.sessionId)).toMatchObject({ visitId: 'v1' })
})

test('another tab goes over to the new id, and ties nobody to the old one', async () => {
  const [one, other] = [session.open({ rotate }), session.open({ rotate })]
  one.start()
  other.start()
  const before = await one.ready()
  await other.ready()
  one.identify('ada')
  other.identify('ada')
  await expect.poll(() => one.getState().session?.customerId).toBe('ada')
  await expect.poll(() => one.getState().isAssociating || other.getState().isAssociating).toBe(false)
  const { sessionId } = one.getState()
  await expect.poll(() => other.getState().sessionId).toBe(sessionId)
  expect(sessionId).not.toBe(before.sessionId)
  expect(await session.readSession(before.sessionId)).not.toHaveProperty('customerId')
  expect(await session.readSession(sessionId)).toMatchObject({ customerId: 'ada' })
})

test('what another tab sent before it crashed follows the customer into the new session', async () => {
  const client = session.open({ rotate })
  client.start()
  const before = await client.ready()
  // The other tab: it associates, writes down the confirmation, and is gone before it has told anybody.
  await fetch(`${session.api.baseUrl}/sessions/${before.sessionId}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ visitId: 'v1' }),
  })
  await expect.poll(() => Date.now()).toBeGreaterThan(Number(mark()?.split(' ')[1]))
  storeSession(before.sessionId)
  const after = await client.associate({ customerId: 'ada' })
  expect(after.sessionId).not.toBe(before.sessionId)
  expect(await session.readSession(after.sessionId)).toMatchObject({ customerId: 'ada', visitId: 'v1' })
})
