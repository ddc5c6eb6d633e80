import {
  createSessionHandler,
  memoryStore,
  type SessionHandlerOptions,
  toNodeListener,
} from 'storefront-session/server'
import { describe, expect, test, vi } from 'vitest'
import { listen } from './support/node-server.ts'
import { type Ask, JSON_TYPE, sessionOf, UNKNOWN_ID, waysIn } from './support/ways-in.ts'

const KEPT = 'Path=/; Max-Age=34560000; HttpOnly; Secure; SameSite=Lax'
const CLEARED = 'sid=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax'

/** What a browser sends back of a `Set-Cookie`. */
const pairOf = (answer: Response) => answer.headers.get('set-cookie')?.split(';')[0] ?? ''

/** A PUT as the client sends it with `resume`, with the cookie that the browser has. */
const resume = (ask: Ask, cookie: string, ids: { customer?: string; body?: object; query?: string } = {}) =>
  ask('PUT', `/sessions/new${ids.query ?? ''}`, {
    headers: { ...JSON_TYPE, cookie, ...(ids.customer && { gkc_customerId: ids.customer }) },
    body: JSON.stringify({ resume: true, ...ids.body }),
  })

describe.each(waysIn)('the cookie, asked through %s,', (_, open) => {
  const start = async (options: Partial<SessionHandlerOptions> = {}) => {
    const store = memoryStore()
    const ask = await open({ store, cookie: {}, ...options })
    const made = await ask('PUT', '/sessions/new', { headers: { gkc_customerId: 'c-1' } })
    const cookie = pairOf(made)
    return { store, ask, cookie, sessionId: (await sessionOf(made)).sessionId as string, made }
  }

  test('is set by PUT and POST: HttpOnly, Secure, SameSite, for the whole origin and 400 days', async () => {
    const { ask, made, sessionId } = await start()
    expect(made.headers.get('set-cookie')).toBe(`sid=${sessionId}; ${KEPT}`)
    const posted = await ask('POST', `/sessions/${UNKNOWN_ID}`)
    expect(posted.headers.get('set-cookie')).toBe(`sid=${UNKNOWN_ID}; ${KEPT}`)
  })

  test('is off by default', async () => {
    const ask = await open({ store: memoryStore() })
    expect((await ask('PUT', '/sessions/new')).headers.get('set-cookie')).toBeNull()
  })

  test('F135: is renewed by a GET only if it names this session already, so that a link plants nothing', async () => {
    const { ask, sessionId, cookie } = await start()
    const get = async (headers: Record<string, string>) =>
      (await ask('GET', `/sessions/${sessionId}`, { headers })).headers.get('set-cookie')
    expect(await get({ cookie })).toBe(`sid=${sessionId}; ${KEPT}`)
    expect(await get({ cookie: `theme=dark; ${cookie}; x=1` })).toBe(`sid=${sessionId}; ${KEPT}`)
    expect(await get({})).toBeNull()
    expect(await get({ cookie: `sid=${UNKNOWN_ID}` })).toBeNull()
    expect(await get({ cookie: `other=${sessionId}; xsid=${sessionId}` })).toBeNull()
  })

  test.each(['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain'])(
    'F135: is not set by a form (%s), which any site can send',
    async (type) => {
      const { ask, sessionId } = await start()
      const form = await ask('POST', `/sessions/${sessionId}`, { headers: { 'content-type': type } })
      expect([form.status, form.headers.get('set-cookie')]).toEqual([200, null])
      const json = await ask('POST', `/sessions/${sessionId}`, { headers: JSON_TYPE })
      expect(json.headers.get('set-cookie')).toBe(`sid=${sessionId}; ${KEPT}`)
    },
  )

  test('F209: resumes the session for a PUT with resume, at no extra request, with the new ids merged', async () => {
    const { ask, sessionId, cookie, store } = await start()
    const resumed = await resume(ask, cookie, { body: { visitId: 'v-2' } })
    expect(await sessionOf(resumed)).toMatchObject({ sessionId, customerId: 'c-1', visitId: 'v-2' })
    expect(resumed.headers.get('set-cookie')).toBe(`sid=${sessionId}; ${KEPT}`)
    expect(resumed.headers.get('session-resumed')).toBe('true')
    expect(await sessionOf(await resume(ask, cookie, { customer: 'c-1' }))).toMatchObject({ sessionId })
    expect((await store.scan()).sessions).toHaveLength(1)
  })

  test('makes a new session for a PUT that names another customer than the session has', async () => {
    const { ask, sessionId, cookie, store } = await start()
    const answer = await resume(ask, cookie, { customer: 'c-2' })
    expect(answer.headers.get('session-resumed')).toBe(null)
    const other = await sessionOf(answer)
    expect(other.sessionId).not.toBe(sessionId)
    expect(other.customerId).toBe('c-2')
    expect(await store.get(sessionId, null)).toMatchObject({ customerId: 'c-1' })
  })

  test('ties the customer of a PUT with resume to a session that had none', async () => {
    const { ask } = await start()
    const anonymous = pairOf(await ask('PUT', '/sessions/new'))
    const resumed = await sessionOf(await resume(ask, anonymous, { customer: 'c-2' }))
    expect(`sid=${resumed.sessionId}`).toBe(anonymous)
    expect(resumed.customerId).toBe('c-2')
  })

  test('makes a new session for a PUT without resume', async () => {
    const { ask, sessionId, cookie } = await start()
    const made = await ask('PUT', '/sessions/new', { headers: { cookie } })
    expect((await sessionOf(made)).sessionId).not.toBe(sessionId)
    expect(pairOf(made)).not.toBe(cookie)
  })

  test.each([
    ['without a cookie', ''],
    ['with a cookie of an unknown session', `sid=${UNKNOWN_ID}`],
    ['with a cookie of no shape', 'sid=../../etc/passwd'],
    ['with the cookie of the health check', 'sid=healthz-healthz-healthz'],
  ])('makes a new session for a PUT with resume %s', async (_name, cookie) => {
    const { ask, store } = await start()
    const associate = vi.spyOn(store, 'associate')
    const made = await resume(ask, cookie)
    const { sessionId } = await sessionOf(made)
    // An id of no shape never reaches the store.
    for (const [asked] of associate.mock.calls) expect(asked).toBe(UNKNOWN_ID)
    expect(cookie).not.toContain(sessionId)
    expect(pairOf(made)).toBe(`sid=${sessionId}`)
  })

  test('makes a new session where the one of the cookie was erased', async () => {
    const { ask, cookie, sessionId, store } = await start()
    await store.remove(sessionId)
    expect((await sessionOf(await resume(ask, cookie))).sessionId).not.toBe(sessionId)
  })

  test('that a PUT with resume brings as previousSessionId, too, is not its own predecessor', async () => {
    const { ask, cookie, sessionId, store } = await start()
    await resume(ask, cookie, { body: { previousSessionId: sessionId } })
    expect(await store.get(sessionId, null)).not.toHaveProperty('previousSessionId')
    await resume(ask, cookie, { body: { previousSessionId: UNKNOWN_ID } })
    expect(await store.get(sessionId, null)).toMatchObject({ previousSessionId: UNKNOWN_ID })
  })

  test('F210: lets its browser erase the session, which clears it, and no other one', async () => {
    const { ask, sessionId, cookie } = await start()
    const path = `/sessions/${sessionId}`
    for (const headers of [{}, { cookie: `sid=${UNKNOWN_ID}` }]) {
      const refused = await ask('DELETE', path, { headers })
      expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST, OPTIONS'])
    }
    const options = await ask('OPTIONS', path, { headers: { cookie } })
    expect(options.headers.get('allow')).toBe('GET, HEAD, POST, DELETE, OPTIONS')
    const erased = await ask('DELETE', path, { headers: { cookie } })
    expect([erased.status, erased.headers.get('set-cookie')]).toEqual([204, CLEARED])
    expect((await ask('GET', path)).status).toBe(404)
  })

  test('stays where DELETE erases a session that it does not name', async () => {
    const { ask, sessionId } = await start({ deletable: true })
    const headers = { cookie: `sid=${UNKNOWN_ID}` }
    const erased = await ask('DELETE', `/sessions/${sessionId}`, { headers })
    expect([erased.status, erased.headers.get('set-cookie')]).toEqual([204, null])
  })

  test('is cleared by a request that finds its session expired', async () => {
    const { ask, sessionId, cookie, store } = await start({ createOnAssociate: false })
    await store.remove(sessionId)
    for (const method of ['GET', 'HEAD', 'POST']) {
      const answer = await ask(method, `/sessions/${sessionId}`, { headers: { cookie } })
      expect([answer.status, answer.headers.get('set-cookie')]).toEqual([404, CLEARED])
    }
    const other = await ask('GET', `/sessions/${UNKNOWN_ID}`, { headers: { cookie } })
    expect([other.status, other.headers.get('set-cookie')]).toEqual([404, null])
  })

  test('is one for each tenant, which share no session', async () => {
    const { ask, sessionId, cookie } = await start()
    const query = `?tenantId=${encodeURIComponent('eu (größe);=')}`
    const name = 'sid_eu%20%28gr%C3%B6%C3%9Fe%29%3B%3D'
    const made = await ask('PUT', `/sessions/new${query}`)
    const tenantId = (await sessionOf(made)).sessionId
    expect(made.headers.get('set-cookie')).toBe(`${name}=${tenantId}; ${KEPT}`)
    const both = `${cookie}; ${name}=${tenantId}`
    expect((await sessionOf(await resume(ask, both))).sessionId).toBe(sessionId)
    expect((await sessionOf(await resume(ask, both, { query }))).sessionId).toBe(tenantId)
    // Another tenant's id under this tenant's name opens nothing.
    const planted = await sessionOf(await resume(ask, `sid=${tenantId}`))
    expect(planted.sessionId).not.toBe(tenantId)
  })

  test('has the name and attributes that its options say', async () => {
    const cookie = { name: '__Secure-shop', maxAgeSec: 60, sameSite: 'none', domain: 'shop.example' } as const
    const ask = await open({ store: memoryStore(), cookie })
    const made = await ask('PUT', '/sessions/new')
    expect(made.headers.get('set-cookie')).toMatch(
      /^__Secure-shop=[\w-]{24}; Domain=shop\.example; Path=\/; Max-Age=60; HttpOnly; Secure; SameSite=None$/,
    )
    const plain = await open({ store: memoryStore(), cookie: { secure: false, sameSite: 'strict' } })
    expect((await plain('PUT', '/sessions/new')).headers.get('set-cookie')).toMatch(
      /Max-Age=34560000; HttpOnly; SameSite=Strict$/,
    )
  })

  test('a body that says resume with no boolean is answered with 400', async () => {
    const ask = await open({ store: memoryStore() })
    const answer = await ask('PUT', '/sessions/new', { headers: JSON_TYPE, body: '{"resume":"yes"}' })
    expect([answer.status, (await answer.json()).description]).toEqual([
      400,
      'The field resume must be true or false',
    ])
  })
})

