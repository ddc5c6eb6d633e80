import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createBackOff } from '../../src/core/back-off.ts'
import type { AttachOptions } from '../../src/core/options.ts'
import { createPersistence } from '../../src/core/persistence.ts'
import { createSession } from '../../src/core/session.ts'
import type { SessionCache } from '../../src/core/session-cache.ts'
import { createSessionFetch } from '../../src/core/session-fetch.ts'
import { createEnvironment } from './support/simple-environment.ts'

const ORIGIN = 'https://shop.example'
const NOT_FOUND = '{"statusCode":6,"description":"Session not found"}'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

interface Sent {
  input: RequestInfo | URL
  init: RequestInit | undefined
  request: Request
}

/** A middleware whose session and network are the test's. */
function open(attach: AttachOptions = {}) {
  const sent: Sent[] = []
  const page = {
    id: 's-1' as string | null | undefined,
    ready: undefined as Promise<unknown> | undefined,
    answer: (): Response | Promise<Response> => new Response('fine'),
    mend: vi.fn(async (_: string) => undefined as unknown),
    notes: [] as unknown[],
    lifetime: new AbortController(),
  }
  const options = { baseUrl: '/api', attach }
  const environment = createEnvironment({
    href: () => `${ORIGIN}/help`,
    origin: () => ORIGIN,
    fetch: async (input, init) => {
      const isText = typeof input === 'string'
      sent.push({ input, init, request: new Request(isText ? new URL(input, ORIGIN) : input, init) })
      return page.answer()
    },
  })
  const session = createSession({
    options,
    environment,
    isBrowser: true,
    storageKey: 'key',
    revalidateMs: 300_000,
    waitMs: 2_000,
    timeoutMs: 10_000,
    persistence: {
      ...createPersistence(environment, 'key', 'memory'),
      read: (suffix) => (suffix ? null : (page.id ?? null)),
    },
    waitingRoom: createPersistence(environment, 'key', 'memory'),
    cache: {
      ...({} as SessionCache), // the middleware asks only for this
      get: () => undefined,
      fetch: () => page.mend(String(page.id)),
    },
    backOff: createBackOff(environment),
    channel: { open: () => undefined, close: () => undefined, tell: () => undefined },
    lock: (task) => task(false),
    erasing: { add: () => undefined, settled: async () => undefined, stop: () => undefined },
    events: {
      emit: () => undefined,
      observe: () => () => undefined,
      note: (what) => page.notes.push(what),
    },
    listeners: new Set(),
    followUps: [],
  })
  Object.assign(session, { isStarted: true, isActive: true, told: {} })
  // The session is the one that the test says, at any time.
  Object.defineProperties(session, {
    standing: { get: () => (page.id ? { is: 'stored', id: page.id } : { is: 'none' }), set: () => undefined },
    isEnabled: { get: () => !!page.id || !!page.ready },
    lifetime: { get: () => page.lifetime, set: () => undefined },
  })
  const fetch = createSessionFetch(session, () => page.ready ?? Promise.resolve())
  return { fetch, sent, page, urls: () => sent.map(({ request }) => request.url.replace(ORIGIN, '')) }
}

const json = (body: string, init: ResponseInit & { length?: number | string } = {}) =>
  new Response(body, {
    status: init.status ?? 200,
    headers: {
      'content-type': 'application/json',
      ...(init.length !== undefined && { 'content-length': String(init.length) }),
      ...(init.headers as Record<string, string>),
    },
  })

