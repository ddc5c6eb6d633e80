import {
  createSessionAdmin,
  memoryStore,
  type SessionStore,
  type StoredSession,
} from 'storefront-session/server'
import { describe, expect, test } from 'vitest'

const TTL_MS = 60_000

const start = () => {
  const store = memoryStore()
  return { store, admin: createSessionAdmin({ store }) }
}
const collect = async (sessions: AsyncIterable<StoredSession>): Promise<StoredSession[]> => {
  const found: StoredSession[] = []
  for await (const session of sessions) found.push(session)
  return found
}

describe('createSessionAdmin', () => {
  test('get answers a session without renewing it, and null for an unknown or malformed id', async () => {
    const { store, admin } = start()
    const session = await store.create({ customerId: 'ada' }, TTL_MS)
    expect(await admin.get(session.sessionId)).toEqual(session)
    for (const id of ['an-id-that-nobody-has', '', ':ada', '../x', 'short'])
      expect(await admin.get(id)).toBeNull()
  })

  test('find gives the sessions of a customer one by one, and no other one', async () => {
    const { store, admin } = start()
    const made = [
      await store.create({ customerId: 'ada' }, TTL_MS),
      await store.create({ customerId: 'ada', tenantId: 't-1' }, TTL_MS),
    ]
    await store.create({ customerId: 'bob' }, TTL_MS)
    const found = await collect(admin.find({ customerId: 'ada' }))
    expect(found).toHaveLength(2)
    expect(found).toEqual(expect.arrayContaining(made))
    expect(await collect(admin.find({ customerId: 'eve' }))).toEqual([])
  })

  test('F210: remove erases one session, and answers whether there was one', async () => {
    const { store, admin } = start()
    const { sessionId } = await store.create({ customerId: 'ada' }, TTL_MS)
    expect(await admin.remove(sessionId)).toBe(true)
    expect(await admin.remove(sessionId)).toBe(false)
    expect(await admin.remove(':ada')).toBe(false)
    expect(await store.get(sessionId, null)).toBeNull()
  })

  test('F210: removeCustomer erases all sessions of a customer, and counts them', async () => {
    const { store, admin } = start()
    for (let round = 0; round < 5; round++) await store.create({ customerId: 'ada' }, TTL_MS)
    const other = await store.create({ customerId: 'bob' }, TTL_MS)
    expect(await admin.removeCustomer('ada')).toBe(5)
    expect(await store.scan()).toEqual({ sessions: [other] })
    expect(await admin.removeCustomer('ada')).toBe(0)
  })

  test('F210: removeCustomer erases the anonymous sessions that the erased ones name as previous', async () => {
    const { store, admin } = start()
    const anonymous = await store.create({ visitId: 'v-1' }, TTL_MS)
    const unrelated = await store.create({}, TTL_MS)
    const previousSessionId = anonymous.sessionId
    await store.create({ customerId: 'ada', previousSessionId }, TTL_MS)
    await store.create({ customerId: 'ada', previousSessionId }, TTL_MS)
    await store.create({ customerId: 'ada', previousSessionId: 'a-session-long-gone' }, TTL_MS)
    expect(await admin.removeCustomer('ada')).toBe(4)
    expect(await store.scan()).toEqual({ sessions: [unrelated] })
  })

  test('removeCustomer leaves a previous session of another customer, of another tenant or of no valid id', async () => {
    const { store, admin } = start()
    const kept = [
      await store.create({ customerId: 'bob' }, TTL_MS),
      await store.create({ tenantId: 't-1' }, TTL_MS),
    ]
    for (const previousSessionId of [...kept.map(({ sessionId }) => sessionId), ':ada'])
      await store.create({ customerId: 'ada', previousSessionId }, TTL_MS)
    expect(await admin.removeCustomer('ada')).toBe(3)
    expect((await store.scan()).sessions).toHaveLength(2)
  })

  test('F210: a removeCustomer that fails half-way can be repeated, and erases the rest', async () => {
    const { store } = start()
    const { sessionId: previousSessionId } = await store.create({}, TTL_MS)
    for (let round = 0; round < 3; round++)
      await store.create({ customerId: 'ada', previousSessionId }, TTL_MS)
    let left = 2
    const failing: SessionStore = {
      ...store,
      remove: (id) => (left-- > 0 ? store.remove(id) : Promise.reject(new Error('the disk is full'))),
    }
    await expect(createSessionAdmin({ store: failing }).removeCustomer('ada')).rejects.toThrow(
      'the disk is full',
    )
    expect(await store.get(previousSessionId, null)).toBeNull()
    expect(await createSessionAdmin({ store }).removeCustomer('ada')).toBe(2)
    expect((await store.scan()).sessions).toEqual([])
  })

  test('report counts the sessions, those with a customer, and names the times of the oldest and newest', async () => {
    let time = Date.UTC(2026, 0, 1)
    const store = memoryStore({ now: () => time })
    const admin = createSessionAdmin({ store })
    expect(await admin.report()).toEqual({ sessions: 0, withCustomer: 0, oldest: null, newest: null })
    for (let number = 0; number < 2_500; number++) {
      await store.create(number % 5 ? {} : { customerId: `customer-${number}` }, 86_400_000)
      time += 1_000
    }
    expect(await admin.report()).toEqual({
      sessions: 2_500,
      withCustomer: 500,
      oldest: '2026-01-01T00:00:00.000Z',
      newest: '2026-01-01T00:41:39.000Z',
    })
  })

  test.each(['', 'ada lovelace', 'ädä', 'a'.repeat(257), undefined])(
    'a customer id that no request could bring is refused: %s',
    async (wrong) => {
      const { admin } = start()
      // What JavaScript lets through.
      const customerId = wrong as string
      await expect(admin.removeCustomer(customerId)).rejects.toThrow(TypeError)
      await expect(collect(admin.find({ customerId }))).rejects.toThrow(
        'createSessionAdmin: customerId must be 1 to 256 visible ASCII characters',
      )
    },
  )
})
