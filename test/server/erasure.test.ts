import { memoryStore } from 'storefront-session/server'
import { describe, expect, test } from 'vitest'
import { createSession, JSON_TYPE, sessionOf, UNKNOWN_ID, waysIn } from './support/ways-in.ts'

const ALLOW = 'GET, HEAD, POST, OPTIONS'
const ALLOW_DELETE = 'GET, HEAD, POST, DELETE, OPTIONS'

describe.each(waysIn)('DELETE, asked through %s,', (_, open) => {
  test('F210: erases a session with its customer, answers 204 without a body, and 204 again', async () => {
    const ask = await open({ store: memoryStore(), deletable: true })
    const sessionId = await createSession(ask, { headers: { gkc_customerId: 'c-1' } })
    for (let round = 0; round < 2; round++) {
      const erased = await ask('DELETE', `/sessions/${sessionId}`)
      expect([erased.status, await erased.text()]).toEqual([204, ''])
      expect(erased.headers.get('content-type')).toBeNull()
      expect(erased.headers.get('cache-control')).toBe('no-store')
    }
    expect((await ask('GET', `/sessions/${sessionId}`)).status).toBe(404)
  })

  test('F210: an erased session is not made again by a POST that comes late', async () => {
    const ask = await open({ store: memoryStore(), deletable: true })
    const sessionId = await createSession(ask)
    await ask('DELETE', `/sessions/${sessionId}`)
    const late = await ask('POST', `/sessions/${sessionId}`, { headers: { gkc_customerId: 'c-1' } })
    expect([late.status, (await late.json()).statusCode]).toEqual([404, 6])
    expect((await ask('GET', `/sessions/${sessionId}`)).status).toBe(404)
  })

  test('answers 204 for an unknown id, which a late POST does not make either', async () => {
    const ask = await open({ store: memoryStore(), deletable: true })
    expect((await ask('DELETE', `/sessions/${UNKNOWN_ID}`)).status).toBe(204)
    expect((await ask('POST', `/sessions/${UNKNOWN_ID}`)).status).toBe(404)
  })

  test('ignores a body', async () => {
    const ask = await open({ store: memoryStore(), deletable: true })
    const sessionId = await createSession(ask)
    const erased = await ask('DELETE', `/sessions/${sessionId}`, { headers: JSON_TYPE, body: '{"broken' })
    expect(erased.status).toBe(204)
  })

  test('answers 405 with Allow by default, and erases nothing', async () => {
    const ask = await open({ store: memoryStore() })
    const sessionId = await createSession(ask)
    const refused = await ask('DELETE', `/sessions/${sessionId}`)
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, ALLOW])
    expect((await ask('GET', `/sessions/${sessionId}`)).status).toBe(200)
  })

  test('stands in Allow of a session where it works, and of no other path', async () => {
    const ask = await open({ store: memoryStore(), deletable: true })
    const allowed = async (path: string) => (await ask('OPTIONS', path)).headers.get('allow')
    expect(await allowed(`/sessions/${UNKNOWN_ID}`)).toBe(ALLOW_DELETE)
    expect(await allowed('/sessions/new')).toBe('PUT, OPTIONS')
    expect((await ask('DELETE', '/sessions/new')).status).toBe(405)
  })

  test('is allowed by the preflight of an origin on the list, where it works', async () => {
    const origin = 'https://shop.example'
    const ask = await open({ store: memoryStore(), deletable: true, cors: { origins: [origin] } })
    const headers = { origin, 'access-control-request-method': 'DELETE' }
    const preflight = await ask('OPTIONS', `/sessions/${UNKNOWN_ID}`, { headers })
    expect(preflight.headers.get('access-control-allow-methods')).toContain('DELETE')
  })

  test.each(['short', 'constructor', 'healthz-healthz-healthz'])('answers 400 for the id %s', async (id) => {
    const ask = await open({ store: memoryStore(), deletable: true })
    expect((await ask('DELETE', `/sessions/${id}`)).status).toBe(400)
  })

  test('answers 503 where the store does not answer, and tells onError', async () => {
    const errors: unknown[] = []
    const down = () => Promise.reject(new Error('down'))
    const store = { ...memoryStore(), remove: down }
    const ask = await open({ store, deletable: true, onError: (error) => errors.push(error) })
    const refused = await ask('DELETE', `/sessions/${UNKNOWN_ID}`)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
    expect(errors).toEqual([new Error('down')])
  })
})

