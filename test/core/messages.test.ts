import { createSessionClient, type SessionClientOptions, type SessionError } from 'storefront-session/core'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openBrowser } from './support/client-page.ts'

const API = 'https://shop.example/gks-server/v1'
beforeEach(() => {
  vi.stubEnv('NODE_ENV', 'development')
  vi.spyOn(console, 'warn').mockReturnValue()
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

const troubles: [string, string, (request: Request) => Response | Promise<Response>][] = [
  ['http', 'an answer 404', () => new Response('<!doctype html>', { status: 404 })],
  ['http', 'an answer 401', () => Response.json({ message: 'no' }, { status: 401 })],
  ['http', 'an answer 503', () => new Response('', { status: 503 })],
  ['invalid-response', 'the page of a shop', () => new Response('<!doctype html>')],
  ['network', 'no answer', () => Promise.reject(new TypeError('Failed to fetch'))],
  ['timeout', 'an answer that never comes', () => new Promise(() => undefined)],
]

/** The error of a page whose API has this trouble with such a call. */
async function errorOf(method: string, trouble: (request: Request) => Response | Promise<Response>) {
  const browser = openBrowser()
  if (method === 'GET') browser.store('stored-session-1')
  const { client } = browser.open({
    baseUrl: API,
    tenantId: 'lamps-and-more',
    ...(method !== 'PUT' && { storageKey: 'storefront-session' }),
    retry: 0,
    timeoutMs: 30,
    fetch: async (input, init) => {
      const request = new Request(input, init)
      if (request.method === method) return trouble(request)
      return Response.json({ statusCode: 0, response: { sessionId: 'stored-session-1' } })
    },
  })
  client.start()
  if (method === 'POST') {
    await client.ready()
    client.associate({ customerId: 'ada-lovelace', visitId: 'visit-1' }).catch(() => undefined)
  }
  await expect.poll(() => client.getState().error).not.toBeNull()
  const { error } = client.getState()
  client.stop()
  return error as SessionError // polled for just now
}

describe.each(['PUT', 'GET', 'POST'])('the message of a failed %s', (method) => {
  test.each(troubles)(
    '(%s, %s) names the method and the URL, and says what to do',
    async (code, _, trouble) => {
      const error = await errorOf(method, trouble)
      expect(error.code).toBe(code)
      expect(error.message).toContain(`${method} ${API}/sessions/${method === 'PUT' ? 'new' : ''}`)
      // What happened, and then what to do: two sentences at least.
      expect(error.message).toMatch(/[.?!:] +\S.*/)
      expect(error.message).not.toMatch(/stored-session-1|ada-lovelace|visit-1|lamps-and-more|\?tenantId/)
    },
  )
})

test('F188: the message of a PUT that is answered 404 is the one that the documentation shows', async () => {
  const { message } = await errorOf('PUT', () => new Response(null, { status: 404 }))
  const shown = `PUT ${API}/sessions/new answered 404. Is baseUrl right, and does the API run there? Try: npx storefront-session doctor ${API}`
  expect(message.slice(0, shown.length)).toBe(shown)
})

test('the message of a relative address is of use, too', async () => {
  const browser = openBrowser()
  browser.setFault(() => new Response(null, { status: 404 }))
  const error: SessionError = await browser
    .open({ retry: 0 })
    .client.ready()
    .then(
      () => undefined,
      (caught) => caught,
    )
  expect(error.message).toMatch(/PUT (https:\/\/shop\.example)?\/api\/sessions\/new answered 404/)
})

test('the cause of an error is kept', async () => {
  const cause = new TypeError('Failed to fetch')
  expect((await errorOf('PUT', () => Promise.reject(cause))).cause).toBe(cause)
})

/** The error that an option meets. */
function refusal(options: object): SessionError | undefined {
  try {
    createSessionClient({ baseUrl: API, ...options } as SessionClientOptions)
  } catch (error) {
    return error as SessionError // the assertions look at what it is
  }
  return
}

test.each([
  ['baseUrl', { baseUrl: 'localhost:4000' }, /localhost:4000/, /\/gks-server\/v1|path|https?:/],
  ['baseUrl', { baseUrl: undefined }, /undefined/, /path|https?:/],
  ['create', { create: 'browser' }, /browser/, /server.*client/],
  ['storage', { storage: 'cookie' }, /cookie/, /local.*session.*memory/],
  ['attach', { attach: null }, /null/, /an object such as/],
  ['attach', { attach: '/api' }, /\/api/, /an object such as/],
  ['attach.as', { attach: { as: 'cookie' } }, /cookie/, /query.*header/],
  ['timeoutMs', { timeoutMs: -1 }, /-1/, /0|positive/],
  ['retry', { retry: Number.NaN }, /NaN/, /0/],
  ['agentId', { agentId: 'ä' }, /ä/, /256|ASCII/],
])(
  'an option error names the option %s, the value given and what is allowed: %o',
  (name, options, value, allowed) => {
    const error = refusal(options)
    expect(error).toMatchObject({ name: 'SessionError', code: 'invalid-input' })
    expect(error?.message).toContain(name)
    expect(error?.message).toMatch(value)
    expect(error?.message).toMatch(allowed)
  },
)

describe('in production', () => {
  beforeEach(() => {
    vi.stubEnv('NODE_ENV', 'production')
  })

  test('an error keeps its code, its status and its cause', async () => {
    expect(await errorOf('PUT', () => new Response('', { status: 404 }))).toMatchObject({
      name: 'SessionError',
      code: 'http',
      status: 404,
    })
    const cause = new TypeError('Failed to fetch')
    expect(await errorOf('GET', () => Promise.reject(cause))).toMatchObject({ code: 'network', cause })
  })

  test('baseUrl and storageKey are checked', () => {
    for (const options of [{ baseUrl: undefined }, { baseUrl: 'localhost:4000' }, { storageKey: '' }])
      expect(refusal(options)).toMatchObject({ name: 'SessionError', code: 'invalid-input' })
  })
})