test('the cookie keeps a session apart from others while two PUTs with resume come at once', async () => {
  const store = memoryStore()
  const handle = createSessionHandler({ store, cookie: {} })
  const put = (cookie: string, customer: string) =>
    handle(
      new Request('http://shop.test/sessions/new', {
        method: 'PUT',
        headers: { ...JSON_TYPE, cookie, gkc_customerId: customer },
        body: '{"resume":true}',
      }),
    )
  const cookie = pairOf(await handle(new Request('http://shop.test/sessions/new', { method: 'PUT' })))
  const answers = await Promise.all([put(cookie, 'c-1'), put(cookie, 'c-2')])
  const [first, second] = await Promise.all(answers.map(sessionOf))
  expect([first.customerId, second.customerId]).toEqual(['c-1', 'c-2'])
  expect(first.sessionId).not.toBe(second.sessionId)
})

test('the cookie stands beside one that something before the listener has set', async () => {
  const listener = toNodeListener(createSessionHandler({ store: memoryStore(), cookie: {} }))
  const server = await listen((request, response) => {
    response.setHeader('Set-Cookie', ['app=1; Path=/', 'theme=dark'])
    listener(request, response)
  })
  const { headers } = await fetch(`${server.url}/sessions/new`, { method: 'PUT' })
  await server.close()
  expect(headers.getSetCookie()).toEqual(['app=1; Path=/', 'theme=dark', expect.stringMatching(/^sid=/)])
})

test.each([
  ['together with cors', { cors: { origins: ['https://shop.example'] } }, {}, /cookie and cors/],
  ['a name with a space', {}, { name: 'a b' }, /cookie\.name/],
  ['an empty name', {}, { name: '' }, /cookie\.name/],
  ['a name with a semicolon', {}, { name: 'a;b' }, /cookie\.name/],
  ['a time of 0', {}, { maxAgeSec: 0 }, /cookie\.maxAgeSec/],
  ['sameSite none without secure', {}, { sameSite: 'none', secure: false } as const, /sameSite 'none'/],
  ['__Host- with a domain', {}, { name: '__Host-sid', domain: 'shop.example' }, /__Host-sid.*domain/],
  ['__Host- without secure', {}, { name: '__Host-sid', secure: false }, /__Host-sid.*secure/],
  ['a domain with a semicolon', {}, { domain: 'a;b' }, /cookie\.domain/],
])('createSessionHandler refuses the cookie %s', (_, options, cookie, message) => {
  expect(() => createSessionHandler({ store: memoryStore(), cookie, ...options })).toThrow(message)
})
