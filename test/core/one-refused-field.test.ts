import type { SessionClientOptions, SessionError, SessionEvent } from 'storefront-session/core'
import { expect, test } from 'vitest'
import { openBrowser, quiet } from './support/client-page.ts'
import { createApi } from './support/remembering-api.ts'

const refused = (status = 403) => Response.json({ statusCode: 1, description: 'No' }, { status })

/** A page whose API refuses each request that names a customer. */
function openPage(options: Partial<SessionClientOptions> = {}) {
  const api = createApi()
  api.fault = ({ customerId }) => (customerId ? refused() : undefined)
  const told: SessionEvent[] = []
  const page = openBrowser().open({ fetch: api.fetch, onEvent: (event) => told.push(event), ...options })
  const sent = () => api.seen.splice(0).map(({ method, customerId, body }) => [method, customerId, body])
  const fieldsOf = (type: SessionEvent['type']) =>
    told.flatMap((event) => (event.type === type && 'fields' in event ? event.fields : []))
  return { ...page, api, told, sent, fieldsOf }
}
const outcome = (promise: Promise<unknown>) =>
  promise.then(
    () => 'confirmed',
    ({ code, status }: SessionError) => `${code} ${status}`,
  )

test('a customer who is refused takes no visit id with him: they go once more by themselves', async () => {
  const { client, sent, fieldsOf, api } = openPage()
  client.start()
  const { sessionId } = await client.ready()
  sent()
  const outcomes = [
    outcome(client.associate({ customerId: 'ada' })),
    outcome(client.associate({ visitId: 'v1' })),
    outcome(client.associate({ globalVisitId: 'g1' })),
  ]
  expect(await Promise.all(outcomes)).toEqual(['http 403', 'confirmed', 'confirmed'])
  const body = '{"visitId":"v1","globalVisitId":"g1"}'
  expect(sent()).toEqual([
    ['POST', 'ada', body],
    ['POST', null, body],
  ])
  expect([fieldsOf('association-failed'), fieldsOf('associated')]).toEqual([
    ['customerId'],
    ['visitId', 'globalVisitId'],
  ])
  expect(client.getState().session).toEqual({ sessionId, visitId: 'v1', globalVisitId: 'g1' })
  expect(client.pendingFields()).toEqual([])
  expect(api.server.sessions.get(sessionId)).toEqual({ visitId: 'v1', globalVisitId: 'g1' })
})

test('one call with both is rejected, and its visit id is kept all the same', async () => {
  const { client } = openPage()
  client.start()
  await client.ready()
  expect(await outcome(client.associate({ customerId: 'ada', visitId: 'v1' }))).toBe('http 403')
  await expect.poll(() => client.getState().isAssociating).toBe(false)
  expect(client.getState().session).toMatchObject({ visitId: 'v1' })
  expect(client.getState().session?.customerId).toBeUndefined()
})

test('on a first visit the PUT goes once more with the visit ids', async () => {
  const { client, sent, fieldsOf } = openPage()
  client.start()
  const outcomes = [
    outcome(client.associate({ customerId: 'ada' })),
    outcome(client.associate({ visitId: 'v1' })),
  ]
  expect(await Promise.all(outcomes)).toEqual(['http 403', 'confirmed'])
  expect(sent()).toEqual([
    ['PUT', 'ada', '{"visitId":"v1"}'],
    ['PUT', null, '{"visitId":"v1"}'],
  ])
  expect([fieldsOf('association-failed'), fieldsOf('associated')]).toEqual([['customerId'], ['visitId']])
  expect(client.getState()).toMatchObject({ status: 'ready', session: { visitId: 'v1' } })
})

test('with an id that the browser chose the visit ids go once more by themselves', async () => {
  const { client, api, sent } = openPage({ create: 'client' })
  client.start()
  void client.associate({ customerId: 'ada', visitId: 'v1' })
  await expect.poll(() => client.getState()).toMatchObject({ isConfirmed: true, isAssociating: false })
  expect(api.server.sessions.get(String(client.getState().sessionId))).toEqual({ visitId: 'v1' })
  expect(sent().at(-1)).toEqual([expect.any(String), null, '{"visitId":"v1"}'])
})

test('visit ids that are refused by themselves, too, are refused, and nothing is sent a third time', async () => {
  const { client, api, sent, fieldsOf } = openPage()
  client.start()
  await client.ready()
  sent()
  api.fault = ({ method }) => (method === 'POST' ? refused(400) : undefined)
  const outcomes = [
    outcome(client.associate({ customerId: 'ada' })),
    outcome(client.associate({ visitId: 'v1' })),
  ]
  expect(await Promise.all(outcomes)).toEqual(['http 400', 'http 400'])
  await quiet()
  expect(sent()).toHaveLength(2)
  expect(fieldsOf('association-failed').sort()).toEqual(['customerId', 'visitId'])
  expect(client.pendingFields()).toEqual([])
})

test('a PUT whose ids are refused in each shape still makes a session', async () => {
  const { client, api } = openPage()
  api.fault = ({ customerId, body }) => (customerId || body.includes('visitId') ? refused() : undefined)
  client.start()
  const outcomes = [
    outcome(client.associate({ customerId: 'ada' })),
    outcome(client.associate({ visitId: 'v1' })),
  ]
  expect(await Promise.all(outcomes)).toEqual(['http 403', 'http 403'])
  await expect.poll(() => client.getState().status).toBe('ready')
})

test('a refusal of visit ids alone is final at once', async () => {
  const { client, api, sent } = openPage()
  client.start()
  await client.ready()
  sent()
  api.fault = () => refused(400)
  expect(await outcome(client.associate({ visitId: 'v1', globalVisitId: 'g1' }))).toBe('http 400')
  await quiet()
  expect(sent()).toHaveLength(1)
})

test('a refusal of a customer alone is final at once', async () => {
  const { client, sent } = openPage()
  client.start()
  await client.ready()
  sent()
  expect(await outcome(client.associate({ customerId: 'ada' }))).toBe('http 403')
  await quiet()
  expect(sent()).toEqual([['POST', 'ada', '{}']])
})

test.each([408, 425, 429, 500, 503])(
  'an answer %i refuses nothing for good: all ids go together again',
  async (status) => {
    const { client, api, sent, happen } = openPage()
    client.start()
    await client.ready()
    sent()
    let isFirst = true
    api.fault = () => {
      if (!isFirst) return
      isFirst = false
      return new Response('{}', { status })
    }
    const associated = outcome(client.associate({ customerId: 'ada', visitId: 'v1' }))
    await expect.poll(() => client.getState().error).toMatchObject({ status })
    happen('online')
    expect(await associated).toBe('confirmed')
    expect(sent()).toEqual([
      ['POST', 'ada', '{"visitId":"v1"}'],
      ['POST', 'ada', '{"visitId":"v1"}'],
    ])
  },
)

test('the customer who is refused is the earlier one’s successor: the session shows the confirmed one again', async () => {
  const { client, api } = openPage()
  api.fault = ({ customerId }) => (customerId === 'eve' ? refused() : undefined)
  client.start()
  await client.associate({ customerId: 'ada' })
  const both = [
    outcome(client.associate({ customerId: 'eve' })),
    outcome(client.associate({ visitId: 'v1' })),
  ]
  expect(await Promise.all(both)).toEqual(['http 403', 'confirmed'])
  expect(client.getState().session).toMatchObject({ customerId: 'ada', visitId: 'v1' })
})
