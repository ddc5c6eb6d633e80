import { describe, expect, test } from 'vitest'
import { createPendingAssociations } from '../../src/core/pending-associations.ts'
import { createPersistence } from '../../src/core/persistence.ts'
import { createEnvironment, createStorage } from './support/simple-environment.ts'

/** Tabs of one browser, each with its own memory, and the generation that they agree on. */
function open() {
  const storage = createStorage()
  const browser = { generation: 'one' }
  const tab = () =>
    createPendingAssociations(
      createPersistence(createEnvironment({ storage: () => storage }), 'key', 'local'),
      () => browser.generation,
    )
  return { storage, browser, tab, pending: tab() }
}

/** How a promise stands at this moment. */
const stateOf = async (promise: Promise<unknown>): Promise<string> =>
  Promise.race([
    promise.then(
      () => 'resolved',
      (reason) => `rejected: ${reason}`,
    ),
    new Promise<string>((resolve) => setTimeout(() => resolve('open'))),
  ])

test('each field has a key of its own, bound to the generation; the last value counts', () => {
  const { pending, storage } = open()
  pending.accept({ customerId: 'ada', visitId: 'v1' })
  pending.accept({ visitId: 'v2' })
  expect([...storage.values]).toEqual([
    ['key:customerId', 'one ada'],
    ['key:visitId', 'one v2'],
  ])
  expect(pending.ids()).toEqual({ customerId: 'ada', visitId: 'v2' })
  expect(pending.own()).toEqual({ customerId: 'ada', visitId: 'v2' })
})

test('what is waited for is unconfirmed until it is settled, though another tab has sent it', () => {
  const { pending, storage } = open()
  pending.accept({ customerId: 'ada', visitId: 'v1' })
  void pending.confirmation({ customerId: 'ada' })
  expect(pending.unconfirmed()).toEqual({ customerId: 'ada', visitId: 'v1' })
  storage.values.clear()
  pending.sync()
  expect([pending.ids(), pending.unconfirmed()]).toEqual([{}, { customerId: 'ada' }])
  pending.settle({ customerId: 'ada' })
  expect(pending.unconfirmed()).toEqual({})
})

test.each([
  ['memory', {}],
  ['local', { visitId: 'v1' }],
] as const)('in a storage of %s what is left behind when the session is left is %o', (kind, expected) => {
  const storage = createStorage()
  const pending = createPendingAssociations(
    createPersistence(createEnvironment({ storage: () => storage }), 'key', kind),
    () => '',
  )
  pending.accept({ visitId: 'v1' })
  pending.clear('left')
  expect([pending.ids(), pending.own()]).toEqual([expected, {}])
})

describe('a look into storage', () => {
  test('shows what another tab or an earlier visit accepted, and says whether that is new', () => {
    const { pending, tab } = open()
    tab().accept({ globalVisitId: 'g1' })
    expect(pending.sync()).toBe(true)
    expect([pending.ids(), pending.own(), pending.sync()]).toEqual([{ globalVisitId: 'g1' }, {}, false])
  })

  test('is not needed for what the server has: it is later than what was sent, and not than what waits', () => {
    const { pending } = open()
    pending.accept({ customerId: 'ada', visitId: 'v1' })
    pending.settle({ visitId: 'v1' })
    pending.learn({ customerId: 'bob', visitId: 'v2', globalVisitId: 'g1' })
    expect(pending.own()).toEqual({ customerId: 'ada', visitId: 'v2' })
    pending.learn({})
    expect(pending.own()).toEqual({ customerId: 'ada', visitId: 'v2' })
  })

  test('gives another tab the last word', () => {
    const { pending, tab } = open()
    pending.accept({ customerId: 'ada' })
    tab().accept({ customerId: 'bob' })
    expect(pending.sync()).toBe(true)
    expect([pending.ids(), pending.own()]).toEqual([{ customerId: 'bob' }, { customerId: 'bob' }])
  })

  test('drops what belongs to a session that was left, and what is no id', () => {
    const { pending, storage, browser } = open()
    storage.values.set('key:customerId', 'zero eve')
    storage.values.set('key:visitId', `one ${'x'.repeat(300)}`)
    storage.values.set('key:globalVisitId', '')
    expect(pending.sync()).toBe(false)
    expect([pending.ids(), storage.values.size]).toEqual([{}, 0])
    pending.accept({ customerId: 'ada' })
    browser.generation = 'two'
    expect(pending.sync()).toBe(true)
    expect([pending.ids(), storage.values.size]).toEqual([{}, 0])
  })

  test('finds that another tab has sent what waits here', () => {
    const { pending, tab } = open()
    pending.accept({ customerId: 'ada' })
    const other = tab()
    other.sync()
    other.settle({ customerId: 'ada' })
    expect(pending.isGone()).toBe(false)
    void pending.confirmation({ customerId: 'ada' })
    expect([pending.isGone(), pending.sync(), pending.ids()]).toEqual([true, true, {}])
    expect(pending.own()).toEqual({ customerId: 'ada' })
  })
})

