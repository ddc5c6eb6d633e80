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

/** Every answer that the document promises: [method, target, expected status, init, options]. */
const cases: [string, string, number, RequestInit?, object?][] = [
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
  ['GET', '/sessions/new', 405],
  ['GET', '/elsewhere', 404],
]

describe('the OpenAPI document is true', () => {
  test.each(cases)(
    '%s %s answers %i, as documented',
    async (method, target, status, init = {}, options = {}) => {
      const handle = createSessionHandler({ store: memoryStore(), ...options })
      const answer = await handle(new Request(`http://api.test${target}`, { method, ...init }))
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
    expect(Object.keys(openApi.paths)).toEqual(['/sessions/new', '/sessions/{sessionId}', '/healthz'])
  })
})
