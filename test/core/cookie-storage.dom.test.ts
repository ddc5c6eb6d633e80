import { cookieStorage } from 'storefront-session/core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { withSessionApi } from '../support/session-setup.ts'

const session = withSessionApi()
const cookies = () => new Map(document.cookie.split('; ').map((one) => one.split('=') as [string, string]))

/** What is written into `document.cookie` from now on. */
function watchCookies() {
  const written: string[] = []
  const descriptor = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie')
  vi.spyOn(document, 'cookie', 'set').mockImplementation((value) => {
    written.push(value)
    descriptor?.set?.call(document, value)
  })
  return written
}

beforeEach(() => {
  for (const name of cookies().keys()) {
    // biome-ignore lint/suspicious/noDocumentCookie: as old as the browsers of our users
    document.cookie = `${name}=; max-age=0; path=/`
  }
})
afterEach(() => {
  vi.restoreAllMocks()
})

test('cookieStorage keeps the plain id in a script cookie that is named by its key', async () => {
  const client = session.open({ storage: cookieStorage() })
  client.start()
  const { sessionId } = await client.ready()
  expect(cookies().get('storefront-session')).toBe(sessionId)
  expect([...cookies().keys()].sort()).toEqual(['storefront-session', 'storefront-session%3Aat'])
  expect(Object.keys(localStorage)).toEqual([])
  expect(client.getState().persistence).toBe('custom')
})

test.each([
  [{ storageKey: 'my shop' }, 'my%20shop'],
  [{ tenantId: 'a/b' }, 'storefront-session%40a%252Fb'],
])('cookieStorage percent-encodes the name: %o', async (options, name) => {
  const client = session.open({ storage: cookieStorage(), ...options })
  client.start()
  const { sessionId } = await client.ready()
  expect(cookies().get(name)).toBe(sessionId)
  expect(session.open({ storage: cookieStorage(), ...options }).getState().sessionId).toBe(sessionId)
})

test('the session in a cookie is there on the next page, and asks for nothing', async () => {
  const first = session.open({ storage: cookieStorage() })
  first.start()
  const { sessionId } = await first.ready()
  first.stop()
  session.api.seen.length = 0
  const next = session.open({ storage: cookieStorage() })
  next.start()
  expect(next.getState()).toMatchObject({ status: 'ready', sessionId })
  await next.ready()
  expect(session.api.calls()).toEqual([])
})

test('what waits to be sent stays in localStorage, and survives a reload', async () => {
  const first = session.open({ storage: cookieStorage() })
  first.start()
  await first.ready()
  session.api.fault = ({ method }) => (method === 'POST' ? new Response('{}', { status: 503 }) : undefined)
  void first.associate({ customerId: 'ada' })
  await vi.waitFor(() => expect(first.getState().error).not.toBeNull())
  expect(localStorage.getItem('storefront-session:customerId')).toMatch(/ ada$/)
  expect(document.cookie).not.toContain('ada')
  first.stop()
  session.api.fault = undefined
  const next = session.open({ storage: cookieStorage() })
  next.start()
  await vi.waitFor(() =>
    expect(next.getState()).toMatchObject({ isAssociating: false, session: { customerId: 'ada' } }),
  )
})

test('reset() writes another id into the cookie, and forget() removes all cookies', async () => {
  const client = session.open({ storage: cookieStorage() })
  client.start()
  const before = await client.ready()
  const after = await client.reset()
  expect(after.sessionId).not.toBe(before.sessionId)
  expect(cookies().get('storefront-session')).toBe(after.sessionId)
  client.forget()
  expect(document.cookie).toBe('')
  expect(localStorage).toHaveLength(0)
})

test('the options of cookieStorage are the attributes of each cookie, when it is written and when it is removed', () => {
  const written = watchCookies()
  const storage = cookieStorage({
    domain: 'shop.example',
    path: '/lamps',
    maxAgeSec: 3_600,
    secure: true,
    sameSite: 'strict',
  })
  storage.setItem('storefront-session', 'session-1')
  storage.removeItem('storefront-session')
  for (const cookie of written) {
    expect(cookie).toMatch(/; *domain=shop\.example/i)
    expect(cookie).toMatch(/; *path=\/lamps/i)
    expect(cookie).toMatch(/; *secure/i)
    expect(cookie).toMatch(/; *samesite=strict/i)
  }
  expect(written[0]).toMatch(/^storefront-session=session-1;.*max-age=3600/i)
  expect(written[1]).toMatch(/^storefront-session=;.*(max-age=(0|-1)|expires=)/i)
})

test('without options a cookie is seen on every path, and outlives the browser window', () => {
  const written = watchCookies()
  cookieStorage().setItem('storefront-session', 'session-1')
  expect(written[0]).toMatch(/; *path=\/(;|$)/i)
  expect(written[0]).toMatch(/max-age=[1-9]\d*|expires=/i)
})

test('cookies with a similar name, and a value that can not be decoded, are not taken for ours', () => {
  for (const cookie of [
    'xstorefront-session=a',
    'storefront-session2=b',
    'storefront-session%3Aat=%E0%A4%A',
  ]) {
    // biome-ignore lint/suspicious/noDocumentCookie: as old as the browsers of our users
    document.cookie = cookie
  }
  const storage = cookieStorage()
  expect(storage.getItem('storefront-session')).toBeNull()
  expect(session.open({ storage }).getState()).toMatchObject({ status: 'pending', sessionId: null })
})

test('a browser that keeps no cookies means memory, one event and no exception', async () => {
  vi.spyOn(document, 'cookie', 'set').mockReturnValue()
  const client = session.open({ storage: cookieStorage() })
  client.start()
  await client.ready()
  expect(client.getState()).toMatchObject({ status: 'ready', persistence: 'memory' })
  expect(session.events.filter(({ type }) => type === 'storage-unavailable')).toHaveLength(1)
})
