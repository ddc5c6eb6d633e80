import fc from 'fast-check'
import { createSessionHandler, memoryStore, type SessionHandlerOptions } from 'storefront-session/server'
import { expect, test } from 'vitest'
import { createAnswerCheck } from './support/openapi.ts'

/** How many requests; fast-check prints a seed when one of them fails, and `FUZZ_SEED` sends them again. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 100_000)
const SEED = process.env.FUZZ_SEED ? { seed: Number(process.env.FUZZ_SEED) } : {}
const MAX_BODY_BYTES = 2_048

const ids = [
  'an-id-that-is-well-formed',
  'new',
  '__proto__',
  'constructor',
  '..',
  '%2e%2e',
  'a%00b',
  '%',
  'é',
]
const segment = fc.oneof(
  fc.constantFrom(...ids),
  fc.stringMatching(/^[\w.~%/-]{0,40}$/),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.stringMatching(/^[\w-]{16,130}$/),
)
const target = fc.oneof(
  { weight: 3, arbitrary: fc.constant('/sessions/new') },
  { weight: 5, arbitrary: segment.map((id) => `/sessions/${id}`) },
  { weight: 1, arbitrary: fc.array(segment, { maxLength: 4 }).map((parts) => `/${parts.join('/')}`) },
)
const query = fc.oneof(
  fc.constant(''),
  fc.constantFrom('?tenantId=t', '?tenantId=', '?tenantId=%00', '?tenantId=%ff', '?tenantId=a&tenantId=b'),
  fc.string({ unit: 'grapheme', maxLength: 300 }).map((text) => `?tenantId=${encodeURIComponent(text)}`),
  fc.string({ maxLength: 20 }).map((text) => `?${text}`),
)
const method = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE') },
  { weight: 2, arbitrary: fc.constantFrom('HEAD', 'OPTIONS', 'PATCH', 'put', 'PROPFIND') },
  { weight: 1, arbitrary: fc.stringMatching(/^[A-Z]{1,8}$/) },
)
const header = fc.tuple(
  fc.constantFrom(
    'cookie',
    'sec-fetch-site',
    'x-forwarded-for',
    'x-request-id',
    'traceparent',
    'gkc_customerId',
    'gkc_agentId',
    'content-type',
    'content-length',
    'origin',
    'x-http-method-override',
    'access-control-request-method',
  ),
  fc.oneof(
    fc.constantFrom(
      'application/json',
      'application/json; charset=utf-16',
      'text/plain',
      'PUT',
      'https://shop.example',
      'sid=an-id-that-is-well-formed',
      'sid_t=an-id-that-is-well-formed; sid=new; =; ;',
      'cross-site',
      'same-origin',
      '192.0.2.1, unknown, [2001:db8::1]:443',
      'refused-customer',
    ),
    fc.stringMatching(/^[ -~\u0080-\u00ff]{0,300}$/),
  ),
)
const text = fc.oneof(
  fc.constantFrom(
    '',
    '{}',
    'null',
    '[]',
    '{"__proto__":{"polluted":1}}',
    '{"visitId":"v","visitId":7}',
    '{"visitId":',
    '{"resume":true}',
    '{"resume":true,"previousSessionId":"an-id-that-is-well-formed","visitId":"v"}',
    '{"resume":[],"previousSessionId":{}}',
  ),
  fc.json(),
  fc.string(),
  fc
    .record({
      visitId: fc.string({ maxLength: 300 }),
      previousSessionId: segment,
      resume: fc.jsonValue({ maxDepth: 1 }),
      constructor: fc.jsonValue(),
    })
    .map((value) => JSON.stringify(value)),
  fc.nat(MAX_BODY_BYTES * 2).map((length) => ' '.repeat(length)),
)
const body = fc.oneof(
  text.map((value) => new TextEncoder().encode(value)),
  fc.uint8Array({ maxLength: 200 }),
)

/** Each option at least once, with callbacks that refuse some of what they are asked. */
const options: Omit<SessionHandlerOptions, 'store'>[] = [
  {},
  { deletable: true, createOnAssociate: false, ttlMs: 2, touchMs: 0, maxAgeMs: 3 },
  { deletable: true, cors: { origins: ['https://shop.example'] }, limit: { create: '2/1s', trustProxy: 2 } },
  {
    cookie: {},
    limit: { use: '3/1s', by: (request, peer) => (request.headers.get('origin') ?? '') + peer },
    verifyCustomer: (_, customerId) => customerId !== 'refused-customer',
    onAssociate: ({ after }) => {
      if ((after?.customerId?.length ?? 1) % 2 === 0) throw new Error('refused')
    },
    onRequest: ({ requestId }) => expect(requestId).toMatch(/^[\w.:=-]{8,128}$/),
    onError: () => {
      throw new Error('the log is full')
    },
  },
]
const peer = fc.oneof(
  fc.constantFrom(undefined, '', '192.0.2.1', '::ffff:192.0.2.1', '2001:db8::1', 'unix:'),
  fc.string({ unit: 'binary', maxLength: 300 }),
)

/** What `Request` itself refuses never reaches a handler. */
function build(address: string, init: RequestInit): Request | undefined {
  try {
    return new Request(address, init)
  } catch {
    return
  }
}

test(`F111, F116, F118: ${RUNS} hostile requests: never a 5xx, never an answer outside the OpenAPI document, nothing polluted`, async () => {
  const check = createAnswerCheck()
  const handlers = options.map((some) =>
    createSessionHandler({ store: memoryStore(), maxBodyBytes: MAX_BODY_BYTES, ...some }),
  )
  let answered = 0
  const statuses = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(
      method,
      target,
      query,
      fc.array(header, { maxLength: 4 }),
      fc.option(body, { freq: 2 }),
      fc.constantFrom(...handlers),
      peer,
      async (verb, path, search, headers, bytes, handle, from) => {
        const request = build(`http://api.test${path}${search}`, {
          method: verb,
          headers,
          body: /^(get|head)$/i.test(verb) ? null : (bytes as Uint8Array<ArrayBuffer> | null), // made by fast-check
        })
        if (!request) return
        const answer = await handle(request, { peer: from })
        answered++
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
        expect(answer.status).toBeLessThan(500)
        const { pathname } = new URL(request.url)
        const seen = {
          method: request.method,
          target: pathname,
          status: answer.status,
          headers: answer.headers,
        }
        expect(check({ ...seen, text: await answer.text() })).toBeNull()
        expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
      },
    ),
    { numRuns: RUNS, ...SEED },
  )
  // The requests are hostile, not absurd: most of them are answered, and in every way that there is.
  expect(answered).toBeGreaterThan(RUNS / 2)
  expect([...statuses.keys()].sort()).toEqual([200, 204, 400, 403, 404, 405, 409, 413, 415, 429])
}, 600_000)
