import { describe, expect, test } from 'vitest'
import { createPersistence } from '../../src/core/persistence.ts'
import { createEnvironment, createStorage } from './support/simple-environment.ts'

function open(kind: 'local' | 'session' | 'memory' = 'local') {
  const local = createStorage()
  const session = createStorage()
  const environment = createEnvironment({ storage: (which) => (which === 'local' ? local : session) })
  return { local, session, persistence: createPersistence(environment, 'key', kind) }
}

test('values stand under the key and their suffix, in the storage that was asked for', () => {
  for (const kind of ['local', 'session'] as const) {
    const { persistence, ...storages } = open(kind)
    persistence.write('', 'one')
    persistence.write(':at', 'two')
    expect([...storages[kind].values]).toEqual([
      ['key', 'one'],
      ['key:at', 'two'],
    ])
    expect([persistence.read(''), persistence.read(':at'), persistence.kind()]).toEqual(['one', 'two', kind])
    persistence.write('', null)
    expect([persistence.read(''), [...storages[kind].values.keys()]]).toEqual([null, ['key:at']])
  }
})

test('in memory nothing is stored', () => {
  const { local, session, persistence } = open('memory')
  persistence.write('', 'one')
  expect([persistence.read(''), persistence.kind()]).toEqual(['one', 'memory'])
  expect([local.writes, session.writes]).toEqual([[], []])
})

test('a storage of your own is custom, and what it gives besides text counts as absent', () => {
  const storage = { ...createStorage(), getItem: () => 7 as unknown as string }
  const persistence = createPersistence(createEnvironment(), 'key', storage)
  expect([persistence.read(''), persistence.kind()]).toEqual([null, 'custom'])
})

test('the other tabs see what is in the local storage and in one of your own, and no other', () => {
  const isShared = (kind: 'local' | 'session' | 'memory' | ReturnType<typeof createStorage>) =>
    createPersistence(createEnvironment({ storage: createStorage }), 'key', kind).isShared()
  expect(isShared('local') && isShared(createStorage())).toBe(true)
  expect(isShared('session') || isShared('memory')).toBe(false)
})

test('a storage that is null or throws when it is touched means memory', () => {
  for (const storage of [
    () => null,
    () => {
      throw new DOMException('blocked', 'SecurityError')
    },
  ]) {
    const persistence = createPersistence(createEnvironment({ storage }), 'key', 'local')
    expect([persistence.read(''), persistence.kind()]).toEqual([null, 'local'])
    persistence.write('', 'one')
    expect([persistence.read(''), persistence.kind()]).toEqual(['one', 'memory'])
  }
})

describe.each(['throws', 'forgets'] as const)('a storage that %s', (fault) => {
  test('leaves the value in memory, also one that is taken away', () => {
    const { local, persistence } = open()
    persistence.write('', 'one')
    local.fault = fault
    persistence.write('', 'two')
    expect([persistence.read(''), persistence.kind()]).toEqual(['two', 'memory'])
    persistence.write('', null)
    expect([persistence.read(''), persistence.kind()]).toEqual([null, 'memory'])
    expect(local.values.get('key')).toBe('one')
  })

  test('gets the value once it works again, by the next write or by trying', () => {
    for (const again of ['write', 'retry'] as const) {
      const { local, persistence } = open()
      local.fault = fault
      persistence.write('', 'one')
      local.fault = undefined
      if (again === 'write') persistence.write('', 'one')
      else persistence.retry()
      expect([local.values.get('key'), persistence.kind()]).toEqual(['one', 'local'])
    }
  })

  test('what another tab writes meanwhile has the last word', () => {
    const { local, persistence } = open()
    local.fault = fault
    persistence.write('', 'one')
    local.fault = undefined
    local.values.set('key', 'another')
    expect(persistence.read('')).toBe('another')
    persistence.retry()
    expect(local.values.get('key')).toBe('another')
    expect(local.writes.filter((write) => write === 'key=one').length).toBe(fault === 'throws' ? 0 : 1)
  })

  test('the id and its mark belong together: where another tab has written one, this page’s other one is out of date', () => {
    for (const suffix of ['', ':at']) {
      const { local, persistence } = open()
      local.values.set('key', 'before')
      local.fault = fault
      persistence.write('', 'ours')
      persistence.write(':at', 'our mark')
      persistence.write(':visitId', 'v1')
      local.fault = undefined
      local.values.set(`key${suffix}`, 'another')
      expect([persistence.read(''), persistence.read(':at')]).toEqual(
        suffix ? ['before', 'another'] : ['another', null],
      )
      // For good, also when the mark is written again.
      persistence.write(suffix, 'another')
      expect(persistence.read('')).not.toBe('ours')
      persistence.retry()
      expect(Object.fromEntries(local.values)).toEqual({
        key: suffix ? 'before' : 'another',
        ...(suffix && { 'key:at': 'another' }),
        'key:visitId': 'v1',
      })
    }
  })
})
