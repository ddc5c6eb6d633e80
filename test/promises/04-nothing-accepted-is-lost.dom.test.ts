import { expect, test, vi } from 'vitest'
import { storeSession, withSessionApi } from '../support/session-setup.ts'

const session = withSessionApi()
const posts = () => session.api.seen.filter(({ method }) => method === 'POST')
const down = () => new Response('{}', { status: 503 })

async function started(options = {}) {
  const client = session.open(options)
  client.start()
  await client.ready()
  return client
}

test('F59, F61: associations show at once and are confirmed by one POST for all calls of a tick', async () => {
  const client = await started()
  const both = [client.associate({ customerId: 'ada' }), client.associate({ visitId: 'v1' })]
  expect(client.getState()).toMatchObject({
    isAssociating: true,
    session: { customerId: 'ada', visitId: 'v1' },
  })
  await Promise.all(both)
  expect(posts()).toHaveLength(1)
  expect(client.getState()).toMatchObject({
    isAssociating: false,
    session: { customerId: 'ada', visitId: 'v1' },
  })
})

test('the last value of a field wins, and a thousand calls make at most two requests', async () => {
  const client = await started()
  await Promise.all(Array.from({ length: 1000 }, (_, index) => client.associate({ visitId: `v${index}` })))
  expect(posts().length).toBeLessThanOrEqual(2)
  expect(posts().at(-1)?.body).toBe('{"visitId":"v999"}')
})

test.each(['server', 'client'] as const)(
  'ids that travel with the first request of a session are told as associated, too (create: %s)',
  async (create) => {
    const client = session.open({ create })
    client.start()
    const { sessionId } = await client.associate({ customerId: 'ada', visitId: 'v1' })
    expect(session.events).toEqual([
      { type: 'created', sessionId },
      { type: 'associated', sessionId, fields: ['customerId', 'visitId'] },
    ])
    expect(session.api.calls()).toHaveLength(1)
  },
)

test('what is confirmed already is not sent again', async () => {
  const client = await started()
  await client.associate({ customerId: 'ada' })
  await client.associate({ customerId: 'ada' })
  expect(posts()).toHaveLength(1)
})

test('F37, F41: an accepted id survives a reload and is sent by the next page, then removed from storage', async () => {
  const first = await started()
  session.api.fault = ({ method }) => (method === 'POST' ? down() : undefined)
  void first.associate({ customerId: 'ada' })
  await vi.waitFor(() => expect(posts()).toHaveLength(1))
  first.stop()
  expect(localStorage.getItem('storefront-session:customerId')).toMatch(/ ada$/)
  session.api.fault = undefined
  const second = await started()
  await vi.waitFor(() => expect(second.getState().isAssociating).toBe(false))
  expect(posts().at(-1)?.headers.gkc_customerid).toBe('ada')
  expect(localStorage.getItem('storefront-session:customerId')).toBeNull()
})

test('the last value wins in a session that is made again, too, where another tab set it', async () => {
  const [one, other] = [await started(), await started()]
  await one.associate({ customerId: 'ada', visitId: 'v1' })
  await other.associate({ visitId: 'v2' })
  await vi.waitFor(() => expect(one.getState().session?.visitId).toBe('v2'))
  session.api.forgetAll()
  session.api.fault = ({ path }) =>
    path.endsWith('/cart') ? Response.json({ description: 'Session not found' }, { status: 404 }) : undefined
  await one.fetch(`${session.api.baseUrl}/cart`)
  const sent = posts().filter(({ path }) => path.includes('/sessions/'))
  expect(sent.at(-1)).toMatchObject({ headers: { gkc_customerid: 'ada' }, body: '{"visitId":"v2"}' })
})

test('durable: false keeps unconfirmed ids out of storage', async () => {
  const client = await started({ durable: false })
  session.api.fault = ({ method }) => (method === 'POST' ? down() : undefined)
  void client.associate({ customerId: 'ada' })
  await vi.waitFor(() => expect(posts()).toHaveLength(1))
  expect(Object.keys(localStorage).sort()).toEqual(['storefront-session', 'storefront-session:at'])
})

