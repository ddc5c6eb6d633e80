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
    ['a cause that says nothing', caused('canary'), 'Error'],
    ['what is no error at all', 'canary', 'unknown'],
  ])('has %s', (_, error, expected) => {
    expect(nameError(error)).toBe(expected)
  })
})
