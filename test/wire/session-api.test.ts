import { beforeEach, expect, test } from 'vitest'
import { callSessionApi, type SessionApiOptions, type SessionCall } from '../../src/wire/session-api.ts'
import { SessionError } from '../../src/wire/session-error.ts'

const ID = 'known-to-the-server'
const CALLS = ['PUT', 'GET', 'POST'] as const
const VERBS = { PUT: 'create', GET: 'retrieve', POST: 'associate' } as const

let sent: Request[] = []
let timers = new Set<() => void>()
let answer: (request: Request) => Promise<Response>

beforeEach(() => {
  sent = []
  timers = new Set()
  answer = async () => Response.json({ statusCode: 0, response: { sessionId: ID } })
})

/** One call, with a fetch and a clock in hand. */
function call(
  method: keyof typeof VERBS,
  options: Partial<SessionApiOptions> = {},
  more: Partial<SessionCall> = {},
) {
  return callSessionApi(
    { baseUrl: 'https://api.test/v1', ...options },
    {
      fetch: (input, init) => {
        const request = new Request(input, init)
        sent.push(request)
        return answer(request)
      },
      now: () => 0,
      href: () => 'https://shop.example/',
      setTimeout: (callback) => {
        timers.add(callback)
        return callback
      },
      clearTimeout: (timer) => timers.delete(timer as () => void),
    },
    {
      call: VERBS[method],
      sessionId: method === 'PUT' ? null : ID,
      signal: new AbortController().signal,
      ...more,
    },
  ).then(({ info }) => info)
}

test.each([
  ['PUT', 'https://api.test/v1/sessions/new'],
  ['GET', `https://api.test/v1/sessions/${ID}`],
  ['POST', `https://api.test/v1/sessions/${ID}`],
] as const)('%s goes to %s, asks no cache and follows no redirect', async (method, url) => {
  expect(await call(method)).toEqual({ sessionId: ID })
  expect(sent[0]).toMatchObject({
    method,
    url,
    cache: 'no-store',
    redirect: 'error',
    referrerPolicy: 'no-referrer',
    keepalive: false,
  })
})

test('F161: slashes at the end of the address change nothing', async () => {
  for (const baseUrl of ['https://api.test/v1/', 'https://api.test/v1//']) await call('GET', { baseUrl })
  expect(sent.map(({ url }) => url)).toEqual(Array(2).fill(`https://api.test/v1/sessions/${ID}`))
})

test.each(CALLS)('F161: %s carries the tenant as a URL parameter, where there is one', async (method) => {
  await call(method, { tenantId: 'shop & co' })
  await call(method, { tenantId: '' })
  expect(sent.map(({ url }) => new URL(url).search)).toEqual(['?tenantId=shop%20%26%20co', ''])
})

test.each(CALLS)('%s carries the agent as a header, where there is one', async (method) => {
  await call(method, { agentId: 'agent-7' })
  await call(method)
  expect(sent.map(({ headers }) => headers.get('gkc_agentId'))).toEqual(['agent-7', null])
})

test('the customer travels as a header, the visit as JSON, and a GET has no body', async () => {
  const ids = { customerId: 'ada', visitId: 'v1', globalVisitId: 'g1' }
  for (const method of CALLS) await call(method, {}, { ids })
  expect(sent.map(({ headers }) => headers.get('gkc_customerId'))).toEqual(['ada', 'ada', 'ada'])
  expect(sent.map(({ headers }) => headers.get('content-type'))).toEqual([
    'application/json',
    null,
    'application/json',
  ])
  const body = '{"visitId":"v1","globalVisitId":"g1"}'
  expect(await Promise.all(sent.map((request) => request.text()))).toEqual([body, '', body])
})

test.each([
  ['an object', { authorization: 'Bearer 1' }],
  ['a list', [['authorization', 'Bearer 1']] as [string, string][]],
  ['Headers', new Headers({ authorization: 'Bearer 1' })],
  ['a function', () => ({ authorization: 'Bearer 1' })],
  ['a function that takes its time', async () => new Headers({ authorization: 'Bearer 1' })],
])('further headers are given as %s', async (_, headers) => {
  await call('POST', { headers }, { ids: { customerId: 'ada' } })
  expect(sent[0]?.headers.get('authorization')).toBe('Bearer 1')
  expect(sent[0]?.headers.get('gkc_customerId')).toBe('ada')
})

test('a function for headers is asked again at each call', async () => {
  let count = 0
  const headers = () => ({ count: String(++count) })
  await call('GET', { headers })
  await call('GET', { headers })
  expect(sent.map((request) => request.headers.get('count'))).toEqual(['1', '2'])
})

test('headers that can not be had are a network error with its cause, and nothing is sent', async () => {
  const cause = new Error('no token')
  const failing = call('GET', {
    headers: () => {
      throw cause
    },
  })
  await expect(failing).rejects.toMatchObject({ name: 'SessionError', code: 'network', cause })
  expect(sent).toEqual([])
})

test('a request that gets no answer is a network error that names the call and keeps the cause', async () => {
  const cause = new TypeError('Failed to fetch')
  answer = () => Promise.reject(cause)
  const failure = await call('POST').catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(SessionError)
  expect(failure).toMatchObject({ name: 'SessionError', code: 'network', cause })
  expect(String(failure)).toMatch(
    /^SessionError: POST https:\/\/api.test\/v1\/sessions\/\{sessionId\} got no answer\./,
  )
})

test('a timeout ends the request, and what comes late changes nothing', async () => {
  let answerLate: (response: Response) => void = () => undefined
  answer = () =>
    new Promise((resolve) => {
      answerLate = resolve
    })
  const failing = call('GET')
  await Promise.resolve()
  for (const end of [...timers]) end()
  await expect(failing).rejects.toMatchObject({ code: 'timeout' })
  expect(sent[0]?.signal.aborted).toBe(true)
  answerLate(Response.json({ response: { sessionId: ID } }))
  expect(timers.size).toBe(0)
})

test('no timer and no listener is left after a call, however it ended', async () => {
  const controller = new AbortController()
  const { signal } = controller
  let listeners = 0
  const counted = Object.assign(Object.create(AbortSignal.prototype), {
    addEventListener: () => ++listeners,
    removeEventListener: (name: string) => (listeners -= name === 'abort' ? 1 : 0),
  })
  Object.defineProperty(counted, 'aborted', { get: () => signal.aborted })
  await call('GET', {}, { signal: counted })
  answer = async () => new Response('', { status: 503 })
  await expect(call('GET', {}, { signal: counted })).rejects.toMatchObject({ code: 'http' })
  expect([timers.size, listeners]).toEqual([0, 0])
})

test('a call that is given up before it begins sends nothing', async () => {
  await expect(call('PUT', {}, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' })
  expect(sent).toEqual([])
})

test('a call that is given up under way aborts its request', async () => {
  const controller = new AbortController()
  answer = () => new Promise(() => undefined)
  const failing = call('PUT', {}, { signal: controller.signal })
  await Promise.resolve()
  controller.abort()
  await expect(failing).rejects.toMatchObject({ code: 'aborted' })
  expect(sent[0]?.signal.aborted).toBe(true)
})