describe('the id', () => {
  test('goes into the address of every form of request, and devtools hear of it', async () => {
    const { fetch, sent, urls, page } = open()
    await fetch('/api/a?b=c#d', { method: 'POST', body: '1' })
    await fetch(new URL(`${ORIGIN}/api/a`))
    await fetch(new Request(`${ORIGIN}/api/a`, { method: 'DELETE', headers: { x: 'y' } }))
    expect(urls()).toEqual(['/api/a?b=c&sessionId=s-1#d', '/api/a?sessionId=s-1', '/api/a?sessionId=s-1'])
    expect(sent[0]).toMatchObject({
      input: '/api/a?b=c&sessionId=s-1#d',
      init: { method: 'POST', body: '1' },
    })
    expect([sent[2]?.request.method, sent[2]?.request.headers.get('x')]).toEqual(['DELETE', 'y'])
    expect(page.notes).toEqual(
      ['POST', 'GET', 'DELETE'].map((method) => ({
        type: 'attached',
        sessionId: 's-1',
        method,
        path: '/api/a',
      })),
    )
  })

  test('of a Request with a body goes with the body, unless the caller brings another', async () => {
    const { fetch, sent } = open()
    const request = () => new Request(`${ORIGIN}/api/a`, { method: 'PUT', body: 'one' })
    await fetch(request())
    const unread = request()
    await fetch(unread, { body: 'two' })
    expect(await Promise.all(sent.map((each) => each.request.text()))).toEqual(['one', 'two'])
    expect(unread.bodyUsed).toBe(false)
  })

  test('goes nowhere else, and what goes there stays what it was', async () => {
    const { fetch, sent, page } = open()
    const init = { method: 'POST', body: '1' }
    await fetch('/other', init)
    await fetch('https://evil.example/api/a')
    expect([sent[0]?.input, sent[0]?.init, sent[1]?.input]).toEqual([
      '/other',
      init,
      'https://evil.example/api/a',
    ])
    expect(page.notes).toEqual([
      { type: 'unattached', method: 'POST', path: '/other', reason: 'outside' },
      { type: 'unattached', method: 'GET', path: '/api/a', reason: 'outside' },
    ])
  })

  test('of the caller wins, and says nothing about ours', async () => {
    const { fetch, urls, page } = open()
    page.answer = () => json(NOT_FOUND, { status: 404 })
    await fetch('/api/a?sessionId=mine')
    expect([urls(), page.mend.mock.calls, page.notes]).toEqual([['/api/a?sessionId=mine'], [], []])
  })

  test('has the name that was chosen', async () => {
    const { fetch, urls } = open({ name: 'sid' })
    await fetch('/api/a?sessionId=other')
    expect(urls()).toEqual(['/api/a?sessionId=other&sid=s-1'])
  })
})

describe('as a header', () => {
  const openHeader = (attach: AttachOptions = {}) => open({ as: 'header', ...attach })

  test.each<[string, RequestInfo | URL, RequestInit | undefined, object]>([
    ['of the same origin never leaves it', '/api/a', undefined, { mode: 'same-origin' }],
    ['keeps the caller’s headers', '/api/a', { headers: { x: 'y' } }, { mode: 'same-origin' }],
    ['lets the caller choose a mode', '/api/a', { mode: 'cors' }, { mode: 'cors' }],
    ['lets the caller choose about redirects', '/api/a', { redirect: 'manual' }, { redirect: 'manual' }],
  ])('a request %s', async (_, input, init, expected) => {
    const { fetch, sent } = openHeader()
    await fetch(input, init)
    expect(sent[0]?.input).toBe(input)
    expect(sent[0]?.init).toEqual({ ...init, ...expected, headers: expect.any(Headers) })
    expect(Object.fromEntries(sent[0]?.request.headers ?? [])).toMatchObject({ sessionid: 's-1' })
    expect(sent[0]?.request.headers.get('x')).toBe(init?.headers ? 'y' : null)
  })

  test('with headers that are none goes out as it is: fetch itself says what is wrong', async () => {
    const { fetch, page } = openHeader()
    const init = { headers: { 'not a header': 'x' } }
    await expect(fetch('/api/a', init)).rejects.toThrow(TypeError)
    expect(page.notes).toEqual([])
  })

  test.each<[string, RequestInit | undefined, RequestInit]>([
    ['follows no redirect', undefined, { redirect: 'error' }],
    ['follows none either where the caller chose cors', { mode: 'cors' }, { redirect: 'error' }],
    ['follows one where the caller said so', { mode: 'cors', redirect: 'follow' }, {}],
    ['that is opaque stays what fetch allows', { mode: 'no-cors' }, {}],
  ])('a request to another origin %s', async (_, init, expected) => {
    const { fetch, sent } = open({ as: 'header', to: ['https://pay.example/'] })
    await fetch('https://pay.example/a', init)
    expect(sent[0]?.init).toEqual({ ...init, headers: expect.any(Headers), ...expected })
  })

  test.each<[string, RequestInit, object]>([
    ['of plain fields', { referrer: '', referrerPolicy: 'origin' }, { mode: 'same-origin', referrer: '' }],
    ['that chose about redirects', { redirect: 'manual' }, { referrerPolicy: '' }],
    ['that chose a mode', { mode: 'same-origin' }, { referrerPolicy: '' }],
  ])('a Request %s keeps what an init makes fetch forget', async (_, fields, expected) => {
    const { fetch, sent } = openHeader()
    const request = new Request(`${ORIGIN}/api/a`, { ...fields, headers: { x: 'y' } })
    await fetch(request)
    expect(sent[0]?.input).toBe(request)
    expect(sent[0]?.init).toMatchObject({
      referrer: request.referrer,
      referrerPolicy: request.referrerPolicy,
      ...expected,
    })
    expect('mode' in (sent[0]?.init ?? {})).toBe('mode' in expected)
    expect(Object.fromEntries(sent[0]?.request.headers ?? [])).toMatchObject({ x: 'y', sessionid: 's-1' })
  })

  test('of the caller wins, in an init, a Request or the address', async () => {
    const { fetch, sent } = openHeader()
    const headers = { SESSIONID: 'mine' }
    await fetch('/api/a', { headers })
    await fetch(new Request(`${ORIGIN}/api/a`, { headers }))
    await fetch(new Request(`${ORIGIN}/api/a`, { headers }), { headers: {} })
    await fetch('/api/a?sessionId=mine')
    expect(sent.map(({ request }) => request.headers.get('sessionId'))).toEqual(['mine', 'mine', 's-1', null])
  })

  test('changes nothing of the caller, and an init that is an instance of something passes with what it inherits', async () => {
    const { fetch, sent } = openHeader()
    const headers = new Headers({ x: 'y' })
    await fetch('/api/a', { headers })
    expect([...headers]).toEqual([['x', 'y']])
    await fetch('/api/a', Object.create({ method: 'DELETE' }))
    expect(sent[1]?.request.method).toBe('DELETE')
  })

  test('headers that fetch refuses are refused by fetch', async () => {
    const { fetch, sent } = openHeader()
    await expect(fetch('/api/a', { headers: { 'no name': '' } })).rejects.toThrow(TypeError)
    expect(sent).toEqual([])
  })
})

