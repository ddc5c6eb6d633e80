import { memoryStore } from 'storefront-session/server'
import { describe, expect, test } from 'vitest'
import { createSession, sessionOf, UNKNOWN_ID, waysIn } from './support/ways-in.ts'

const SHOP = 'https://shop.example'
const CROSS_SITE = { 'sec-fetch-site': 'cross-site' }

describe.each(waysIn)('a request that the browser marks as cross-site, asked through %s,', (_, open) => {
  test('F132: is refused with 403 and changes nothing', async () => {
    const store = memoryStore()
    const ask = await open({ store, deletable: true })
    const sessionId = await createSession(ask)
    for (const [method, path] of [
      ['PUT', '/sessions/new'],
      ['POST', `/sessions/${sessionId}`],
      ['POST', `/sessions/${UNKNOWN_ID}`],
      ['GET', `/sessions/${sessionId}`],
      ['DELETE', `/sessions/${sessionId}`],
    ] as const) {
      const headers = { ...CROSS_SITE, origin: 'https://evil.example', gkc_customerId: 'evil' }
      const refused = await ask(method, path, { headers })
      expect([method, refused.status, await refused.json()]).toEqual([
        method,
        403,
        { statusCode: 9, description: 'Pages of other sites may not use this API' },
      ])
    }
    expect(await sessionOf(await ask('GET', `/sessions/${sessionId}`))).not.toHaveProperty('customerId')
    expect((await store.scan()).sessions).toHaveLength(1)
  })

  test('is refused without an origin too, as a link or a form of another site sends it', async () => {
    const ask = await open({ store: memoryStore(), cors: { origins: [SHOP] } })
    expect((await ask('POST', `/sessions/${UNKNOWN_ID}`, { headers: CROSS_SITE })).status).toBe(403)
  })

  test('is answered where CORS names its origin', async () => {
    const ask = await open({ store: memoryStore(), cors: { origins: [SHOP] } })
    const put = (origin: string) => ask('PUT', '/sessions/new', { headers: { ...CROSS_SITE, origin } })
    expect((await put(SHOP)).status).toBe(200)
    expect((await put('https://shop.example.evil.example')).status).toBe(403)
  })

  test('is answered as a preflight', async () => {
    const ask = await open({ store: memoryStore(), cors: { origins: [SHOP] } })
    const headers = { ...CROSS_SITE, origin: SHOP, 'access-control-request-method': 'PUT' }
    const preflight = await ask('OPTIONS', '/sessions/new', { headers })
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, SHOP])
    const foreign = await ask('OPTIONS', '/sessions/new', {
      headers: { ...headers, origin: 'https://x.example' },
    })
    expect(foreign.status).toBe(204)
  })

  test.each(['same-origin', 'same-site', 'none'])('is any other one than %s', async (site) => {
    const ask = await open({ store: memoryStore() })
    expect((await ask('PUT', '/sessions/new', { headers: { 'sec-fetch-site': site } })).status).toBe(200)
  })

  test('may ask for health, as a person does who follows a link', async () => {
    const ask = await open({ store: memoryStore() })
    expect((await ask('GET', '/readyz', { headers: CROSS_SITE })).status).toBe(200)
  })
})

test('a request without that header is answered whatever its Origin and Host say', async () => {
  for (const [, open] of waysIn) {
    const ask = await open({ store: memoryStore() })
    const answer = await ask('PUT', '/sessions/new', { headers: { origin: 'https://elsewhere.example' } })
    expect(answer.status).toBe(200)
  }
})
