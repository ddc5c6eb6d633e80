import { createSessionHandler, memoryStore, type SessionStore } from 'storefront-session/server'
import { describe, expect, test } from 'vitest'
import { createAnswerCheck, openApi } from './support/openapi.ts'

const broken = () => Promise.reject(new Error('down'))
const brokenStore: SessionStore = {
  create: broken,
  get: broken,
  associate: broken,
  remove: broken,
  find: broken,
  scan: broken,
  close: () => Promise.resolve(),
}
const buggyStore = { ...brokenStore, create: () => Promise.resolve(JSON.parse('{"createdAt":"never"}')) }

const ID = 'an-id-that-is-well-formed'
const JSON_TYPE = { 'content-type': 'application/json' }
const check = createAnswerCheck()

const NAMED = { headers: { gkc_customerId: 'c' } }
/** A limit that is reached at the second request. */
const FULL = { create: '1/1d', use: '1/1d', by: () => 'everybody' }

type Case = [method: string, target: string, status: number, init?: RequestInit, options?: object]

/** Every answer that the document promises. */
const cases: Case[] = [
  ['PUT', '/sessions/new', 200, { headers: { gkc_customerId: 'c', gkc_agentId: 'a' } }],
  [
    'PUT',
    '/sessions/new?tenantId=t',
    200,
    { headers: JSON_TYPE, body: '{"visitId":"v","globalVisitId":"g"}' },
  ],
  ['PUT', '/sessions/new', 400, { headers: JSON_TYPE, body: '[]' }],
  ['PUT', '/sessions/new', 413, { headers: JSON_TYPE, body: ' '.repeat(20_000) }],
  ['PUT', '/sessions/new', 415, { headers: { 'content-type': 'text/plain' }, body: '{}' }],
  ['PUT', '/sessions/new', 503, {}, { store: brokenStore }],
  ['PUT', '/sessions/new', 500, {}, { store: buggyStore }],
  ['OPTIONS', '/sessions/new', 204],
  ['POST', `/sessions/${ID}`, 200, { headers: { gkc_customerId: 'c' } }],
  ['POST', `/sessions/${ID}`, 400, { headers: { gkc_customerId: 'c c' } }],
  ['POST', `/sessions/${ID}`, 404, {}, { createOnAssociate: false }],
  ['POST', `/sessions/${ID}`, 413, { headers: JSON_TYPE, body: ' '.repeat(20_000) }],
  ['POST', `/sessions/${ID}`, 415, { headers: { 'content-type': 'text/html' }, body: '{}' }],
  ['POST', `/sessions/${ID}`, 503, {}, { store: brokenStore }],
  ['GET', `/sessions/${ID}`, 404],
  ['GET', '/sessions/short', 400],
  ['GET', `/sessions/${ID}`, 503, {}, { store: brokenStore }],
  ['HEAD', `/sessions/${ID}`, 404],
  ['HEAD', '/sessions/short', 400],
  ['OPTIONS', `/sessions/${ID}`, 204],
  ['DELETE', `/sessions/${ID}`, 405],
  ['DELETE', `/sessions/${ID}`, 204, {}, { deletable: true }],
  ['DELETE', `/sessions/${ID}`, 204, { headers: { cookie: `sid=${ID}` } }, { cookie: {} }],
  ['DELETE', '/sessions/short', 400, {}, { deletable: true }],
  ['DELETE', `/sessions/${ID}`, 503, {}, { deletable: true, store: brokenStore }],
  ['PUT', '/sessions/new', 200, {}, { cookie: {} }],
  ['PUT', '/sessions/new', 200, { headers: JSON_TYPE, body: `{"resume":true,"previousSessionId":"${ID}"}` }],
  ['PUT', '/sessions/new', 400, { headers: JSON_TYPE, body: '{"resume":1}' }],
  ['PUT', '/sessions/new?tenantId=%00', 400],
  ...(['PUT', 'POST'] as const).flatMap((method): Case[] => {
    const path = method === 'PUT' ? '/sessions/new' : `/sessions/${ID}`
    return [
      [method, path, 403, NAMED, { verifyCustomer: () => false }],
      [method, path, 503, NAMED, { verifyCustomer: broken }],
      [method, path, 409, NAMED, { onAssociate: broken }],
    ]
  }),
  ...(['PUT', 'GET', 'HEAD', 'POST', 'DELETE'] as const).flatMap((method): Case[] => {
    const path = method === 'PUT' ? '/sessions/new' : `/sessions/${ID}`
    return [
      [method, path, 403, { headers: { 'sec-fetch-site': 'cross-site' } }, { deletable: true }],
      [method, path, 429, {}, { deletable: true, limit: FULL }],
    ]
  }),
  ['GET', '/livez', 200, {}, { store: brokenStore }],
  ['HEAD', '/livez', 200],
  ...['/readyz', '/healthz'].flatMap((path): Case[] => [
    ['GET', path, 200],
    ['HEAD', path, 200],
    ['OPTIONS', path, 204],
    ['POST', path, 405],
    ['GET', path, 503, {}, { store: brokenStore }],
    ['HEAD', path, 503, {}, { store: brokenStore }],
  ]),
  ['GET', '/sessions/new', 405],
  ['GET', '/elsewhere', 404],
]

describe('the OpenAPI document is true', () => {
  test.each(cases)(
    '%s %s answers %i, as documented',
    async (method, target, status, init = {}, options = {}) => {
      const handle = createSessionHandler({ store: memoryStore(), ...options })
      const ask = () => handle(new Request(`http://api.test${target}`, { method, ...init }))
      if (status === 429) await ask()
      const answer = await ask()
      expect(answer.status).toBe(status)
      const seen = { method, target, status, headers: answer.headers, text: await answer.text() }
      expect(check(seen)).toBeNull()
    },
  )

  test('an answer that is not in it is found out', () => {
    const headers = new Headers({ 'content-type': 'application/json; charset=utf-8' })
    const seen = { method: 'PUT', target: '/sessions/new', status: 200, headers }
    const response = {
      sessionId: ID,
      createdAt: new Date().toISOString(),
      expiresAt: new Date().toISOString(),
    }
    const text = (body: object) => JSON.stringify(body)
    expect(check({ ...seen, text: text({ statusCode: 0, response }) })).toBeNull()
    expect(check({ ...seen, text: text({ statusCode: 1, response }) })).toMatch(/constant/)
    expect(check({ ...seen, text: text({ statusCode: 0, response: { ...response, x: 1 } }) })).toMatch(
      /additional/,
    )
    expect(
      check({ ...seen, text: text({ statusCode: 0, response: { ...response, createdAt: 'now' } }) }),
    ).toMatch(/date-time/)
    expect(check({ ...seen, status: 418, text: '{}' })).toMatch(/not documented/)
    expect(check({ ...seen, method: 'HEAD', target: `/sessions/${ID}`, text: 'x' })).toMatch(/body/)
  })

  test('its routes are the routes of the API', () => {
    expect(Object.keys(openApi.paths)).toEqual([
      '/sessions/new',
      '/sessions/{sessionId}',
      '/livez',
      '/readyz',
      '/healthz',
    ])
  })
})
