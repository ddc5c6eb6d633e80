import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseSessionInfo, readAnswer } from '../../src/wire/answer.ts'
import { SessionError } from '../../src/wire/session-error.ts'

const NOW = Date.UTC(2026, 0, 1)
const ID = 'AbC-123_x.y~z'
const INFO = {
  sessionId: ID,
  customerId: 'ada',
  agentId: 'bob',
  visitId: 'v1',
  globalVisitId: 'g1',
  extra: [1],
}

const read = (body: unknown, status = 200, headers: HeadersInit = {}) =>
  readAnswer(
    { status, headers: new Headers(headers) },
    typeof body === 'string' ? body : JSON.stringify(body),
    NOW,
    { method: 'GET', url: 'https://api.test/v1/sessions/{sessionId}' },
  )

function failure(...answer: Parameters<typeof read>): SessionError {
  try {
    read(...answer)
  } catch (error) {
    if (error instanceof SessionError) return error
    throw error
  }
  throw new Error('The answer was taken for a session')
}

test.each([
  ['under response', { statusCode: 0, response: INFO }],
  ['under data', { status: 'ok', data: INFO }],
  ['bare', INFO],
  ['with a description beside it', { statusCode: 0, description: 'OK', response: INFO }],
])('the payload is read %s, unknown fields untouched', (_, body) => {
  expect(read(body)).toEqual(INFO)
  expect(read(body, 201)).toEqual(INFO)
})

test.each(['response', 'data'])('a bare payload may have an unknown field that is called %s', (field) => {
  const body = { ...INFO, [field]: { tier: 3 } }
  expect(read(body)).toEqual(body)
})

describe('lost: the API does not know the id', () => {
  test.each([
    ['404 with our error', { statusCode: 6, description: 'Session not found' }, 404],
    ['404 with any JSON', {}, 404],
    ['404 with JSON null', 'null', 404],
    ['404 with an empty body', '', 404],
    ['404 with blanks', ' \n', 404],
    ['410 with JSON', { error: 'gone' }, 410],
    ['410 with an empty body', '', 410],
    ['200 with a description', { statusCode: 6, description: 'Session not found' }, 200],
    ['200 in capitals', { statusCode: 6, description: 'SESSION NOT FOUND' }, 200],
    ['200 with an empty response', { statusCode: 6, description: 'Session not found', response: null }, 200],
  ])('%s', (_, body, status) => {
    expect(failure(body, status)).toMatchObject({ code: 'session-not-found', status })
  })
})

describe('F86: an error of the API, which is no verdict about the id', () => {
  test.each([
    ['404 with a page of HTML', '<!doctype html><title>Session not found</title>', 404],
    ['410 with a page of HTML', '<html>', 410],
    ['400', { statusCode: 1, description: 'Bad id' }, 400],
    ['400 that speaks of a session not found', { description: 'Session not found' }, 400],
    ['401', '', 401],
    ['403 with HTML', '<html>', 403],
    ['500 with an empty body', '', 500],
    ['500 around a session', { response: INFO }, 500],
    ['502 with HTML', '<html>', 502],
    ['200 with a code and a description', { statusCode: 3, description: 'Database down' }, 200],
  ])('%s', (_, body, status) => {
    expect(failure(body, status)).toMatchObject({ code: 'http', status })
  })
})

describe('an answer that is no session', () => {
  test.each([
    ['an empty body', ''],
    ['a page of HTML', '<!doctype html>'],
    ['JSON cut short', '{"response":{"sessionId":"abc"'],
    ['null', 'null'],
    ['a number', '1'],
    ['true', 'true'],
    ['a string', '"abc"'],
    ['an array', []],
    ['an array of sessions', [INFO]],
    ['an empty object', {}],
    ['an empty payload', { response: {} }],
    ['a list as payload', { response: [INFO] }],
    ['a string as payload', { response: ID }],
    ['an id under another name', { response: { id: ID } }],
    ['an id that is a number', { response: { sessionId: 1 } }],
    ['an id that is null', { response: { sessionId: null } }],
    ['an empty id', { response: { sessionId: '' } }],
    ['the id new', { response: { sessionId: 'new' } }],
    ['the id ..', { response: { sessionId: '..' } }],
    ['an id that begins with a dot', { response: { sessionId: '.a' } }],
    ['an id with a slash', { response: { sessionId: 'a/b' } }],
    ['an id with a line break at its end', { response: { sessionId: 'abc\n' } }],
    ['an id with a percent sign', { response: { sessionId: 'a%2Fb' } }],
    ['an id of 257 characters', { response: { sessionId: 'a'.repeat(257) } }],
    ['a customer that is a number', { response: { ...INFO, customerId: 7 } }],
    ['an agent that is an object', { response: { ...INFO, agentId: {} } }],
    ['a visit that is a list', { response: { ...INFO, visitId: ['v1'] } }],
    ['a global visit that is true', { response: { ...INFO, globalVisitId: true } }],
  ])('%s', (_, body) => {
    expect(failure(body)).toMatchObject({ code: 'invalid-response', status: 200 })
  })
})