describe('without a session', () => {
  /** A middleware whose first session is still to come. */
  function openEarly(attach: AttachOptions = {}) {
    const opened = open(attach)
    opened.page.id = null
    let succeed: (id: string) => void = () => undefined
    let fail: (reason: Error) => void = () => undefined
    const expect = () => {
      opened.page.ready = new Promise((resolve, reject) => {
        succeed = (id) => {
          opened.page.id = id
          resolve(id)
        }
        fail = reject
      })
      opened.page.ready.catch(() => undefined)
    }
    expect()
    return { ...opened, expect, succeed: (id: string) => succeed(id), fail: () => fail(new Error('down')) }
  }

  test('and where there will be none, a request goes as it is', async () => {
    const { fetch, page, urls } = open()
    page.id = undefined
    await fetch('/api/a')
    expect([urls(), page.notes]).toEqual([
      ['/api/a'],
      [{ type: 'unattached', method: 'GET', path: '/api/a', reason: 'disabled' }],
    ])
  })

  test('a request waits for the first one', async () => {
    const { fetch, urls, succeed } = openEarly()
    const answer = fetch('/api/a')
    await vi.advanceTimersByTimeAsync(1_999)
    expect(urls()).toEqual([])
    succeed('s-1')
    await answer
    expect([urls(), vi.getTimerCount()]).toEqual([['/api/a?sessionId=s-1'], 0])
  })

  test('it goes without one after waitMs, and all the others with it', async () => {
    const { fetch, urls } = openEarly()
    void fetch('/api/a')
    await vi.advanceTimersByTimeAsync(1_500)
    void fetch('/api/b')
    await vi.advanceTimersByTimeAsync(499)
    expect(urls()).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(urls()).toEqual(['/api/a', '/api/b'])
    void fetch('/api/c')
    await vi.advanceTimersByTimeAsync(0)
    expect(urls()).toEqual(['/api/a', '/api/b', '/api/c'])
  })

  test('a later one is waited for anew, one that failed is not', async () => {
    for (const outcome of ['succeeds', 'fails']) {
      const early = openEarly()
      void early.fetch('/api/a')
      if (outcome === 'succeeds') early.succeed('s-1')
      else early.fail()
      await vi.advanceTimersByTimeAsync(5_000)
      early.page.id = null
      if (outcome === 'succeeds') early.page.lifetime = new AbortController()
      early.expect()
      void early.fetch('/api/b')
      await vi.advanceTimersByTimeAsync(0)
      expect(early.urls().length).toBe(outcome === 'succeeds' ? 1 : 2)
      await vi.advanceTimersByTimeAsync(2_000)
      expect(early.urls().length).toBe(2)
    }
  })

  test('a clock that is set back makes nobody wait longer', async () => {
    const { fetch, urls } = openEarly()
    void fetch('/api/a')
    vi.setSystemTime(Date.now() - 3_600_000)
    void fetch('/api/b')
    await vi.advanceTimersByTimeAsync(2_000)
    expect(urls()).toHaveLength(2)
  })

  test.each([
    ['init', (signal: AbortSignal) => ['/api/a', { signal }]],
    ['Request', (signal: AbortSignal) => [new Request(`${ORIGIN}/api/a`, { signal })]],
  ] as const)('a request that is aborted by its %s while it waits is never sent', async (_, args) => {
    const { fetch, urls } = openEarly()
    const caller = new AbortController()
    const answer = fetch(...(args(caller.signal) as Parameters<typeof fetch>))
    caller.abort(new Error('changed my mind'))
    await expect(answer).rejects.toThrow('changed my mind')
    await vi.advanceTimersByTimeAsync(2_000)
    expect(urls()).toEqual([])
  })
})

