import {
  createSessionHandler,
  memoryStore,
  type RequestReport,
  type SessionHandlerOptions,
  type SessionStore,
} from 'storefront-session/server'
import { describe, expect, test, vi } from 'vitest'
import { watchUnhandled } from './support/unhandled.ts'
import { createSession, JSON_TYPE, UNKNOWN_ID, waysIn } from './support/ways-in.ts'

const broken = () => Promise.reject(new Error('connect ECONNREFUSED 10.1.2.3:6379'))
const brokenStore: SessionStore = {
  create: broken,
  get: broken,
  associate: broken,
  remove: broken,
  find: broken,
  scan: broken,
  close: () => Promise.resolve(),
}

describe.each(waysIn)('the handler, asked through %s,', (_, open) => {
  test('creates a session and answers it in the documented envelope', async () => {
    const ask = await open({ store: memoryStore() })
    const answer = await ask('PUT', '/sessions/new', {
      headers: { ...JSON_TYPE, gkc_customerId: 'c-1', gkc_agentId: 'a-1' },
      body: JSON.stringify({ visitId: 'v-1', globalVisitId: 'g-1' }),
    })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await answer.json()).toEqual({
      statusCode: 0,
      response: {
        sessionId: expect.stringMatching(/^[A-Za-z0-9_-]{22,}$/),
        customerId: 'c-1',
        agentId: 'a-1',
        visitId: 'v-1',
        globalVisitId: 'g-1',
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      },
    })
  })

  test('answers ids that JSON has to escape as they came', async () => {
    const ask = await open({ store: memoryStore() })
    const gkc_customerId = '"},{\\"'
    const answer = await ask('PUT', '/sessions/new', { headers: { gkc_customerId } })
    expect((await answer.json()).response.customerId).toBe(gkc_customerId)
  })

  test('gives a session thirty days, or what ttlMs says', async () => {
    for (const [options, days] of [[{}, 30] as const, [{ ttlMs: 86_400_000 }, 1] as const]) {
      const ask = await open({ store: memoryStore(), ...options })
      const { response } = await (await ask('PUT', '/sessions/new')).json()
      expect(Date.parse(response.expiresAt) - Date.parse(response.createdAt)).toBe(days * 86_400_000)
    }
  })

  test('needs no body, and takes an empty one and an empty object', async () => {
    const ask = await open({ store: memoryStore() })
    for (const init of [
      {},
      { headers: JSON_TYPE },
      { headers: JSON_TYPE, body: '' },
      { headers: JSON_TYPE, body: '{}' },
    ])
      expect((await ask('PUT', '/sessions/new', init)).status).toBe(200)
  })

  test('retrieves a session, with GET and HEAD', async () => {
    const ask = await open({ store: memoryStore() })
    const sessionId = await createSession(ask, { headers: { gkc_customerId: 'c-1' } })
    const got = await ask('GET', `/sessions/${sessionId}`)
    expect(await got.json()).toMatchObject({ statusCode: 0, response: { sessionId, customerId: 'c-1' } })
    const head = await ask('HEAD', `/sessions/${sessionId}`)
    expect(head.status).toBe(200)
    expect(head.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(await head.text()).toBe('')
  })

  test('does not associate what the headers of a GET say', async () => {
    const ask = await open({ store: memoryStore() })
    const sessionId = await createSession(ask)
    const got = await ask('GET', `/sessions/${sessionId}`, { headers: { gkc_customerId: 'c-1' } })
    expect((await got.json()).response).not.toHaveProperty('customerId')
  })

  test('associates: merges by field, and makes an unknown session', async () => {
    const ask = await open({ store: memoryStore() })
    const sessionId = await createSession(ask, { headers: { gkc_customerId: 'c-1' } })
    const answer = await ask('POST', `/sessions/${sessionId}`, {
      headers: JSON_TYPE,
      body: '{"visitId":"v-1"}',
    })
    expect(await answer.json()).toMatchObject({ response: { sessionId, customerId: 'c-1', visitId: 'v-1' } })
    const made = await ask('POST', `/sessions/${UNKNOWN_ID}`, { headers: { gkc_customerId: 'c-2' } })
    expect(await made.json()).toMatchObject({ response: { sessionId: UNKNOWN_ID, customerId: 'c-2' } })
  })

  test('F121, F135: answers 404 and statusCode 6 for an unknown session, to a POST only without createOnAssociate', async () => {
    const ask = await open({ store: memoryStore(), createOnAssociate: false })
    for (const method of ['GET', 'POST']) {
      const answer = await ask(method, `/sessions/${UNKNOWN_ID}`)
      expect(answer.status).toBe(404)
      expect(await answer.json()).toEqual({ statusCode: 6, description: 'Session not found' })
    }
  })

  test('F117: ignores unknown parameters and unknown fields', async () => {
    const ask = await open({ store: memoryStore() })
    const answer = await ask('PUT', '/sessions/new?lang=en', {
      headers: JSON_TYPE,
      body: '{"visitId":"v-1","sessionId":"mine","createdAt":"1970","ttl":1,"isAdmin":true,"tenantId":"t"}',
    })
    expect(Object.keys((await answer.json()).response).sort()).toEqual([
      'createdAt',
      'expiresAt',
      'sessionId',
      'visitId',
    ])
  })

  test('takes null for absent', async () => {
    const ask = await open({ store: memoryStore() })
    const body = '{"visitId":null,"previousSessionId":null,"resume":null}'
    const answer = await ask('PUT', '/sessions/new', { headers: JSON_TYPE, body })
    expect((await answer.json()).response).not.toHaveProperty('visitId')
  })

  test('F116: lets no body pollute a prototype', async () => {
    const ask = await open({ store: memoryStore() })
    for (const body of [
      '{"__proto__":{"visitId":"v","polluted":1}}',
      '{"constructor":{"prototype":{"polluted":1}}}',
    ]) {
      const answer = await ask('PUT', '/sessions/new', { headers: JSON_TYPE, body })
      expect((await answer.json()).response).not.toHaveProperty('visitId')
      expect({}).not.toHaveProperty('polluted')
    }
  })

  test.each([
    ['a text', '"v-1"'],
    ['a list', '[]'],
    ['null', 'null'],
    ['broken JSON', '{"visitId":'],
    ['a number as visitId', '{"visitId":1}'],
    ['a list as visitId', '{"visitId":["v"]}'],
    ['an empty visitId', '{"visitId":""}'],
    ['a visitId of 257 characters', JSON.stringify({ visitId: 'v'.repeat(257) })],
    ['a visitId with a space', '{"visitId":"v 1"}'],
    ['a globalVisitId with a control character', '{"globalVisitId":"v\\u0000"}'],
    ['a visitId that is not ASCII', '{"visitId":"ü"}'],
    ['bytes that are no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d])],
  ])('F118: answers 400 for %s as body', async (_name, body) => {
    const ask = await open({ store: memoryStore() })
    const answer = await ask('POST', `/sessions/${UNKNOWN_ID}`, { headers: JSON_TYPE, body })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toEqual({ statusCode: 1, description: expect.any(String) })
  })

  test.each(['has a space', 'x'.repeat(257)])(
    'answers 400 for the customer id header %j',
    async (gkc_customerId) => {
      const ask = await open({ store: memoryStore() })
      const answer = await ask('PUT', '/sessions/new', { headers: { gkc_customerId } })
      expect(answer.status).toBe(400)
      expect((await answer.json()).description).toContain('gkc_customerId')
    },
  )

  test.each([
    'short',
    'constructor',
    '__proto__',
    'a'.repeat(129),
    'a'.repeat(10_000),
    '%00aaaaaaaaaaaaaaaaaaaa',
    'aaaaaaaaaaaaaaaa%2Fbbbbbbbbbb',
    'dots.are.not.in.our.ids',
    encodeURIComponent('ünïcödé-ünïcödé-ünïcödé'),
    "aaaaaaaaaaaaaaaa'--",
  ])('F111: refuses the id %j with 400 before it reaches the store', async (id) => {
    const ask = await open({ store: brokenStore })
    for (const method of ['GET', 'POST']) expect((await ask(method, `/sessions/${id}`)).status).toBe(400)
  })

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json; charset=latin1',
    'application/jsonx',
  ])('F115: answers 415 for a body of type %s', async (type) => {
    const ask = await open({ store: memoryStore() })
    const answer = await ask('PUT', '/sessions/new', { headers: { 'content-type': type }, body: '{}' })
    expect(answer.status).toBe(415)
    expect(await answer.json()).toMatchObject({ statusCode: 5 })
  })

  test.each(['application/json', 'application/json;charset=UTF-8', 'Application/JSON; charset="utf-8"'])(
    'takes a body of type %s',
    async (type) => {
      const ask = await open({ store: memoryStore() })
      const answer = await ask('PUT', '/sessions/new', { headers: { 'content-type': type }, body: '{}' })
      expect(answer.status).toBe(200)
    },
  )

  test('F113: refuses a compressed body, whose unpacked size has no limit', async () => {
    const ask = await open({ store: memoryStore() })
    const headers = { ...JSON_TYPE, 'content-encoding': 'gzip' }
    expect((await ask('PUT', '/sessions/new', { headers, body: '{}' })).status).toBe(415)
  })

  test('answers 413 for a body beyond maxBodyBytes, and 200 for one that just fits', async () => {
    const ask = await open({ store: memoryStore(), maxBodyBytes: 100 })
    const body = (length: number) => `{"x":"${'x'.repeat(length - 8)}"}`
    expect((await ask('PUT', '/sessions/new', { headers: JSON_TYPE, body: body(100) })).status).toBe(200)
    const answer = await ask('PUT', '/sessions/new', { headers: JSON_TYPE, body: body(101) })
    expect(answer.status).toBe(413)
    expect(await answer.json()).toMatchObject({ statusCode: 4 })
  })

  test('F113: answers 413 for an endless body without Content-Length', async () => {
    const ask = await open({ store: memoryStore() })
    let sent = 0
    const body = new ReadableStream({
      pull: (controller) => {
        sent += 10_000
        controller.enqueue(new Uint8Array(10_000))
        if (sent > 100_000) controller.close()
      },
    })
    // `duplex` is missing from the DOM's RequestInit.
    const init: RequestInit = Object.assign({ headers: JSON_TYPE, body }, { duplex: 'half' })
    expect((await ask('PUT', '/sessions/new', init)).status).toBe(413)
  })

  test.each([
    ['DELETE', `/sessions/${UNKNOWN_ID}`, 'GET, HEAD, POST, OPTIONS'],
    ['PUT', `/sessions/${UNKNOWN_ID}`, 'GET, HEAD, POST, OPTIONS'],
    ['GET', '/sessions/new', 'PUT, OPTIONS'],
    ['POST', '/sessions/new', 'PUT, OPTIONS'],
  ])('F133: answers 405 to %s %s, with Allow', async (method, path, allow) => {
    const ask = await open({ store: memoryStore() })
    const answer = await ask(method, path, { headers: { 'x-http-method-override': 'PUT' } })
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe(allow)
    expect(await answer.json()).toMatchObject({ statusCode: 3 })
  })

  test('answers OPTIONS with 204 and Allow', async () => {
    const ask = await open({ store: memoryStore() })
    const answer = await ask('OPTIONS', '/sessions/new')
    expect(answer.status).toBe(204)
    expect(answer.headers.get('allow')).toBe('PUT, OPTIONS')
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })

  test.each([
    '/',
    '/sessions',
    '/sessions/',
    '/sessions/new/',
    `/sessions/${UNKNOWN_ID}/x`,
    '/Sessions/new',
    '/x/sessions/new',
  ])('F145: answers 404 to the unknown path %s', async (path) => {
    const ask = await open({ store: memoryStore() })
    const answer = await ask('PUT', path)
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ statusCode: 2 })
  })

  test('F145: stands below basePath and nowhere else', async () => {
    const ask = await open({ store: memoryStore(), basePath: '/gks-server/v1/' })
    expect((await ask('PUT', '/gks-server/v1/sessions/new')).status).toBe(200)
    expect((await ask('PUT', '/sessions/new')).status).toBe(404)
    expect((await ask('PUT', '/gks-server/v10/sessions/new')).status).toBe(404)
  })

  test('F139: answers 503 when the store fails, tells onError why, and the visitor nothing', async () => {
    const errors: unknown[] = []
    const ask = await open({ store: brokenStore, onError: (error) => errors.push(error) })
    for (const [method, path] of [
      ['PUT', '/sessions/new'],
      ['GET', `/sessions/${UNKNOWN_ID}`],
      ['POST', `/sessions/${UNKNOWN_ID}`],
      ['GET', '/healthz'],
    ] as const) {
      const answer = await ask(method, path)
      expect(answer.status).toBe(503)
      expect(answer.headers.get('retry-after')).toBe('1')
      expect(await answer.json()).toEqual({ statusCode: 7, description: 'The session store does not answer' })
    }
    expect(errors).toHaveLength(4)
  })

  test('answers 503 also for a store that throws where it should reject', async () => {
    const refuse = () => {
      throw new Error('not connected')
    }
    const store = { ...memoryStore(), create: refuse, get: refuse, associate: refuse, remove: refuse }
    const ask = await open({ store })
    for (const [method, path] of [
      ['PUT', '/sessions/new'],
      ['GET', `/sessions/${UNKNOWN_ID}`],
      ['POST', `/sessions/${UNKNOWN_ID}`],
      ['GET', '/healthz'],
    ] as const)
      expect((await ask(method, path)).status).toBe(503)
  })

  test('GET /healthz below the base path answers 200 while the store answers', async () => {
    const ask = await open({ store: memoryStore(), basePath: '/gks-server/v1' })
    const answer = await ask('GET', '/gks-server/v1/healthz')
    expect([answer.status, await answer.json()]).toEqual([200, { statusCode: 0 }])
    expect((await ask('POST', '/gks-server/v1/healthz')).status).toBe(405)
    expect((await ask('GET', '/healthz')).status).toBe(404)
  })

  test('GET /healthz answers 503 while the store answers but refuses writes', async () => {
    const refuse = () => Promise.reject(new Error('the disk is full'))
    const store = { ...memoryStore(), create: refuse, associate: refuse, remove: refuse }
    const ask = await open({ store })
    expect((await ask('GET', '/healthz')).status).toBe(503)
  })

  test('GET /healthz costs no visitor a session, however few the store keeps', async () => {
    const ask = await open({ store: memoryStore({ maxSessions: 1 }) })
    const sessionId = await createSession(ask)
    expect((await ask('GET', '/healthz')).status).toBe(200)
    expect((await ask('GET', `/sessions/${sessionId}`)).status).toBe(200)
  })

  test('F74: a callback that throws costs no answer', async () => {
    const errors: unknown[] = []
    const fail = () => {
      throw new Error('the log is full')
    }
    const ask = await open({ store: memoryStore(), onRequest: fail, onError: (error) => errors.push(error) })
    expect((await ask('PUT', '/sessions/new')).status).toBe(200)
    expect(errors).toEqual([new Error('the log is full')])
    const deaf = await open({ store: brokenStore, onRequest: fail, onError: fail })
    expect((await deaf('PUT', '/sessions/new')).status).toBe(503)
  })

  test('F74: an async callback that rejects costs no answer, and is told like one that throws', async () => {
    const unhandled = watchUnhandled()
    const errors: unknown[] = []
    const fail = () => Promise.reject(new Error('the log is full'))
    const ask = await open({ store: memoryStore(), onRequest: fail, onError: (error) => errors.push(error) })
    expect((await ask('PUT', '/sessions/new')).status).toBe(200)
    await vi.waitUntil(() => errors.length)
    expect(errors).toEqual([new Error('the log is full')])
    const deaf = await open({ store: brokenStore, onRequest: fail, onError: fail })
    expect((await deaf('PUT', '/sessions/new')).status).toBe(503)
    expect(await unhandled()).toEqual([])
  })

  test('F140: lets no answer be kept by a cache or taken for another type', async () => {
    const ask = await open({ store: memoryStore(), createOnAssociate: false })
    const answers = [
      await ask('PUT', '/sessions/new'),
      await ask('POST', `/sessions/${UNKNOWN_ID}`),
      await ask('GET', '/sessions/short'),
      await ask('PATCH', '/sessions/new'),
      await ask('GET', '/elsewhere'),
      await ask('PUT', '/sessions/new', { headers: { 'content-type': 'text/plain' }, body: 'x' }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 400, 405, 404, 415])
    for (const { headers } of answers)
      expect(Object.fromEntries(headers)).toMatchObject({
        'cache-control': 'no-store',
        'content-type': 'application/json; charset=utf-8',
        'x-content-type-options': 'nosniff',
      })
  })

  test('F144: believes no forwarding header', async () => {
    const ask = await open({ store: memoryStore(), cors: { origins: ['https://shop.example'] } })
    const answer = await ask('PUT', '/sessions/new', {
      headers: {
        'x-forwarded-host': 'shop.example',
        'x-forwarded-proto': 'https',
        'x-forwarded-prefix': '/other',
        'x-original-url': '/elsewhere',
        'x-http-method-override': 'DELETE',
      },
    })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('F137: reports route, status and time, and never an id', async () => {
    const reports: RequestReport[] = []
    const ask = await open({ store: memoryStore(), onRequest: (report) => reports.push(report) })
    await ask('PUT', '/sessions/new', { headers: { gkc_customerId: 'canary-customer' } })
    await ask('GET', `/sessions/canary-session-canary`)
    await ask('GET', '/elsewhere/canary-session-canary')
    const some = { ms: expect.any(Number), requestId: expect.stringMatching(/^[\da-f-]{36}$/) }
    expect(reports).toEqual([
      { ...some, method: 'PUT', route: '/sessions/new', status: 200 },
      { ...some, method: 'GET', route: '/sessions/{sessionId}', status: 404 },
      { ...some, method: 'GET', route: 'unknown', status: 404 },
    ])
    expect(JSON.stringify(reports)).not.toContain('canary')
  })

  describe('with CORS for one origin', () => {
    const shop = 'https://shop.example'
    const cors = { origins: [shop] }

    test('F132: answers that origin, by name and without credentials', async () => {
      const ask = await open({ store: memoryStore(), cors })
      const answer = await ask('PUT', '/sessions/new', { headers: { origin: shop } })
      expect(answer.headers.get('access-control-allow-origin')).toBe(shop)
      expect(answer.headers.get('access-control-expose-headers')).toBe('Retry-After')
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
      expect(answer.headers.get('vary')).toBe('Origin')
    })

    test('answers its preflight with the methods of the path, the headers of the API and a time', async () => {
      const ask = await open({ store: memoryStore(), cors })
      const answer = await ask('OPTIONS', '/sessions/new', {
        headers: {
          origin: shop,
          'access-control-request-method': 'PUT',
          'access-control-request-headers': 'content-type,gkc_customerid',
        },
      })
      expect(answer.status).toBe(204)
      expect(answer.headers.get('access-control-allow-origin')).toBe(shop)
      expect(answer.headers.get('access-control-allow-methods')).toBe('PUT, OPTIONS')
      expect(answer.headers.get('access-control-allow-headers')).toMatch(
        /content-type.*gkc_customerid.*gkc_agentid/,
      )
      expect(answer.headers.get('access-control-max-age')).toBe('600')
      expect(answer.headers.get('vary')).toContain('Access-Control-Request-Headers')
    })

    test.each(['https://evil.example', 'https://shop.example.evil.example', 'http://shop.example', 'null'])(
      'F132: gives the origin %s nothing, and says that the answer varies',
      async (origin) => {
        const ask = await open({ store: memoryStore(), cors })
        for (const method of ['PUT', 'OPTIONS']) {
          const answer = await ask(method, '/sessions/new', { headers: { origin } })
          expect(answer.headers.get('access-control-allow-origin')).toBeNull()
          expect(answer.headers.get('vary')).toContain('Origin')
        }
      },
    )

    test('lets that origin read failures too', async () => {
      const ask = await open({ store: brokenStore, cors })
      const answer = await ask('PUT', '/sessions/new', { headers: { origin: shop } })
      expect(answer.status).toBe(503)
      expect(answer.headers.get('access-control-allow-origin')).toBe(shop)
    })
  })
})

