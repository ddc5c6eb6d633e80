import { createSessionClient } from 'storefront-session/core'
import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllGlobals()
})

const nothing = () => undefined
const document = { baseURI: 'https://shop.example/', visibilityState: 'visible', addEventListener: nothing }

/** Globals of runtimes that are no browser, though each has something of one. */
const RUNTIMES: Record<string, Record<string, unknown>> = {
  'a plain server': {},
  'a server with an empty window': { window: {} },
  'React Native': {
    window: { fetch: nothing, navigator: { product: 'ReactNative' } },
    navigator: { product: 'ReactNative' },
  },
  'a server whose window has a location': { window: { location: { href: 'https://shop.example/' } } },
  'a server whose window has a document, but hears no events': { window: { document }, document },
  'a server whose window hears events, but has no document': {
    window: { addEventListener: nothing, removeEventListener: nothing },
    addEventListener: nothing,
  },
  'a worker': { self: {}, addEventListener: nothing, removeEventListener: nothing, postMessage: nothing },
  'a window without fetch': {
    window: { document, addEventListener: nothing },
    document,
    addEventListener: nothing,
    fetch: undefined,
  },
}

/** A client of this runtime, and the requests that it sends. */
function openIn(runtime: string, options = {}) {
  for (const [name, value] of Object.entries(RUNTIMES[runtime] ?? {})) vi.stubGlobal(name, value)
  const stored: unknown[] = []
  const storage = {
    getItem: () => null,
    setItem: (...args: unknown[]) => void stored.push(args),
    removeItem: nothing,
  }
  vi.stubGlobal('localStorage', storage)
  const sent: string[] = []
  const client = createSessionClient({
    baseUrl: 'https://shop.example/api',
    fetch: async (input) => {
      sent.push(String((input as Request).url ?? input))
      return new Response('fine')
    },
    ...options,
  })
  return { client, sent, stored }
}

test.each(Object.keys(RUNTIMES))(
  'F187: %s is treated as a server: no session is created there',
  async (runtime) => {
    const { client, sent, stored } = openIn(runtime)
    expect(client.getState()).toMatchObject({ status: 'pending', sessionId: null })
    client.start()
    await expect(client.ready()).rejects.toMatchObject({ code: 'disabled' })
    await expect(client.associate({ visitId: 'v1' })).rejects.toMatchObject({ code: 'disabled' })
    client.identify('ada')
    client.setEnabled(false)
    client.setEnabled(true)
    client.forget()
    client.stop()
    expect([sent, stored, client.getState().sessionId]).toEqual([[], [], null])
  },
)

test.each(Object.keys(RUNTIMES))(
  'F187: in %s client.fetch sends what it is given, as it is',
  async (runtime) => {
    const { client, sent } = openIn(runtime)
    for (const input of [
      'https://shop.example/api/cart?a=1',
      'https://elsewhere.example/',
      new URL('https://shop.example/api/cart'),
      '/api/cart',
    ])
      expect(await (await client.fetch(input)).text()).toBe('fine')
    expect(sent).toEqual([
      'https://shop.example/api/cart?a=1',
      'https://elsewhere.example/',
      'https://shop.example/api/cart',
      '/api/cart',
    ])
  },
)

test.each(Object.keys(RUNTIMES))('F187: %s shows the session that it was given', async (runtime) => {
  const initialSession = { sessionId: 'given-1' }
  const { client } = openIn(runtime, { initialSession })
  client.start()
  expect(client.getState()).toMatchObject({ status: 'ready', sessionId: 'given-1' })
  expect(await client.ready()).toEqual(initialSession)
  expect(await client.settled()).toMatchObject({ status: 'ready', sessionId: 'given-1' })
})

test('a runtime with a document, events and fetch is a browser', async () => {
  const heard: string[] = []
  const listen = (name: string) => void heard.push(name)
  const page = { ...document, addEventListener: listen, removeEventListener: nothing }
  const values = new Map<string, string>()
  const localStorage = {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  }
  const globals = {
    document: page,
    addEventListener: listen,
    removeEventListener: nothing,
    localStorage,
    origin: 'https://shop.example',
  }
  for (const [name, value] of Object.entries({ ...globals, window: { ...globals, fetch } }))
    vi.stubGlobal(name, value)
  const client = createSessionClient({
    baseUrl: 'https://shop.example/api',
    fetch: async () => Response.json({ statusCode: 0, response: { sessionId: 'session-1' } }),
  })
  client.start()
  expect(await client.ready()).toEqual({ sessionId: 'session-1' })
  expect(values.get('storefront-session')).toBe('session-1')
  expect(heard).toContain('storage')
  client.stop()
})
