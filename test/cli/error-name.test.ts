import { describe, expect, test } from 'vitest'
import { nameError } from '../../src/cli/error-name.ts'

const named = (name: string, message: string) => Object.assign(new Error(message), { name })
const coded = (code: string, message = 'canary') => Object.assign(new Error(message), { code })
const caused = (cause: unknown) => new Error('canary', { cause })

describe('the name of an error in the log', () => {
  test.each([
    ['the class alone where nothing more is known', new TypeError('canary'), 'TypeError'],
    ['a code of the system or of SQLite', coded('SQLITE_FULL'), 'Error SQLITE_FULL'],
    ['the code of what caused it', caused(coded('ECONNREFUSED')), 'Error ECONNREFUSED'],
    ['what Redis answers, by its first word', named('ReplyError', 'OOM canary'), 'ReplyError OOM'],
    ['what Redis answered at sign-in', caused(named('ReplyError', 'WRONGPASS canary')), 'Error WRONGPASS'],
    ['no word that is none of the codes of Redis', named('ReplyError', 'canary OOM'), 'ReplyError'],
    [
      'the class of what caused it',
      caused(named('ClusterAllFailedError', 'canary')),
      'Error ClusterAllFailedError',
    ],
    [
      'both codes, of an error and of what caused it',
      Object.assign(caused(coded('ECONNREFUSED')), { code: 'REDIS_UNREACHABLE' }),
      'Error REDIS_UNREACHABLE ECONNREFUSED',
    ],
    ['no cause that has neither code nor class', caused(new Error('canary')), 'Error'],
    ['no code that is no word', coded('canary at redis://me:canary@h'), 'Error'],
    ['no name that is no word', named('canary of redis://me:canary@h', ''), 'Error'],
    ['a cause that says nothing', caused('canary'), 'Error'],
    ['what is no error at all', 'canary', 'unknown'],
  ])('has %s', (_, error, expected) => {
    expect(nameError(error)).toBe(expected)
  })
})
