import { createSessionClient, type SessionClientOptions, type SessionEvent } from 'storefront-session/core'
import { createSessionHandler, memoryStore } from 'storefront-session/server'
import { expect, test } from 'vitest'
import { createEnvironment, createStorage } from './support/simple-environment.ts'

/** A browser whose cookies only the server sees, and our server behind it. */
function openBrowser() {
  const handle = createSessionHandler({ store: memoryStore(), cookie: { secure: false }, deletable: true })
  const seen: { method: string; body: string; keepalive: boolean }[] = []
  const cookies = new Map<string, string>()
  let storage = createStorage()
  let delayMs = 0
  const fault: { erasureStatus?: number } = {}
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const { method = 'GET', body, keepalive } = init ?? {}
    seen.push({ method, body: String(body ?? ''), keepalive: !!keepalive })
    const headers = new Headers(init?.headers)
    headers.set('cookie', [...cookies].map((pair) => pair.join('=')).join('; '))
    if (method === 'DELETE' && fault.erasureStatus) return new Response('', { status: fault.erasureStatus })
    if (method === 'DELETE' && delayMs) await new Promise((resolve) => setTimeout(resolve, delayMs))
    const request = new Request(new URL(String(input), 'https://shop.example'), {
      method,
      headers,
      ...(body && { body }),
    })
    const response = await handle(request)
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (!value || /max-age=0/i.test(cookie)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }
  return {
    seen,
    fault,
    cookies,
    calls: () => seen.map(({ method, body }) => `${method} ${body}`.trim()),
    /** As Safari does it after seven days. */
    wipe() {
      storage = createStorage()
    },
    slowErasures(ms: number) {
      delayMs = ms
    },
    open(options: Partial<SessionClientOptions> = {}) {
      const events: SessionEvent[] = []
      const kept = storage
      const client = createSessionClient(
        { baseUrl: '/', resume: true, onEvent: (event) => events.push(event), ...options },
        createEnvironment({ storage: () => kept, fetch }),
      )
      client.start()
      return { client, events }
    },
  }
}

test('a visitor whose storage is gone gets the same session back, by one PUT as on a first visit', async () => {
  const browser = openBrowser()
  const first = browser.open()
  const { sessionId } = await first.client.associate({ visitId: 'v1' })
  expect(first.events).toMatchObject([{ type: 'created' }, { type: 'associated' }])
  first.client.stop()
  browser.wipe()
  browser.seen.length = 0
  const { client, events } = browser.open()
  expect(await client.ready()).toMatchObject({ sessionId, visitId: 'v1' })
  expect(browser.calls()).toEqual(['PUT {"resume":true}'])
  expect(events).toEqual([{ type: 'restored', sessionId }])
  client.stop()
})

test('after reset() no session of before is wanted back', async () => {
  const browser = openBrowser()
  const { client } = browser.open()
  const { sessionId } = await client.ready()
  browser.seen.length = 0
  expect((await client.reset()).sessionId).not.toBe(sessionId)
  expect(browser.calls()).toEqual(['PUT {}'])
  client.stop()
})

test('forget() erases the session on the server, and the next PUT waits until the cookie is gone', async () => {
  const browser = openBrowser()
  const { client } = browser.open()
  const { sessionId } = await client.ready()
  browser.seen.length = 0
  browser.slowErasures(100)
  client.forget()
  client.setEnabled(true)
  const next = await client.ready()
  expect(next.sessionId).not.toBe(sessionId)
  expect(browser.calls()).toEqual(['DELETE', 'PUT {}'])
  expect(browser.seen[0]?.keepalive).toBe(true)
  expect([...browser.cookies.values()]).toEqual([next.sessionId])
  client.stop()
})

test('a new page after forget() does not come back to the session either', async () => {
  const browser = openBrowser()
  const first = browser.open()
  const { sessionId } = await first.client.ready()
  first.client.forget()
  await expect.poll(() => browser.cookies.size).toBe(0)
  first.client.stop()
  browser.wipe()
  const { client } = browser.open()
  expect((await client.ready()).sessionId).not.toBe(sessionId)
  client.stop()
})

test('with rotate a PUT that carries a customer wants nothing back', async () => {
  const browser = openBrowser()
  const first = browser.open({ rotate: 'on-sign-in' })
  const { sessionId } = await first.client.ready()
  first.client.stop()
  browser.wipe()
  browser.seen.length = 0
  const { client } = browser.open({ rotate: 'on-sign-in' })
  const signedIn = await client.associate({ customerId: 'ada' })
  expect(signedIn.sessionId).not.toBe(sessionId)
  expect(browser.calls()).toEqual(['PUT {}'])
  client.stop()
})

test('a server that refuses the field gets the PUT once more without it', async () => {
  const browser = openBrowser()
  const calls: string[] = []
  const { client } = browser.open({
    fetch: async (_input, init) => {
      calls.push(`${init?.method} ${init?.body}`)
      return String(init?.body).includes('resume')
        ? Response.json({ statusCode: 2, description: 'unknown field' }, { status: 400 })
        : Response.json({ statusCode: 0, response: { sessionId: 's-1' } })
    },
  })
  expect((await client.ready()).sessionId).toBe('s-1')
  expect(calls).toEqual(['PUT {"resume":true}', 'PUT {}'])
  client.stop()
})

test("resume with create: 'client' is refused with a text that names both", () => {
  expect(() => createSessionClient({ baseUrl: '/', resume: true, create: 'client' })).toThrow(
    /resume .*create: 'client'/,
  )
})

const answered = () => new Promise((resolve) => setTimeout(resolve, 30))

test('forget() on a page that was opened without consent ends the session of an earlier visit, too', async () => {
  const browser = openBrowser()
  const first = browser.open()
  const { sessionId } = await first.client.ready()
  first.client.stop()
  browser.seen.length = 0
  const page = browser.open({ enabled: false })
  page.client.forget()
  await answered()
  page.client.stop()
  expect(browser.calls()).toEqual(['DELETE'])
  const next = browser.open()
  expect((await next.client.ready()).sessionId).not.toBe(sessionId)
  expect(next.events).toMatchObject([{ type: 'created' }])
  next.client.stop()
})

test('eraseOnServer: forget() on a page that was opened without consent erases the session of an earlier visit', async () => {
  const browser = openBrowser()
  const first = browser.open({ resume: false, eraseOnServer: true })
  await first.client.ready()
  first.client.stop()
  browser.seen.length = 0
  const page = browser.open({ resume: false, eraseOnServer: true, enabled: false })
  page.client.forget()
  await answered()
  page.client.stop()
  expect(browser.calls()).toEqual(['DELETE'])
})

test('forget() on a page without consent ends the session that another tab has begun since', async () => {
  const browser = openBrowser()
  const page = browser.open()
  const { sessionId: first } = await page.client.ready()
  page.client.setEnabled(false)
  const other = browser.open()
  const { sessionId: second } = await other.client.reset()
  other.client.stop()
  page.client.forget()
  await answered()
  page.client.stop()
  const next = browser.open()
  const { sessionId: third } = await next.client.ready()
  next.client.stop()
  expect(new Set([first, second, third]).size).toBe(3)
})

test('no session is wanted back while one is still to be erased, also on a later load', async () => {
  const browser = openBrowser()
  const first = browser.open()
  const { sessionId } = await first.client.ready()
  browser.fault.erasureStatus = 503
  first.client.forget()
  await answered()
  first.client.stop()
  const next = browser.open()
  expect((await next.client.ready()).sessionId).not.toBe(sessionId)
  next.client.stop()
})
