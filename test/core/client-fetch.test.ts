import { afterEach, expect, test, vi } from 'vitest'
import { openBrowser, quiet } from './support/client-page.ts'

afterEach(() => vi.restoreAllMocks())

test('a Request keeps its body where the browser shows none of it, as Firefox does', async () => {
  vi.spyOn(Request.prototype, 'body', 'get').mockReturnValue(undefined as never)
  const browser = openBrowser()
  browser.store('stored-1', 0)
  const bodies: string[] = []
  const { client } = browser.open({
    fetch: async (input, init) => {
      bodies.push(await new Request(input, init).text())
      return new Response('fine')
    },
  })
  await client.fetch(new Request('https://shop.example/api/cart', { method: 'POST', body: 'one lamp' }))
  expect(bodies).toEqual(['one lamp'])
})

test('in header mode, an answer "not found" to such a Request reaches the caller', async () => {
  vi.spyOn(Request.prototype, 'body', 'get').mockReturnValue(undefined as never)
  const browser = openBrowser()
  browser.store('stored-1', 0)
  const { client } = browser.open({
    attach: { as: 'header' },
    fetch: async (input, init) => {
      await new Request(input, init).text()
      return Response.json({ description: 'Session not found' }, { status: 404 })
    },
  })
  const request = new Request('https://shop.example/api/cart', { method: 'POST', body: 'one lamp' })
  expect((await client.fetch(request)).status).toBe(404)
})

test.each([
  ['fails', () => Promise.reject(new SyntaxError('no JSON'))],
  [
    'throws',
    () => {
      throw new SyntaxError('no JSON')
    },
  ],
  ['never comes', () => new Promise<boolean>(() => undefined)],
])('a verdict of the app that %s is none: its answer reaches the caller', async (_, isLost) => {
  const errors: unknown[] = []
  const catchUncaught = (error: unknown) => errors.push(error)
  process.setUncaughtExceptionCaptureCallback(catchUncaught)
  const browser = openBrowser()
  browser.store('stored-1', 0)
  const { client } = browser.open({
    attach: { isLost, waitMs: 10 },
    fetch: async () => new Response('<html>', { status: 502 }),
  })
  const response = await client.fetch('/api/cart')
  await quiet()
  process.setUncaughtExceptionCaptureCallback(null)
  expect([response.status, await response.text()]).toEqual([502, '<html>'])
  expect(errors).toEqual(_ === 'never comes' ? [] : [new SyntaxError('no JSON')])
})

test('a request waits for the session after a reset, also where the first one failed', async () => {
  const browser = openBrowser()
  browser.setFault((call) => (call.startsWith('PUT') ? new Response('', { status: 500 }) : undefined))
  const { client } = browser.open({ retry: 0, attach: { waitMs: 50 } })
  client.start()
  await client.fetch('/api/cart')
  browser.setFault(() => undefined)
  await vi.waitFor(() => expect(client.getState().status).toBe('ready'), 3_000)
  browser.asked()
  void client.reset()
  browser.setFault((call) => (call.startsWith('PUT') ? new Promise((r) => setTimeout(r, 10)) : undefined))
  const attached: unknown[] = []
  client.observe((note) => note.type === 'attached' && attached.push(note.sessionId))
  await client.fetch('/api/cart')
  expect(attached).toEqual(['session-2'])
})

test('a request waits for the session after a consent that was taken back and given again', async () => {
  const browser = openBrowser()
  const never = new Promise<Response>(() => undefined)
  browser.setFault((call) => (call.startsWith('PUT') ? never : undefined))
  const { client } = browser.open({ attach: { waitMs: 20 } })
  client.start()
  await client.fetch('/api/cart')
  client.setEnabled(false)
  await quiet()
  browser.setFault((call) => (call.startsWith('PUT') ? new Promise((r) => setTimeout(r, 5)) : undefined))
  client.setEnabled(true)
  const attached: unknown[] = []
  client.observe((note) => note.type === 'attached' && attached.push(note.sessionId))
  await client.fetch('/api/cart')
  expect(attached).toEqual(['session-1'])
})