describe.each(waysIn)('tenants, asked through %s,', (_, open) => {
  const start = async () => {
    const store = memoryStore()
    const ask = await open({ store, deletable: true })
    const sessionId = await createSession(ask, { headers: { gkc_customerId: 'c-1' } }, '?tenantId=eu')
    return { store, ask, path: `/sessions/${sessionId}`, sessionId }
  }
  const OTHERS = ['', '?tenantId=us', '?tenantId=', '?tenantId=EU', '?tenantId=eu%20']

  test('find a session only under the tenant that it was made under', async () => {
    const { ask, path, sessionId } = await start()
    expect(await sessionOf(await ask('GET', `${path}?tenantId=eu`))).toMatchObject({ sessionId })
    for (const query of OTHERS) {
      const answer = await ask('GET', path + query)
      expect([answer.status, (await answer.json()).statusCode]).toEqual([404, 6])
    }
  })

  test('a POST under another tenant answers 404 and changes nothing', async () => {
    const { ask, path } = await start()
    for (const query of OTHERS)
      expect((await ask('POST', path + query, { headers: { gkc_customerId: 'thief' } })).status, query).toBe(
        404,
      )
    expect(await sessionOf(await ask('GET', `${path}?tenantId=eu`))).toMatchObject({ customerId: 'c-1' })
  })

  test('a DELETE under another tenant answers 204, as for an unknown id, and erases nothing', async () => {
    const { ask, path } = await start()
    for (const query of OTHERS) expect((await ask('DELETE', path + query)).status).toBe(204)
    expect((await ask('GET', `${path}?tenantId=eu`)).status).toBe(200)
    expect((await ask('DELETE', `${path}?tenantId=eu`)).status).toBe(204)
    expect((await ask('GET', `${path}?tenantId=eu`)).status).toBe(404)
  })

  test('a session without a tenant is not found under one', async () => {
    const ask = await open({ store: memoryStore() })
    const sessionId = await createSession(ask)
    for (const method of ['GET', 'POST'])
      expect((await ask(method, `/sessions/${sessionId}?tenantId=eu`)).status).toBe(404)
    expect((await ask('GET', `/sessions/${sessionId}?tenantId=`)).status).toBe(200)
  })

  test('a POST of an unknown id makes the session under its tenant', async () => {
    const { ask } = await start()
    await ask('POST', `/sessions/${UNKNOWN_ID}?tenantId=us`)
    expect((await ask('GET', `/sessions/${UNKNOWN_ID}?tenantId=us`)).status).toBe(200)
    expect((await ask('GET', `/sessions/${UNKNOWN_ID}`)).status).toBe(404)
  })

  test('have names of 1 to 256 characters of any language; others are answered with 400', async () => {
    const { ask } = await start()
    for (const name of ['größe/1', 'x'.repeat(256), 'a b']) {
      const query = `?tenantId=${encodeURIComponent(name)}`
      const sessionId = await createSession(ask, {}, query)
      expect((await ask('GET', `/sessions/${sessionId}${query}`)).status).toBe(200)
    }
    for (const name of ['x'.repeat(257), 'a%00b', 'a%0Ab'])
      expect((await ask('PUT', `/sessions/new?tenantId=${name}`)).status).toBe(400)
  })

  test('do not appear in an answer', async () => {
    const { ask, path } = await start()
    expect(await (await ask('GET', `${path}?tenantId=eu`)).text()).not.toContain('tenant')
  })
})

describe.each(waysIn)('previousSessionId, asked through %s,', (_, open) => {
  const previousSessionId = 'the-session-before-this'
  const body = JSON.stringify({ previousSessionId })

  test('of a PUT is kept by the server and not shown to visitors', async () => {
    const store = memoryStore()
    const ask = await open({ store })
    const answer = await ask('PUT', '/sessions/new', { headers: JSON_TYPE, body })
    const text = await answer.text()
    expect(text).not.toContain(previousSessionId)
    const { sessionId } = JSON.parse(text).response
    expect(await store.get(sessionId, null)).toMatchObject({ previousSessionId })
  })

  test('of a POST is ignored', async () => {
    const store = memoryStore()
    const ask = await open({ store })
    expect((await ask('POST', `/sessions/${UNKNOWN_ID}`, { headers: JSON_TYPE, body })).status).toBe(200)
    expect(await store.get(UNKNOWN_ID, null)).not.toHaveProperty('previousSessionId')
  })

  test.each(['"short"', '7', '{}', '"has a space in it, long"', '"new"'])(
    'answers 400 for %s',
    async (value) => {
      const ask = await open({ store: memoryStore() })
      const init = { headers: JSON_TYPE, body: `{"previousSessionId":${value}}` }
      const answer = await ask('PUT', '/sessions/new', init)
      expect([answer.status, (await answer.json()).description]).toEqual([
        400,
        expect.stringContaining('previousSessionId'),
      ])
    },
  )
})