test('durable: false keeps nothing of what an earlier visit stored, and forget() removes it without having read it', async () => {
  const stored = () => localStorage.getItem('storefront-session:customerId')
  for (const enabled of [true, false]) {
    storeSession('stored-session')
    localStorage.setItem('storefront-session:customerId', ' ada')
    const client = session.open({ durable: false, enabled })
    expect([enabled, stored()]).toEqual([enabled, enabled ? null : ' ada'])
    client.forget()
    expect(Object.keys(localStorage)).toEqual([])
  }
})

test('a refusal for good rejects and rolls back', async () => {
  const client = await started()
  session.api.fault = ({ method }) => (method === 'POST' ? new Response('{}', { status: 400 }) : undefined)
  await expect(client.associate({ customerId: 'ada' })).rejects.toMatchObject({ code: 'http', status: 400 })
  expect(client.getState().session?.customerId).toBeUndefined()
  expect(session.events.at(-1)).toMatchObject({ type: 'association-failed', fields: ['customerId'] })
})

test('F98: an id that a header can not carry is refused at once and never sent', async () => {
  const client = await started()
  await expect(client.associate({ customerId: 'ädä\r\n' })).rejects.toMatchObject({ code: 'invalid-input' })
  expect(posts()).toHaveLength(0)
})

test('after a reset the earlier customer is never sent', async () => {
  const client = await started()
  session.api.fault = ({ method }) => (method === 'POST' ? down() : undefined)
  const associated = client.associate({ customerId: 'ada' })
  await vi.waitFor(() => expect(posts()).toHaveLength(1))
  session.api.fault = undefined
  const before = client.getState().sessionId
  const { sessionId, customerId } = await client.reset()
  await expect(associated).rejects.toMatchObject({ code: 'aborted' })
  expect(sessionId).not.toBe(before)
  expect(customerId).toBeUndefined()
  expect(session.api.seen.at(-1)?.headers.gkc_customerid).toBeUndefined()
})

test('forget removes everything, rejects what is unsent and disables', async () => {
  const client = await started()
  session.api.fault = ({ method }) => (method === 'POST' ? down() : undefined)
  const associated = client.associate({ customerId: 'ada' })
  client.forget()
  await expect(associated).rejects.toMatchObject({ code: 'aborted' })
  expect(client.getState()).toMatchObject({ status: 'disabled', sessionId: null, session: null })
  expect(Object.keys(localStorage)).toEqual([])
  await expect(client.ready()).rejects.toMatchObject({ code: 'disabled' })
})

test('F32: two tabs that associate different fields both win', async () => {
  const [first, second] = [await started(), await started()]
  await Promise.all([first.associate({ customerId: 'ada' }), second.associate({ visitId: 'v1' })])
  const id = first.getState().sessionId
  const answer = await (await fetch(`${session.api.baseUrl}/sessions/${id}`)).json()
  expect(answer.response).toMatchObject({ customerId: 'ada', visitId: 'v1' })
})

test('F42: a page that goes away sends what was not sent', async () => {
  const client = await started()
  session.api.fault = ({ method }) => (method === 'POST' ? down() : undefined)
  void client.associate({ visitId: 'v1' })
  await vi.waitFor(() => expect(posts()).toHaveLength(1))
  session.api.fault = undefined
  window.dispatchEvent(new PageTransitionEvent('pagehide'))
  await vi.waitFor(() => expect(client.getState().isAssociating).toBe(false))
})

test('F45: an id accepted offline is sent when the network is back, and its promise resolves then', async () => {
  let offline = false
  const client = await started({
    fetch: ((input, init) =>
      fetch(offline ? 'http://127.0.0.1:1/' : input, init)) satisfies typeof globalThis.fetch,
  })
  offline = true
  const associated = client.associate({ customerId: 'ada' })
  await vi.waitFor(() => expect(client.getState().error).toMatchObject({ code: 'network' }))
  expect(client.getState()).toMatchObject({ isAssociating: true, session: { customerId: 'ada' } })
  offline = false
  window.dispatchEvent(new Event('online'))
  expect(await associated).toMatchObject({ customerId: 'ada' })
  expect(posts().at(-1)?.headers.gkc_customerid).toBe('ada')
})

