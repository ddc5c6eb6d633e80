import { describe, expect, test } from 'vitest'
import { createPersistence } from '../../src/core/persistence.ts'
import { createSessionRecord } from '../../src/core/session-record.ts'
import { createEnvironment, createStorage } from './support/simple-environment.ts'

const ID = 'session-1'
const OTHER = 'session-2'

/** Two tabs of one browser. */
function open(stored: Record<string, string> = {}) {
  const storage = createStorage()
  for (const [key, value] of Object.entries(stored)) storage.values.set(key, value)
  let now = 1_000_000
  let random = 0.1
  const tab = (kind: 'local' | 'session' | 'memory' = 'local') => {
    const environment = createEnvironment({
      storage: () => storage,
      now: () => now,
      random: () => {
        random += 0.01
        return random
      },
    })
    return createSessionRecord(environment, createPersistence(environment, 'key', kind))
  }
  return {
    storage,
    record: tab(),
    tab,
    setNow(ms: number) {
      now = ms
    },
  }
}

test('the plain id stands under the key, and beside it whose confirmation is how old', () => {
  const { record, storage } = open()
  expect([record.sync(), record.id()]).toEqual(['same', null])
  record.keep(ID, 999_000)
  expect([...storage.values]).toEqual([
    ['key:at', ` 999000 ${ID}`],
    ['key', ID],
  ])
  expect([record.id(), record.confirmedAt(), record.sync()]).toEqual([ID, 999_000, 'same'])
})

describe('a confirmation', () => {
  test.each([
    ['of this id', ` 999000 ${ID}`, 999_000],
    ['of this moment', ` 1000000 ${ID}`, 1_000_000],
    ['of another id', ` 999000 ${OTHER}`, 0],
    ['from the future, by a clock that was wrong', ` 1000001 ${ID}`, 0],
    ['that is no time', ` soon ${ID}`, 0],
    ['that is missing', undefined, 0],
  ])('%s', (_, at, expected) => {
    const { record } = open({ key: ID, ...(at !== undefined && { 'key:at': at }) })
    expect([record.sync(), record.id()]).toEqual(['adopted', ID])
    expect(record.confirmedAt()).toBe(expected)
  })
})

describe('a look into storage', () => {
  test('takes no id of the wrong shape, and none of a session that is just being left', () => {
    expect([open({ key: 'new' }).record.sync(), open({ key: 'a b' }).record.sync()]).toEqual(['same', 'same'])
    const { record } = open({ key: ID, 'key:at': 'generation' })
    expect([record.sync(), record.id(), record.generation()]).toEqual(['same', null, 'generation'])
  })

  test("finds another tab's session, once", () => {
    const { record, tab } = open()
    record.sync()
    const other = tab()
    other.sync()
    other.keep(OTHER, 0)
    expect([record.sync(), record.id(), record.sync()]).toEqual(['adopted', OTHER, 'same'])
  })

  test('finds that another tab left the session, and the next one when it is there', () => {
    const { record, tab } = open({ key: ID })
    const other = tab()
    for (const each of [record, other]) each.sync()
    other.leave()
    expect([record.sync(), record.id(), record.generation()]).toEqual(['left', null, other.generation()])
    expect(record.sync()).toBe('same')
    other.keep(OTHER, 0)
    expect([record.sync(), record.id()]).toEqual(['adopted', OTHER])
  })

  test('does not take the id that is being removed for the next one', () => {
    const { record, storage } = open({ key: ID, 'key:at': `one 5 ${ID}` })
    record.sync()
    // A tab of an older version has written its generation, and the id is still there.
    storage.values.set('key:at', `two 5 ${ID}`)
    expect([record.sync(), record.id()]).toEqual(['left', null])
  })

  test.each([
    ['the same', ID, false, 'same'],
    ['another, without a sleep', OTHER, false, 'adopted'],
    ['another, after a sleep', OTHER, true, 'left'],
    ['the same, after a sleep', ID, true, 'same'],
  ])('finds an id that is %s', (_, stored, hasSlept, change) => {
    const { record, storage } = open({ key: ID })
    expect(record.sync(true)).toBe('adopted')
    storage.values.set('key', stored)
    expect([record.sync(hasSlept), record.id()]).toEqual([change, stored])
  })

  test('finds a session gone, and leaves it to the server to say whether it is', () => {
    const { record, storage } = open({ key: ID })
    record.sync()
    storage.values.clear()
    expect([record.sync(), record.sync(), record.id()]).toEqual(['gone', 'gone', ID])
    expect([...storage.values]).toEqual([])
  })

  test('misses nothing that was never there: an id that is only taken', () => {
    const { record } = open()
    record.sync()
    record.adopt(ID)
    expect([record.sync(), record.id()]).toEqual(['same', ID])
    record.keep(ID, 0)
    record.adopt(OTHER)
    expect(record.sync()).toBe('adopted')
  })

  test('writes a generation that was cleared again, where there is no id: a tab that slept must know of the reset', () => {
    const { record, storage } = open({ key: ID })
    record.sync()
    record.leave()
    const generation = record.generation()
    storage.values.clear()
    expect([record.sync(), [...storage.values]]).toEqual(['same', [['key:at', generation]]])
    expect([record.sync(), storage.writes.length]).toEqual(['same', 3])
  })
})