describe('an answer that says that the session is not found', () => {
  /** The first answer says so, the next ones do not. */
  function openLost(lost: () => Response, attach: AttachOptions = {}) {
    const opened = open(attach)
    const answers = [lost]
    opened.page.answer = () => answers.shift()?.() ?? new Response('fine')
    opened.page.mend.mockImplementation(async () => {
      opened.page.id = 's-2'
    })
    return opened
  }
  const isMended = async (
    lost: () => Response,
    attach?: AttachOptions,
    args: [RequestInfo, RequestInit?] = ['/api/a'],
  ) => {
    const { fetch, page, urls } = openLost(lost, attach)
    const response = await fetch(...args)
    return {
      said: page.mend.mock.calls.length === 1,
      again: urls().length === 2,
      text: await response.text(),
    }
  }

  test('has the session mended under its id, and the request goes once more with the next', async () => {
    const { fetch, page, urls } = openLost(() => json(NOT_FOUND, { status: 404 }))
    expect(await (await fetch('/api/a')).text()).toBe('fine')
    expect(page.mend).toHaveBeenCalledExactlyOnceWith('s-1')
    expect(urls()).toEqual(['/api/a?sessionId=s-1', '/api/a?sessionId=s-2'])
  })

  test('once more and no oftener', async () => {
    const { fetch, page, urls } = open()
    page.answer = () => json(NOT_FOUND, { status: 404 })
    expect(await (await fetch('/api/a')).text()).toBe(NOT_FOUND)
    expect([urls().length, page.mend.mock.calls.length]).toEqual([2, 1])
  })

  test('is found in a 404, a 410 and a short 2xx, in JSON of whatever kind', async () => {
    for (const lost of [
      () => json(NOT_FOUND, { status: 404 }),
      () => json(NOT_FOUND, { status: 410 }),
      () => json(NOT_FOUND, { length: NOT_FOUND.length }),
      () => json(NOT_FOUND, { length: 512 }),
      () => json(NOT_FOUND, { status: 404, headers: { 'content-type': 'application/problem+json' } }),
    ])
      expect(await isMended(lost)).toMatchObject({ said: true, again: true, text: 'fine' })
  })

  test('is not looked for elsewhere, and the answer is the caller’s, whole', async () => {
    for (const answer of [
      () => json(NOT_FOUND),
      () => json(NOT_FOUND, { length: 513 }),
      () => json(NOT_FOUND, { length: 'unknown' }),
      () => json(NOT_FOUND, { status: 400, length: 50 }),
      () => json(NOT_FOUND, { status: 500, length: 50 }),
      () => json(NOT_FOUND, { status: 404, headers: { 'content-type': 'text/html' } }),
      () => new Response(new TextEncoder().encode(NOT_FOUND), { status: 404 }),
    ]) {
      const text = await answer().text()
      expect(await isMended(answer)).toMatchObject({ said: false, again: false, text })
    }
    expect(await isMended(() => json('{"description":"Order not found"}', { status: 404 }))).toMatchObject({
      said: false,
    })
  })

  test('an opaque answer tells nothing', async () => {
    const { fetch, page } = open({ isLost: () => true })
    page.answer = () => Object.defineProperty(new Response('fine'), 'type', { value: 'opaque' })
    await fetch('/api/a')
    expect(page.mend).not.toHaveBeenCalled()
  })

  test('a body that stalls is the caller’s to wait for', async () => {
    const { fetch, page } = open()
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{')),
    })
    page.answer = () => new Response(body, { status: 404, headers: { 'content-type': 'application/json' } })
    const answered = vi.fn()
    void fetch('/api/a').then(answered)
    await vi.advanceTimersByTimeAsync(1_999)
    expect(answered).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(answered).toHaveBeenCalledOnce()
    expect(page.mend).not.toHaveBeenCalled()
  })

  test('a mend that takes too long holds nobody up: the answer is given as it is, or goes with the id of now', async () => {
    const { fetch, page, urls } = open()
    page.answer = () => json(NOT_FOUND, { status: 404 })
    page.mend.mockImplementation(() => new Promise(() => undefined))
    void fetch('/api/a')
    await vi.advanceTimersByTimeAsync(1_999)
    expect(urls()).toHaveLength(1)
    page.id = null
    await vi.advanceTimersByTimeAsync(1)
    expect(urls()).toHaveLength(1)
  })

  test('is told in other shapes by isLost, which gets a copy, besides the documented one', async () => {
    const isLost = vi.fn(async (response: Response) => (await response.text()).includes('gone'))
    expect(await isMended(() => new Response('it is gone', { status: 500 }), { isLost })).toMatchObject({
      said: true,
      again: true,
    })
    expect(
      await isMended(() => new Response('gone', { status: 200 }), { isLost: () => false }),
    ).toMatchObject({
      said: false,
      text: 'gone',
    })
    expect(await isMended(() => json(NOT_FOUND, { status: 404 }), { isLost: () => false })).toMatchObject({
      said: true,
    })
  })

  const stream = () => new ReadableStream({ start: (controller) => controller.close() })
  test.each<[string, boolean, [RequestInfo, RequestInit?], AttachOptions?]>([
    ['a POST', true, ['/api/a', { method: 'POST', body: '1' }]],
    ['a Request with a body', true, [new Request(`${ORIGIN}/api/a`, { method: 'POST', body: '1' })]],
    ['a Request without a body', true, [new Request(`${ORIGIN}/api/a`, { method: 'POST' })]],
    ['a stream', false, ['/api/a', { method: 'POST', body: stream(), duplex: 'half' } as RequestInit]],
    [
      'a Request whose body was replaced by a stream',
      false,
      [
        new Request(`${ORIGIN}/api/a`, { method: 'POST', body: '1' }),
        { body: stream(), duplex: 'half' } as RequestInit,
      ],
    ],
    [
      'a POST, by a verdict of the app',
      false,
      ['/api/a', { method: 'POST', body: '1' }],
      { isLost: () => true },
    ],
    ['a HEAD, by a verdict of the app', true, ['/api/a', { method: 'head' }], { isLost: () => true }],
    ['a GET, by a verdict of the app', true, ['/api/a'], { isLost: () => true }],
    ['a POST whose verb only begins so', false, ['/api/a', { method: 'GETX' }], { isLost: () => true }],
    ['a verb that only ends so', false, ['/api/a', { method: 'XGET' }], { isLost: () => true }],
    [
      'F189: a Request with a body, as a header',
      true,
      [new Request(`${ORIGIN}/api/a`, { method: 'POST', body: '1' })],
      { as: 'header' },
    ],
    ['a GET, as a header', true, ['/api/a'], { as: 'header' }],
  ])('repeats %s only where that is safe: %s', async (_, again, args, attach) => {
    expect(await isMended(() => json(NOT_FOUND, { status: 404 }), attach, args)).toMatchObject({
      said: true,
      again,
    })
  })

  test('the repeated Request has its body again', async () => {
    const { fetch, sent } = openLost(() => json(NOT_FOUND, { status: 404 }))
    await fetch(new Request(`${ORIGIN}/api/a`, { method: 'POST', body: 'one' }))
    expect(await Promise.all(sent.map(({ request }) => request.text()))).toEqual(['one', 'one'])
  })

  test('is not repeated for a caller who has given up', async () => {
    const { fetch, page, urls } = openLost(() => json(NOT_FOUND, { status: 404 }))
    const caller = new AbortController()
    page.mend.mockImplementation(async () => caller.abort())
    await fetch('/api/a', { signal: caller.signal })
    expect(urls()).toHaveLength(1)
  })

  test('of a request that went without an id says nothing', async () => {
    const { fetch, page, urls } = open()
    page.answer = () => json(NOT_FOUND, { status: 404 })
    page.id = null
    page.ready = Promise.reject(new Error('down'))
    await fetch('/api/a')
    expect([urls(), page.mend.mock.calls]).toEqual([['/api/a'], []])
  })
})