describe('a field is open', () => {
  test('while it is pending, and while somebody waits for it', () => {
    const { pending, storage } = open()
    expect(pending.isOpen('visitId')).toBe(false)
    pending.accept({ visitId: 'v1' })
    expect([pending.isOpen('visitId'), pending.isOpen('customerId')]).toEqual([true, false])
    void pending.confirmation({ visitId: 'v1' })
    storage.values.clear()
    pending.sync()
    expect([pending.isOpen('visitId'), pending.isOpen('customerId'), pending.isGone()]).toEqual([
      true,
      false,
      true,
    ])
  })
})

describe('what is settled', () => {
  test('is pending no more, in storage either, and whoever waited for all of it goes on', async () => {
    const { pending, storage } = open()
    pending.accept({ customerId: 'ada', visitId: 'v1' })
    const both = pending.confirmation({ customerId: 'ada', visitId: 'v1' })
    const one = pending.confirmation({ visitId: 'v1' })
    pending.settle({ visitId: 'v1' })
    expect([await stateOf(both), await stateOf(one)]).toEqual(['open', 'resolved'])
    expect([pending.ids(), [...storage.values.keys()]]).toEqual([{ customerId: 'ada' }, ['key:customerId']])
    pending.settle({ customerId: 'ada' })
    expect([await stateOf(both), storage.values.size]).toEqual(['resolved', 0])
    expect(pending.own()).toEqual({ customerId: 'ada', visitId: 'v1' })
  })

  test('is not a later value of the field, here or in another tab', async () => {
    const { pending, tab, storage } = open()
    pending.accept({ customerId: 'ada' })
    const waits = pending.confirmation({ customerId: 'ada' })
    pending.accept({ customerId: 'bob' })
    pending.settle({ customerId: 'ada' })
    expect([await stateOf(waits), pending.ids()]).toEqual(['open', { customerId: 'bob' }])
    tab().accept({ customerId: 'eve' })
    pending.settle({ customerId: 'bob' })
    expect([await stateOf(waits), [...storage.values]]).toEqual(['resolved', [['key:customerId', 'one eve']]])
  })

  test('also counts where storage was cleared: what this page accepted is known', async () => {
    const { pending, storage } = open()
    pending.accept({ customerId: 'ada' })
    const waits = pending.confirmation({ customerId: 'ada' })
    storage.values.clear()
    pending.sync()
    pending.settle({ customerId: 'eve' })
    expect(await stateOf(waits)).toBe('open')
    pending.settle({ customerId: 'ada' })
    expect(await stateOf(waits)).toBe('resolved')
  })

  test('refused for good, it is rejected once and rolled back, with nothing of the others', async () => {
    const { pending, storage } = open()
    pending.accept({ customerId: 'ada', visitId: 'v1' })
    const both = pending.confirmation({ customerId: 'ada', visitId: 'v1' })
    const other = pending.confirmation({ visitId: 'v1' })
    pending.settle({ customerId: 'ada' }, 'no such customer')
    expect([await stateOf(both), await stateOf(other)]).toEqual(['rejected: no such customer', 'open'])
    expect([pending.ids(), pending.own(), [...storage.values.keys()]]).toEqual([
      { visitId: 'v1' },
      { visitId: 'v1' },
      ['key:visitId'],
    ])
    pending.settle({ visitId: 'v1' })
    expect([await stateOf(other), pending.isOpen('visitId')]).toEqual(['resolved', false])
  })
})

test('who was refused waits for nothing any more', async () => {
  const { pending, storage } = open()
  pending.accept({ customerId: 'ada', visitId: 'v1' })
  const waits = pending.confirmation({ customerId: 'ada', visitId: 'v1' })
  storage.values.delete('key:visitId')
  pending.sync()
  expect([pending.isOpen('visitId'), pending.isGone()]).toEqual([true, true])
  pending.settle({ customerId: 'ada' }, 'no such customer')
  expect([await stateOf(waits), pending.isOpen('visitId'), pending.isGone()]).toEqual([
    'rejected: no such customer',
    false,
    false,
  ])
})

test('when the session is left, nobody waits in vain, and what this page accepted is forgotten', async () => {
  const { pending, browser, storage } = open()
  pending.accept({ customerId: 'ada' })
  const waits = pending.confirmation({ customerId: 'ada' })
  browser.generation = 'two'
  pending.clear('left')
  expect(await stateOf(waits)).toBe('rejected: left')
  expect([pending.ids(), pending.own(), storage.values.size, pending.isOpen('customerId')]).toEqual([
    {},
    {},
    0,
    false,
  ])
})