test('who leaves writes the generation before it removes the id', () => {
  const { record, storage } = open({ key: ID })
  record.sync()
  record.leave()
  const first = record.generation()
  expect(first).toMatch(/^[a-z\d]+$/)
  expect([record.id(), storage.writes]).toEqual([null, [`key:at=${first}`, 'key=']])
  record.leave()
  expect(record.generation()).not.toBe(first)
})

describe('a notice that the session is forgotten', () => {
  test('names the session, or what this page has where storage is empty', () => {
    const { record, storage } = open({ key: ID })
    record.sync()
    expect(record.notice()).toBe(`forgotten ${ID}`)
    storage.values.clear()
    expect(record.notice()).toBe(`forgotten ${ID}`)
    expect(open().record.notice()).toBe('forgotten ')
  })

  test.each([
    ['of the session that is stored', `forgotten ${ID}`, ID, 'present'],
    ['of a session that another one has replaced', `forgotten ${OTHER}`, ID, 'past'],
    ['that names none', 'forgotten ', ID, 'present'],
    ['where nothing is stored', `forgotten ${OTHER}`, undefined, 'present'],
    ['where what is stored is no id', `forgotten ${OTHER}`, 'new', 'present'],
    ['in other words', 'follow', ID, undefined],
    ['that only mentions it', `not forgotten ${ID}`, ID, undefined],
    ['that is no text', { sessionId: ID }, ID, undefined],
    ['of nothing', null, ID, undefined],
  ])('%s', (_, message, stored, meaning) => {
    const { record } = open(stored ? { key: stored } : {})
    record.sync()
    expect(record.readNotice(message)).toBe(meaning)
  })

  test.each(['memory', 'session'] as const)(
    'in %s there is no other session than the one of this page',
    (kind) => {
      const record = open().tab(kind)
      record.keep(ID, 0)
      expect(record.readNotice(`forgotten ${OTHER}`)).toBe('present')
    },
  )

  test('stands in storage for a moment, then nothing does, and this page begins anew', () => {
    const { record, storage } = open({ key: ID, 'key:at': `one 5 ${ID}`, 'key:visitId': 'one v1' })
    record.sync()
    record.erase(record.notice())
    expect(storage.writes).toEqual([`key:at=forgotten ${ID}`, 'key=', 'key:at=', 'key:visitId='])
    expect([record.id(), record.generation(), storage.values.size]).toEqual([null, '', 0])
    storage.values.set('key', OTHER)
    storage.values.set('key:at', `two 5 ${OTHER}`)
    expect([record.sync(), record.id()]).toEqual(['adopted', OTHER])
  })

  test('who only heard of it removes without a word', () => {
    const { record, storage } = open({ key: ID })
    record.sync()
    record.erase()
    expect(storage.writes).toEqual(['key='])
  })
})