test.each([
  ['5', 5_000],
  ['0', 0],
  [new Date(NOW + 7_000).toUTCString(), 7_000],
  ['86400', 300_000],
  [new Date(NOW - 7_000).toUTCString(), undefined],
  ['soon', undefined],
  ['-5', undefined],
  ['12', 12_000],
  // A date for the parser, no number of seconds.
  ['1 Jan 2026 00:00:09 GMT', 9_000],
  ['Thu, 01 Jan 2026 00:00:03 +0000', 3_000],
  ['', undefined],
])('F54: Retry-After %s is %s ms', (value, expected) => {
  expect(failure('', 503, { 'retry-after': value }).retryAfterMs).toBe(expected)
})

test.each([
  ['description', { statusCode: 6, description: 'Session not found' }],
  ['message', { code: 6, message: 'Session not found' }],
  ['response.description', { response: { statusCode: 6, description: 'Session not found' } }],
  ['data.description', { data: { statusCode: 6, description: 'Session not found' } }],
])('F87: "Session not found" inside a 200 is read from %s', (_, body) => {
  expect(failure(body)).toMatchObject({ code: 'session-not-found', status: 200 })
})

test.each([
  ['a session that is unknown', { statusCode: 6 }, 404, 'answered that the session is unknown (404)'],
  ['an error', '', 503, 'answered 503. The log of the API says why.'],
  ['a page of HTML', '<html>', 200, 'answered 200, but not with a session. Is baseUrl right'],
])('the message about %s names the call, the answer and the remedy', (_, body, status, said) => {
  const { message } = failure(body, status)
  expect(message).toContain(`GET https://api.test/v1/sessions/{sessionId} ${said}`)
  expect(message).toMatch(/See https:\/\/\S+\/errors\/[a-z-]+$/)
})

test.each([
  ['of two members by one name the last one counts', `{"sessionId":"first","sessionId":"${ID}"}`, ID],
  ['a number that JSON has not', '{"sessionId":NaN}', undefined],
  ['UTF-16 read as UTF-8', `{\0"\0s\0e\0`, undefined],
  ['half a document', `{"sessionId":"${ID}"`, undefined],
])('F84: %s', (_, body, sessionId) => {
  if (sessionId) expect(read(body)).toEqual({ sessionId })
  else expect(failure(body)).toMatchObject({ code: 'invalid-response' })
})

test('fields that are null count as absent', () => {
  expect(parseSessionInfo({ sessionId: ID, customerId: null, visitId: null })).toEqual({ sessionId: ID })
})

test('an id of 256 characters is one', () => {
  expect(parseSessionInfo({ sessionId: 'a'.repeat(256) })).toEqual({ sessionId: 'a'.repeat(256) })
})

test('F89, F156: no error message repeats what the server sent', () => {
  const { message } = failure({ statusCode: 1, description: 'customer ada-lovelace is unknown' }, 400)
  expect(message).not.toContain('ada')
})

test('F79, F80, F83: whatever the server answers, the outcome is a session with a valid id or a SessionError', () => {
  const payload = fc.oneof(
    fc.jsonValue(),
    fc.record({ sessionId: fc.oneof(fc.stringMatching(/^[\w.~-]{0,9}$/), fc.jsonValue()) }),
  )
  const body = fc.oneof(
    fc.string(),
    payload.map((value) => JSON.stringify(value)),
    payload.map((response) => JSON.stringify({ statusCode: 0, response })),
    payload.map((data) => JSON.stringify({ status: 0, data })),
  )
  fc.assert(
    fc.property(body, fc.integer({ min: 200, max: 599 }), (text, status) => {
      let info: unknown
      try {
        info = read(text, status)
      } catch (error) {
        expect(error).toBeInstanceOf(SessionError)
        return
      }
      expect(status).toBeLessThan(400)
      expect(info).toHaveProperty('sessionId', expect.stringMatching(/^(?!new$)[\w-][\w.~-]{0,255}$/))
    }),
  )
})