describe('createSessionHandler refuses at once', () => {
  const store = memoryStore()
  test.each([
    ['the origin *', { cors: { origins: ['*'] } }],
    ['the origin null', { cors: { origins: ['null'] } }],
    ['an origin with a path', { cors: { origins: ['https://shop.example/'] } }],
    ['a base path without slash', { basePath: 'gks-server' }],
    ['a base path with a query', { basePath: '/v1?x' }],
    ['a base path that leads upwards', { basePath: '/a/../b' }],
    ['a base path that stays in its place', { basePath: '/./v1' }],
    ['a ttlMs of 0', { ttlMs: 0 }],
    ['a ttlMs of NaN', { ttlMs: Number.NaN }],
    ['a ttlMs beyond a hundred years', { ttlMs: Number.MAX_SAFE_INTEGER }],
    ['a maxBodyBytes that is no integer', { maxBodyBytes: 1.5 }],
    ['a touchMs below 0', { touchMs: -1 }],
    ['a touchMs that is no number', { touchMs: Number.NaN }],
    ['a touchMs as long as the lifetime', { ttlMs: 1_000, touchMs: 1_000 }],
    ['a maxAgeMs of 0', { maxAgeMs: 0 }],
    ['a maxAgeMs beyond a hundred years', { maxAgeMs: Number.MAX_SAFE_INTEGER }],
  ])('%s', (_, options) => {
    expect(() => createSessionHandler({ store, ...options })).toThrow(TypeError)
  })

  test('a ttlMs that is too long, by its name', () => {
    const century = 36_525 * 86_400_000
    expect(() => createSessionHandler({ store, ttlMs: century + 1 })).toThrow(/ttlMs .*100 years/)
    expect(() => createSessionHandler({ store, ttlMs: century })).not.toThrow()
  })

  test.each([
    ['no store', undefined],
    ['null', null],
    ['a store that was not called', memoryStore],
    ['an object that is no store', { get: store.get, associate: store.associate }],
    ['a store that can not remove', { ...store, remove: undefined }],
  ])('%s, and shows how a store is made', (_, wrong) => {
    // What JavaScript lets through.
    const options = { store: wrong } as unknown as SessionHandlerOptions
    expect(() => createSessionHandler(options)).toThrow(TypeError)
    expect(() => createSessionHandler(options)).toThrow(/store must be .*memoryStore\(\)/)
  })
})

describe('a Request whose body is already read', () => {
  const readers: [string, (request: Request) => unknown][] = [
    ['as JSON', (request) => request.json()],
    ['as a stream', (request) => request.body?.cancel()],
    [
      'in part',
      async (request) => {
        const reader = request.body?.getReader()
        await reader?.read()
        reader?.releaseLock()
      },
    ],
    ['and still does', (request) => request.body?.getReader()],
  ]
  test.each(readers)('%s: that is told, and no ids are lost in silence', async (_, read) => {
    const onError = vi.fn()
    const handle = createSessionHandler({ store: memoryStore(), onError })
    const init = { method: 'PUT', headers: JSON_TYPE, body: '{"visitId":"v-1"}' }
    const request = new Request('http://api.test/sessions/new', init)
    await read(request)
    expect((await handle(request)).status).toBe(500)
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      new Error('Something before the handler has read the body: give it request.clone()'),
    )
  })
})

test('the id of the health check is no session of a visitor', async () => {
  const handle = createSessionHandler({ store: memoryStore() })
  const url = 'http://api.test/sessions/healthz-healthz-healthz'
  for (const method of ['POST', 'GET']) expect((await handle(new Request(url, { method }))).status).toBe(400)
})