test.each([408, 425, 429, 503])(
  'a %i is no refusal: the id is sent again, after Retry-After',
  async (status) => {
    const client = await started()
    let refusedAt = 0
    session.api.fault = ({ method }) => {
      if (method !== 'POST' || refusedAt) return
      refusedAt = Date.now()
      return new Response('{}', { status, headers: { 'retry-after': '1' } })
    }
    expect(await client.associate({ customerId: 'ada' })).toMatchObject({ customerId: 'ada' })
    expect(Date.now() - refusedAt).toBeGreaterThanOrEqual(990)
    expect(posts()).toHaveLength(2)
  },
)

test('an id accepted while a server restarts without its sessions is confirmed all the same', async () => {
  const client = await started()
  await client.associate({ customerId: 'ada' })
  session.api.forgetAll()
  const { sessionId } = await client.associate({ visitId: 'v1' })
  const answer = await (await fetch(`${session.api.baseUrl}/sessions/${sessionId}`)).json()
  expect(answer.response).toMatchObject({ customerId: 'ada', visitId: 'v1' })
})

test('a refused value is rolled back to the confirmed one before it', async () => {
  const client = await started()
  await client.associate({ visitId: 'v1' })
  session.api.fault = ({ method }) => (method === 'POST' ? new Response('{}', { status: 400 }) : undefined)
  await expect(client.associate({ visitId: 'v2' })).rejects.toMatchObject({ status: 400 })
  expect(client.getState().session?.visitId).toBe('v1')
})

test('after forget the earlier customer is never sent, also by a later visit', async () => {
  const client = await started()
  session.api.fault = ({ method }) => (method === 'POST' ? down() : undefined)
  const associated = client.associate({ customerId: 'ada' })
  await vi.waitFor(() => expect(posts()).toHaveLength(1))
  session.api.fault = undefined
  client.forget()
  await expect(associated).rejects.toMatchObject({ code: 'aborted' })
  session.api.seen.length = 0
  const next = await started()
  await next.associate({ visitId: 'v1' })
  expect(session.api.seen.map(({ headers }) => headers.gkc_customerid).filter(Boolean)).toEqual([])
})

test('a page that hears late of a forget leaves alone the session that others have begun since', async () => {
  const sleeper = session.open()
  sleeper.start()
  const { sessionId: before } = await sleeper.ready()
  const sessionId = await session.createElsewhere()
  storeSession(sessionId)
  localStorage.setItem('storefront-session:visitId', ' v1')
  const hears = (newValue: string) =>
    window.dispatchEvent(new StorageEvent('storage', { key: 'storefront-session:at', newValue }))
  hears(`forgotten ${before}`)
  expect(sleeper.getState()).toMatchObject({ status: 'ready', sessionId })
  expect(localStorage.getItem('storefront-session')).toBe(sessionId)
  await vi.waitFor(() => expect(sleeper.getState()).toMatchObject({ isAssociating: false, error: null }))
  expect(session.api.seen.at(-1)).toMatchObject({ method: 'POST', body: '{"visitId":"v1"}' })
  // The same word about the session of now is meant.
  hears(`forgotten ${sessionId}`)
  expect(sleeper.getState().status).toBe('disabled')
  expect(localStorage).toHaveLength(0)
})

test('one refused field does not take the others with it: the visit ids go once more by themselves', async () => {
  const client = await started()
  session.api.fault = ({ headers }) =>
    headers.gkc_customerid ? Response.json({ statusCode: 1, description: 'No' }, { status: 403 }) : undefined
  const customer = client.associate({ customerId: 'ada' })
  const visit = client.associate({ visitId: 'v1' })
  await expect(customer).rejects.toMatchObject({ code: 'http', status: 403 })
  const { sessionId } = await visit
  expect(await session.readSession(sessionId)).toMatchObject({ visitId: 'v1' })
  expect(client.getState()).toMatchObject({ isAssociating: false, session: { visitId: 'v1' } })
  expect(client.getState().session?.customerId).toBeUndefined()
})
