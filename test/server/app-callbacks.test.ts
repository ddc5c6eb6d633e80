import {
  type AssociationChange,
  createSessionHandler,
  memoryStore,
  type SessionHandlerOptions,
  toNodeListener,
} from 'storefront-session/server'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { listen } from './support/node-server.ts'
import { openConnection } from './support/raw-connection.ts'
import { askRequest, createSession, JSON_TYPE, sessionOf, UNKNOWN_ID, waysIn } from './support/ways-in.ts'

const NAMED = { headers: { gkc_customerId: 'c-1' } }
const PATIENCE_MS = 5_000
const never = () => new Promise<never>(() => undefined)

/** Promises that a test settles when it wants. */
function gate() {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

describe.each(waysIn)('verifyCustomer, asked through %s,', (_, open) => {
  test('F208: lets a request name a customer, or refuses it with 403, and nothing changes', async () => {
    const store = memoryStore()
    const ask = await open({
      store,
      verifyCustomer: (request, customerId) =>
        request.headers.get('authorization') === `Bearer ${customerId}`,
    })
    const good = { headers: { gkc_customerId: 'c-1', authorization: 'Bearer c-1' } }
    const bad = { headers: { gkc_customerId: 'c-2', authorization: 'Bearer c-1' } }
    const sessionId = await createSession(ask, good)
    for (const [method, path] of [
      ['PUT', '/sessions/new'],
      ['POST', `/sessions/${sessionId}`],
      ['POST', `/sessions/${UNKNOWN_ID}`],
    ] as const) {
      const refused = await ask(method, path, bad)
      expect([refused.status, await refused.json()]).toEqual([
        403,
        { statusCode: 9, description: 'This request may not name this customer' },
      ])
    }
    const { sessions } = await store.scan()
    expect(sessions).toEqual([expect.objectContaining({ sessionId, customerId: 'c-1' })])
    expect((await ask('POST', `/sessions/${sessionId}`, good)).status).toBe(200)
  })

  test('is not asked where no customer is named, and not for a GET, which ties nothing', async () => {
    const verifyCustomer = vi.fn(() => false)
    const ask = await open({ store: memoryStore(), verifyCustomer })
    const sessionId = await createSession(ask, { headers: JSON_TYPE, body: '{"visitId":"v-1"}' })
    expect((await ask('POST', `/sessions/${sessionId}`)).status).toBe(200)
    expect((await ask('GET', `/sessions/${sessionId}`, NAMED)).status).toBe(200)
    expect(verifyCustomer).not.toHaveBeenCalled()
  })

  test('gets a request with its whole address, its method and headers', async () => {
    const seen: Request[] = []
    const ask = await open({ store: memoryStore(), verifyCustomer: (request) => seen.push(request) > 0 })
    const init = { headers: { ...JSON_TYPE, gkc_customerId: 'c-1', cookie: 'app=1' }, body: '{}' }
    expect((await ask('PUT', '/sessions/new?lang=en', init)).status).toBe(200)
    const [{ method, url, headers } = new Request('http://none.test')] = seen
    expect([method, headers.get('cookie')]).toEqual(['PUT', 'app=1'])
    expect(url).toMatch(/^http:\/\/[^/]+\/sessions\/new\?lang=en$/)
  })

  test.each([
    ['throws', () => Promise.reject(new Error('no database'))],
    [
      'throws at once',
      () => {
        throw new Error('no database')
      },
    ],
  ])('that %s is answered with 503, and onError hears why', async (_name, verifyCustomer) => {
    const onError = vi.fn()
    const store = memoryStore()
    const ask = await open({ store, verifyCustomer, onError })
    const answer = await ask('PUT', '/sessions/new', NAMED)
    expect([answer.status, answer.headers.get('retry-after'), (await answer.json()).statusCode]).toEqual([
      503,
      '1',
      7,
    ])
    expect(onError).toHaveBeenCalledExactlyOnceWith(new Error('no database'))
    expect((await store.scan()).sessions).toEqual([])
  })

  test('that answers anything but true refuses', async () => {
    // What JavaScript lets through: a callback that forgot its return.
    const verifyCustomer = (() => undefined) as unknown as () => boolean
    const ask = await open({ store: memoryStore(), verifyCustomer })
    expect((await ask('PUT', '/sessions/new', NAMED)).status).toBe(403)
  })
})

describe.each(waysIn)('onAssociate, asked through %s,', (_, open) => {
  const start = async (options: Partial<SessionHandlerOptions> = {}) => {
    const changes: AssociationChange[] = []
    const store = memoryStore()
    const onAssociate = (change: AssociationChange) => void changes.push(change)
    return { changes, store, ask: await open({ store, onAssociate, ...options }) }
  }

  test('hears of a POST before it is made, with the session as it is and as it will be', async () => {
    const { ask, changes } = await start()
    const sessionId = await createSession(ask)
    const body = '{"visitId":"v-1"}'
    const answer = await ask('POST', `/sessions/${sessionId}`, {
      headers: { ...JSON_TYPE, ...NAMED.headers },
      body,
    })
    expect(changes).toEqual([
      {
        sessionId,
        before: expect.not.objectContaining({ customerId: expect.anything() }),
        after: expect.objectContaining({ sessionId, customerId: 'c-1', visitId: 'v-1' }),
        request: expect.any(Request),
      },
    ])
    const { createdAt, expiresAt } = await sessionOf(answer)
    expect(changes[0]?.after?.createdAt).toBe(Date.parse(createdAt))
    expect(Math.abs((changes[0]?.after?.expiresAt ?? 0) - Date.parse(expiresAt))).toBeLessThan(5_000)
  })

  test('hears of a PUT with ids, under the id that the session gets, and of none without', async () => {
    const { ask, changes, store } = await start()
    await createSession(ask)
    expect(changes).toEqual([])
    const body = '{"previousSessionId":"the-session-before"}'
    const init = { headers: { ...JSON_TYPE, ...NAMED.headers }, body }
    const sessionId = await createSession(ask, init, '?tenantId=eu')
    const made = { sessionId, customerId: 'c-1', tenantId: 'eu', previousSessionId: 'the-session-before' }
    expect(changes).toEqual([
      expect.objectContaining({ sessionId, before: null, after: expect.objectContaining(made) }),
    ])
    expect(sessionId).toMatch(/^[\w-]{24}$/)
    expect(await store.get(sessionId, null)).toMatchObject(made)
  })

  test('hears of a POST of an unknown id, and of none that makes nothing', async () => {
    const { ask, changes } = await start()
    await ask('POST', `/sessions/${UNKNOWN_ID}`, NAMED)
    expect(changes).toEqual([expect.objectContaining({ sessionId: UNKNOWN_ID, before: null })])
    const closed = await start({ createOnAssociate: false })
    expect((await closed.ask('POST', `/sessions/${UNKNOWN_ID}`, NAMED)).status).toBe(404)
    expect(closed.changes).toEqual([])
  })

  test('hears of no request without ids, of no GET, and of no session of another tenant', async () => {
    const { ask, changes } = await start()
    const sessionId = await createSession(ask, {}, '?tenantId=eu')
    await ask('POST', `/sessions/${sessionId}?tenantId=eu`)
    await ask('GET', `/sessions/${sessionId}?tenantId=eu`, NAMED)
    expect((await ask('POST', `/sessions/${sessionId}`, NAMED)).status).toBe(404)
    expect(changes).toEqual([])
  })

  test('hears of the ids that a resumed session gets', async () => {
    const { ask, changes } = await start({ cookie: {} })
    const sessionId = await createSession(ask)
    const headers = { ...JSON_TYPE, ...NAMED.headers, cookie: `sid=${sessionId}` }
    expect(await createSession(ask, { headers, body: '{"resume":true}' })).toBe(sessionId)
    expect(changes).toEqual([
      expect.objectContaining({
        sessionId,
        before: expect.objectContaining({ sessionId }),
        after: expect.objectContaining({ customerId: 'c-1' }),
      }),
    ])
  })

  test('that throws is answered with 409, onError hears why, and nothing changes', async () => {
    const onError = vi.fn()
    const store = memoryStore()
    const onAssociate = () => Promise.reject(new Error('two carts'))
    const ask = await open({ store, onAssociate, onError })
    const sessionId = await createSession(ask)
    for (const [method, path] of [
      ['POST', `/sessions/${sessionId}`],
      ['POST', `/sessions/${UNKNOWN_ID}`],
      ['PUT', '/sessions/new'],
    ] as const) {
      const refused = await ask(method, path, NAMED)
      expect([refused.status, await refused.json()]).toEqual([
        409,
        { statusCode: 10, description: 'The association was refused' },
      ])
    }
    expect(onError).toHaveBeenCalledTimes(3)
    expect(onError).toHaveBeenLastCalledWith(new Error('two carts'))
    const { sessions } = await store.scan()
    expect(sessions).toEqual([expect.not.objectContaining({ customerId: 'c-1' })])
  })

  test('may change before and after, which changes no session', async () => {
    const onAssociate = ({ before, after }: AssociationChange) => {
      for (const session of [before, after]) if (session) session.customerId = 'somebody else'
    }
    const { ask } = await start({ onAssociate })
    const sessionId = await createSession(ask)
    const answer = await ask('POST', `/sessions/${sessionId}`, NAMED)
    expect((await sessionOf(answer)).customerId).toBe('c-1')
  })

  test('is called for one change of a session at a time, and for other sessions at the same time', async () => {
    const { open: release, opened } = gate()
    const running: string[] = []
    let most = 0
    const onAssociate = async ({ sessionId }: AssociationChange) => {
      running.push(sessionId)
      most = Math.max(most, running.filter((id) => id === sessionId).length)
      await opened
      running.splice(running.indexOf(sessionId), 1)
    }
    const { ask } = await start({ onAssociate })
    const ids = [`${UNKNOWN_ID}-1`, `${UNKNOWN_ID}-2`]
    const asked = ids.flatMap((id) => [1, 2, 3].map(() => ask('POST', `/sessions/${id}`, NAMED)))
    await vi.waitUntil(() => running.length === 2)
    release()
    const answers = await Promise.all(asked)
    expect(answers.map(({ status }) => status)).toEqual(ids.flatMap(() => [200, 200, 200]))
    expect(most).toBe(1)
  })

  test('merges a guest cart once over ten requests at the same time, where it is idempotent', async () => {
    const carts = new Map([['guest', 3]])
    const onAssociate = async ({ before, after }: AssociationChange) => {
      if (!after?.customerId || before?.customerId === after.customerId) return
      const guest = carts.get('guest') ?? 0
      await Promise.resolve()
      carts.set('guest', 0)
      carts.set(after.customerId, (carts.get(after.customerId) ?? 0) + guest)
    }
    const { ask } = await start({ onAssociate })
    const sessionId = await createSession(ask)
    await Promise.all(Array.from({ length: 10 }, () => ask('POST', `/sessions/${sessionId}`, NAMED)))
    expect(Object.fromEntries(carts)).toEqual({ guest: 0, 'c-1': 3 })
  })

  test('a limit of new sessions is asked before it', async () => {
    const { ask, changes } = await start({ limit: { create: '1/10m' } })
    await createSession(ask, NAMED)
    expect((await ask('POST', `/sessions/${UNKNOWN_ID}`, NAMED)).status).toBe(429)
    expect(changes).toHaveLength(1)
  })
})

describe('a callback that does not answer', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  test.each<[string, Partial<SessionHandlerOptions>]>([
    ['verifyCustomer', { verifyCustomer: never }],
    ['onAssociate', { onAssociate: never }],
  ])('%s gives 503 after 5 s, nothing changes, and onError hears of it', async (name, options) => {
    const onError = vi.fn()
    const store = memoryStore()
    const ask = askRequest({ store, onError, ...options })
    const answers = [ask('PUT', '/sessions/new', NAMED), ask('POST', `/sessions/${UNKNOWN_ID}`, NAMED)]
    let answered = 0
    for (const answer of answers) void answer.then(() => answered++)
    await vi.advanceTimersByTimeAsync(PATIENCE_MS - 1)
    expect(answered).toBe(0)
    await vi.advanceTimersByTimeAsync(1)
    for (const answer of await Promise.all(answers))
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1'])
    expect(onError).toHaveBeenCalledWith(
      expect.objectContaining({ message: `${name} has not answered within 5000 ms` }),
    )
    expect((await store.scan()).sessions).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('holds up the next change of the session for 5 s, and not for ever', async () => {
    let calls = 0
    const ask = askRequest({ store: memoryStore(), onAssociate: () => (calls++ ? undefined : never()) })
    const first = ask('POST', `/sessions/${UNKNOWN_ID}`, NAMED)
    await vi.advanceTimersByTimeAsync(1)
    const second = ask('POST', `/sessions/${UNKNOWN_ID}`, NAMED)
    await vi.advanceTimersByTimeAsync(PATIENCE_MS - 1)
    expect((await first).status).toBe(503)
    expect((await second).status).toBe(200)
    expect(calls).toBe(2)
  })

  test('gives 503 to a change that waits for its turn as long, and keeps the order of the others', async () => {
    const { open, opened } = gate()
    const order: (string | undefined)[] = []
    const onAssociate = async ({ after }: AssociationChange) => {
      order.push(after?.customerId)
      if (order.length < 3) await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS - 1_000))
      else await opened
    }
    const ask = askRequest({ store: memoryStore(), onAssociate })
    const post = (gkc_customerId: string) =>
      ask('POST', `/sessions/${UNKNOWN_ID}`, { headers: { gkc_customerId } })
    const answers = ['c-1', 'c-2', 'c-3'].map(post)
    await vi.advanceTimersByTimeAsync(PATIENCE_MS + 1)
    const late = post('c-4')
    await vi.advanceTimersByTimeAsync(PATIENCE_MS)
    open()
    const statuses = (await Promise.all([...answers, late])).map(({ status }) => status)
    expect(statuses).toEqual([200, 200, 503, 200])
    expect(order).toEqual(['c-1', 'c-2', 'c-4'])
  })
})

test('verifyCustomer of a Node server gets a request also where Host is no host', async () => {
  const seen: string[] = []
  const verifyCustomer = ({ url }: Request) => seen.push(url) > 0
  const listener = toNodeListener(createSessionHandler({ store: memoryStore(), verifyCustomer }))
  const server = await listen((request, response) => {
    // As Express leaves it to what is mounted below a path.
    Object.assign(request, { originalUrl: `/mounted${request.url}` })
    listener(request, response)
  })
  onTestFinished(() => server.close())
  const put = async (host: string) => {
    const connection = await openConnection(server.port)
    const head = `PUT /sessions/new?x=1 HTTP/1.1\r\nHost: ${host}\r\ngkc_customerId: c-1\r\nConnection: close\r\n\r\n`
    connection.send(head)
    expect(await connection.closed).toMatch(/^HTTP\/1.1 200 /)
  }
  await put('shop.example:8080')
  await put('a b/../%')
  expect(seen).toEqual([
    'http://shop.example:8080/mounted/sessions/new?x=1',
    'http://localhost/mounted/sessions/new?x=1',
  ])
})
