import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { createSessionHandler, memoryStore, type RequestReport } from 'storefront-session/server'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { askRequest, createSession, JSON_TYPE, UNKNOWN_ID } from './support/ways-in.ts'

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/

/** What the subscribers of a tracing channel get while a test runs, copied at that moment. */
function record(name: string) {
  const events: { event: string; message: object }[] = []
  for (const event of ['start', 'end', 'asyncStart', 'asyncEnd', 'error']) {
    const hear = (message: unknown) => void events.push({ event, message: { ...Object(message) } })
    subscribe(`tracing:${name}:${event}`, hear)
    onTestFinished(() => void unsubscribe(`tracing:${name}:${event}`, hear))
  }
  return events
}

describe('the channel storefront-session:request', () => {
  test('tells the start and the end of a request, with the same object', async () => {
    const events = record('storefront-session:request')
    const ask = askRequest({ store: memoryStore() })
    const headers = { traceparent: TRACEPARENT, 'x-request-id': 'req-4711-abc' }
    await ask('PUT', '/sessions/new', { headers })
    const begun = {
      method: 'PUT',
      route: '/sessions/new',
      requestId: 'req-4711-abc',
      traceparent: TRACEPARENT,
    }
    const ended = { ...begun, status: 200, ms: expect.any(Number) }
    expect(events).toEqual([
      { event: 'start', message: begun },
      { event: 'end', message: expect.objectContaining(begun) },
      { event: 'asyncStart', message: expect.objectContaining(ended) },
      { event: 'asyncEnd', message: expect.objectContaining(ended) },
    ])
  })

  test('gives it the request id that onRequest gets', async () => {
    const events = record('storefront-session:request')
    const reports: RequestReport[] = []
    const ask = askRequest({ store: memoryStore(), onRequest: (report) => reports.push(report) })
    await ask('GET', `/sessions/${UNKNOWN_ID}`)
    expect(events.at(-1)?.message).toMatchObject({ ...reports[0] })
  })

  test('F137: never has an id of a session or customer, nor an answer', async () => {
    const requests = record('storefront-session:request')
    const operations = record('storefront-session:store')
    const ask = askRequest({ store: memoryStore(), deletable: true, cookie: {} })
    const sessionId = await createSession(ask, { headers: { gkc_customerId: 'canary-customer' } })
    const headers = { ...JSON_TYPE, gkc_customerId: 'canary-customer', cookie: `sid=${sessionId}` }
    for (const method of ['GET', 'POST', 'DELETE'])
      await ask(method, `/sessions/${sessionId}?canary-query`, { headers })
    const told = JSON.stringify([requests, operations])
    expect(requests.length + operations.length).toBeGreaterThan(20)
    expect(told).not.toContain('canary')
    expect(told).not.toContain(sessionId)
  })
})

describe('the channel storefront-session:store', () => {
  test('tells each operation', async () => {
    const events = record('storefront-session:store')
    const ask = askRequest({ store: memoryStore(), deletable: true })
    const sessionId = await createSession(ask)
    for (const method of ['GET', 'POST', 'DELETE']) await ask(method, `/sessions/${sessionId}`)
    const begun = events.filter(({ event }) => event === 'start').map(({ message }) => message)
    const operations = ['create', 'get', 'associate', 'get', 'remove']
    expect(begun).toEqual(operations.map((operation) => ({ operation })))
    expect(events.filter(({ event }) => event === 'asyncEnd')).toHaveLength(operations.length)
  })

  test('tells the error of the store, and the handler answers 503', async () => {
    const events = record('storefront-session:store')
    const error = new Error('down')
    const ask = askRequest({ store: { ...memoryStore(), create: () => Promise.reject(error) } })
    expect((await ask('PUT', '/sessions/new')).status).toBe(503)
    expect(events.find(({ event }) => event === 'error')?.message).toMatchObject({
      operation: 'create',
      error,
    })
  })
})

test('a handler without subscribers builds no trace', async () => {
  const randomUUID = vi.spyOn(crypto, 'randomUUID')
  onTestFinished(() => randomUUID.mockRestore())
  const ask = askRequest({ store: memoryStore() })
  await ask('PUT', '/sessions/new')
  expect(randomUUID).not.toHaveBeenCalled()
})

test('a handler answers where a framework calls it with its own context', async () => {
  const onError = vi.fn()
  const handle = createSessionHandler({ store: memoryStore(), limit: { create: '1/1d' }, onError })
  const context = { params: Promise.resolve({}), peer: { address: '192.0.2.1' } }
  // @ts-expect-error: TypeScript refuses a peer that is no text, and a framework does not ask it
  const answer = await handle(new Request('http://api.test/sessions/new', { method: 'PUT' }), context)
  expect(answer.status).toBe(200)
  expect(onError).toHaveBeenCalledOnce()
})

test('a handler runs where there is no Node', async () => {
  vi.stubGlobal('process', undefined)
  onTestFinished(() => void vi.unstubAllGlobals())
  const handle = createSessionHandler({ store: memoryStore() })
  const answer = await handle(new Request('http://api.test/sessions/new', { method: 'PUT' }))
  expect(answer.status).toBe(200)
})

describe('the request id', () => {
  const reportOf = async (headers: Record<string, string>, path = '/sessions/new') => {
    const reports: RequestReport[] = []
    const ask = askRequest({ store: memoryStore(), onRequest: (report) => reports.push(report) })
    await ask('PUT', path, { headers })
    return reports[0]
  }

  test.each([
    ['of nginx', '7a3f0c5be1d24a1e9f6b0c8d7e6f5a4b'],
    ['of Envoy', 'b9f8a1e2-7c3d-4e5f-8a9b-0c1d2e3f4a5b'],
    ['of AWS', 'Root=1-67891233-abcdef012345678912345678'],
  ])('is the one %s', async (_, given) => {
    expect((await reportOf({ 'x-request-id': given }))?.requestId).toBe(given)
  })

  test.each([
    ['missing', {}],
    ['empty', { 'x-request-id': '' }],
    ['too short', { 'x-request-id': 'abc' }],
    ['too long', { 'x-request-id': 'a'.repeat(129) }],
    ['no word', { 'x-request-id': '"},{"event":"x' }],
  ])('is a new one where the header is %s', async (_, headers) => {
    expect((await reportOf(headers))?.requestId).toMatch(UUID)
  })

  test('F137: is a new one where the header holds an id of the session or customer', async () => {
    const id = 'canary-session-canary'
    const given = { 'x-request-id': id }
    expect((await reportOf(given, `/sessions/${id}`))?.requestId).toMatch(UUID)
    expect((await reportOf(given, `/sessions/new?sessionId=${id}`))?.requestId).toMatch(UUID)
    expect((await reportOf({ ...given, gkc_customerId: id }))?.requestId).toMatch(UUID)
    expect((await reportOf({ ...given, cookie: `sid=${id}` }))?.requestId).toMatch(UUID)
  })
})

test.each([
  [TRACEPARENT, TRACEPARENT],
  [TRACEPARENT.toUpperCase(), undefined],
  [`${TRACEPARENT}-more`, undefined],
  ['canary', undefined],
])('the traceparent %j is told as %j', async (traceparent, told) => {
  const reports: RequestReport[] = []
  const ask = askRequest({ store: memoryStore(), onRequest: (report) => reports.push(report) })
  await ask('PUT', '/sessions/new', { headers: { traceparent } })
  expect(reports[0]?.traceparent).toBe(told)
})
