import { QueryClient } from '@tanstack/query-core'
import { expect, test, vi } from 'vitest'
import { mostWithin, PACE } from '../support/pace.ts'
import { withSessionApi } from '../support/session-setup.ts'

const session = withSessionApi()
const isSession = ({ path }: { path: string }) => path.includes('/sessions/')
const html = () => new Response('<html>', { headers: { 'content-type': 'text/html' } })

test.each([
  ['is down', () => new Response('{}', { status: 503 }), 'http'],
  ['answers HTML', html, 'invalid-response'],
  ['answers an empty body', () => new Response(''), 'invalid-response'],
  ['answers an array', () => Response.json([]), 'invalid-response'],
  ['answers a payload without id', () => Response.json({ response: {} }), 'invalid-response'],
  [
    'answers an id of a wrong shape',
    () => Response.json({ response: { sessionId: '..' } }),
    'invalid-response',
  ],
] as const)(
  'F77, F78, F79, F80: where the API %s, requests go out without the id, and state says why',
  async (_, answer, code) => {
    session.api.fault = (request) => (isSession(request) ? answer() : undefined)
    const client = session.open({ attach: { waitMs: 50 }, retry: 0 })
    client.start()
    const response = await client.fetch(`${session.api.baseUrl}/products`)
    expect(response.ok).toBe(true)
    expect(session.api.seen.find(({ path }) => path.endsWith('/products'))?.search).toBe('')
    await vi.waitFor(() => expect(client.getState()).toMatchObject({ status: 'error', error: { code } }))
    expect(localStorage.getItem('storefront-session')).toBeNull()
  },
)

test('a time without end is one, for the answer of the API and for the request that waits for it', async () => {
  session.api.fault = async (request) => {
    if (isSession(request)) await new Promise((resolve) => setTimeout(resolve, 50))
    return undefined
  }
  const endless = Number.POSITIVE_INFINITY
  const client = session.open({ attach: { waitMs: endless }, retry: 0, timeoutMs: endless })
  client.start()
  await client.fetch(`${session.api.baseUrl}/products`)
  expect(session.api.seen.at(-1)?.search).toBe(`?sessionId=${client.getState().sessionId}`)
})

test('F49, F100: an API that never answers holds a request up for waitMs at most, and ready() for timeoutMs', async () => {
  session.api.fault = (request) => (isSession(request) ? new Promise(() => undefined) : undefined)
  const client = session.open({ attach: { waitMs: 50 }, retry: 0, timeoutMs: 200 })
  client.start()
  const before = Date.now()
  await client.fetch(`${session.api.baseUrl}/products`)
  expect(Date.now() - before).toBeLessThan(180)
  await expect(client.ready()).rejects.toMatchObject({ code: 'timeout' })
})

test('F100: while the API is down, requests wait for waitMs together, not each anew', async () => {
  session.api.fault = (request) => (isSession(request) ? new Response('', { status: 503 }) : undefined)
  const client = session.open({ attach: { waitMs: 300 } })
  client.start()
  const before = Date.now()
  for (const name of ['first', 'second', 'third', 'fourth'])
    await client.fetch(`${session.api.baseUrl}/${name}`)
  expect(Date.now() - before).toBeGreaterThan(280)
  expect(Date.now() - before).toBeLessThan(550)
})

test('F100: a request waits for a session that begins later, after consent or a reset, as for the first', async () => {
  const client = session.open({ enabled: false })
  client.start()
  const search = async (name: string) => {
    await client.fetch(`${session.api.baseUrl}/${name}`)
    return session.api.seen.find(({ path }) => path.endsWith(name))?.search
  }
  expect(await search('before-consent')).toBe('')
  session.api.latencyMs = 50
  client.setEnabled(true)
  expect(await search('after-consent')).toMatch(/^\?sessionId=/)
  void client.reset()
  expect(await search('after-reset')).toMatch(/^\?sessionId=/)
})

