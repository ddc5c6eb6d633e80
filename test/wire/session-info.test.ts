import { expect, test } from 'vitest'
import { SessionError } from '../../src/wire/session-error.ts'
import {
  checkAssociations,
  fieldsOf,
  isAssociationId,
  isSessionId,
  pickAssociations,
} from '../../src/wire/session-info.ts'

test.each(['a', '_', '-x', 'A.b~c-d_e', 'x'.repeat(256), 'newer', 'a..b'])(
  'F5, F6: %s is a session id',
  (id) => expect(isSessionId(id)).toBe(true),
)

test.each([
  '',
  'new',
  '.',
  '..',
  '~x',
  'a/b',
  'a b',
  'a\n',
  '\na',
  'a%2e',
  'ä',
  'a\0',
  'x'.repeat(257),
  null,
  undefined,
  42,
  {},
  ['abc'],
])('F5, F6: %j is no session id', (id) => expect(isSessionId(id)).toBe(false))

test.each(['!', '~', 'ada@shop.example', 'x'.repeat(256)])('F158: %s is an id to associate', (id) =>
  expect(isAssociationId(id)).toBe(true),
)

test.each(['', ' ', 'a b', ' a', 'a ', 'a\r\n', 'é', 'x'.repeat(257), 42, null, undefined, ['ada']])(
  'F158: %j is no id to associate',
  (id) => expect(isAssociationId(id)).toBe(false),
)

test('what can not be sent is refused by the name of its field, and what is undefined is no field', () => {
  expect(checkAssociations({ customerId: 'ada', visitId: undefined })).toEqual({ customerId: 'ada' })
  for (const field of ['customerId', 'visitId', 'globalVisitId']) {
    const check = () => checkAssociations({ [field]: 'a b' })
    expect(check).toThrow(SessionError)
    expect(check).toThrow(`${field} must be 1 to 256 visible ASCII characters`)
  }
})

test('of a larger object only valid ids are picked', () => {
  expect(pickAssociations({ customerId: 'ada', visitId: 'a b', globalVisitId: 7, other: 'x' })).toEqual({
    customerId: 'ada',
  })
  expect([pickAssociations(null), pickAssociations(undefined)]).toEqual([{}, {}])
  expect(fieldsOf({ globalVisitId: 'g', customerId: 'c', visitId: undefined })).toEqual([
    'customerId',
    'globalVisitId',
  ])
})