test('F45: it heals by itself when the API is back', async () => {
  session.api.fault = (request) => (isSession(request) ? new Response('', { status: 500 }) : undefined)
  const client = session.open({ retry: 0 })
  client.start()
  await vi.waitFor(() => expect(client.getState().status).toBe('error'))
  session.api.fault = undefined
  await vi.waitFor(() => expect(client.getState()).toMatchObject({ status: 'ready', error: null }), {
    timeout: 4_000,
  })
})

test('F77: a stored session that can not be confirmed now is kept and used', async () => {
  localStorage.setItem('storefront-session', 'kept-from-last-week')
  session.api.fault = (request) => (isSession(request) ? html() : undefined)
  const client = session.open()
  client.start()
  expect((await client.ready()).sessionId).toBe('kept-from-last-week')
  expect(client.getState()).toMatchObject({ status: 'ready', error: { code: 'invalid-response' } })
  expect(localStorage.getItem('storefront-session')).toBe('kept-from-last-week')
})

test('F54: Retry-After is obeyed', async () => {
  session.api.fault = (request) =>
    isSession(request) ? new Response('', { status: 429, headers: { 'retry-after': '1' } }) : undefined
  const client = session.open()
  client.start()
  await vi.waitFor(() => expect(client.getState().error).toMatchObject({ status: 429, retryAfterMs: 1000 }))
  const before = Date.now()
  session.api.fault = undefined
  await client.ready()
  expect(Date.now() - before).toBeGreaterThan(900)
})

test('F59: an API that is slow costs no more than waitMs, and the id is attached once it is there', async () => {
  session.api.latencyMs = 300
  const client = session.open({ attach: { waitMs: 50 } })
  client.start()
  await client.fetch(`${session.api.baseUrl}/first`)
  const { sessionId } = await client.ready()
  await client.fetch(`${session.api.baseUrl}/second`)
  const search = (name: string) => session.api.seen.find(({ path }) => path.endsWith(name))?.search
  expect([search('/first'), search('/second')]).toEqual(['', `?sessionId=${sessionId}`])
})

test('F51, F57: where the connection is cut, requests go out without the id, and state says network', async () => {
  let cut = true
  const client = session.open({
    attach: { waitMs: 50 },
    retry: 0,
    fetch: (input, init) =>
      cut && String(input).includes('/sessions/')
        ? fetch('http://127.0.0.1:1/', init) // nobody listens there
        : fetch(input, init),
  })
  client.start()
  expect((await client.fetch(`${session.api.baseUrl}/products`)).ok).toBe(true)
  await vi.waitFor(() => expect(client.getState().error).toMatchObject({ code: 'network' }))
  cut = false
  window.dispatchEvent(new Event('online'))
  await vi.waitFor(() => expect(client.getState()).toMatchObject({ status: 'ready', error: null }), {
    timeout: 4_000,
  })
})

test('F179: a listener of the app that throws in its QueryCache freezes no page, and the session is there when it ends', async () => {
  const queryClient = new QueryClient()
  const calls: number[] = []
  let isBroken = true
  queryClient.getQueryCache().subscribe(({ query }) => {
    // It reads the meta of a query that has none. A thousand calls are a loop without a pause: that ends here.
    if (!isBroken || calls.length > 1_000 || query.meta) return
    calls.push(Date.now())
    throw new TypeError('Cannot read properties of undefined')
  })
  const client = session.open({ queryClient, attach: { waitMs: 50 } })
  client.start()
  client.ready().catch(() => undefined)
  expect((await client.fetch(`${session.api.baseUrl}/products`)).ok).toBe(true)
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(mostWithin(calls, PACE.withinMs)).toBeLessThan(100)
  isBroken = false
  await vi.waitFor(() => expect(client.getState()).toMatchObject({ status: 'ready', error: null }), {
    timeout: 4_000,
  })
})
