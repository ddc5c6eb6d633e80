import { expect, test } from 'vitest'
import { type Subject, TTL_MS, UNKNOWN_ID } from './subject.ts'

/** Making sessions, reading them back, and merging ids into them. */
export function describeAssociating({ store }: Subject): void {
  test('F134: a created session has an id of at least 128 random bits, the given ids and both times', async () => {
    const session = await store().create({ customerId: 'c-1', visitId: 'v-1' }, TTL_MS)
    expect(session.sessionId).toMatch(/^[A-Za-z0-9_-]{22,128}$/)
    expect(session).toEqual({
      sessionId: session.sessionId,
      customerId: 'c-1',
      visitId: 'v-1',
      createdAt: expect.any(Number),
      expiresAt: expect.any(Number),
    })
    expect(session.expiresAt - session.createdAt).toBe(TTL_MS)
    expect(Math.abs(session.createdAt - Date.now())).toBeLessThan(10_000)
  })

  test('F134: a thousand created sessions have a thousand ids', async () => {
    const sessions = await Promise.all(Array.from({ length: 1_000 }, () => store().create({}, TTL_MS)))
    expect(new Set(sessions.map((session) => session.sessionId)).size).toBe(1_000)
  })

  test('a created session comes back with each of its ids; an unknown one is null', async () => {
    const ids = {
      customerId: 'c-1',
      agentId: 'a-1',
      visitId: 'v-1',
      globalVisitId: 'g-1',
      tenantId: 't-1',
      previousSessionId: 'the-session-before-it',
    }
    const made = await store().create(ids, TTL_MS)
    expect(made).toMatchObject(ids)
    expect(await store().get(made.sessionId, null)).toMatchObject({ ...ids, createdAt: made.createdAt })
    expect(await store().get(UNKNOWN_ID, TTL_MS)).toBeNull()
    expect(await store().get(UNKNOWN_ID, null)).toBeNull()
  })

  test('an association adds fields, replaces fields and leaves the others', async () => {
    const { sessionId, createdAt } = await store().create({ customerId: 'c-1', visitId: 'v-1' }, TTL_MS)
    const ids = { visitId: 'v-2', globalVisitId: 'g-1', previousSessionId: 'the-session-before-it' }
    const expected = { ...ids, sessionId, customerId: 'c-1', createdAt }
    expect(await store().associate(sessionId, ids, TTL_MS, true)).toMatchObject(expected)
    expect(await store().get(sessionId, TTL_MS)).toMatchObject(expected)
  })

  test('an association without ids changes no field', async () => {
    const { sessionId } = await store().create({ customerId: 'c-1' }, TTL_MS)
    expect(await store().associate(sessionId, {}, TTL_MS, true)).toMatchObject({
      sessionId,
      customerId: 'c-1',
    })
  })

  test('F121: an association of an unknown id makes that session, if it may', async () => {
    expect(await store().associate(UNKNOWN_ID, { customerId: 'c-1' }, TTL_MS, false)).toBeNull()
    expect(await store().get(UNKNOWN_ID, TTL_MS)).toBeNull()
    const made = await store().associate(UNKNOWN_ID, { customerId: 'c-1' }, TTL_MS, true)
    expect(made).toMatchObject({ sessionId: UNKNOWN_ID, customerId: 'c-1' })
    expect(await store().get(UNKNOWN_ID, TTL_MS)).toMatchObject({ customerId: 'c-1' })
  })

  test('F119: two associations at once lose nothing, a hundred times', async () => {
    for (let round = 0; round < 100; round++) {
      const sessionId = `race-on-a-known-id-${round}`
      await store().associate(sessionId, {}, TTL_MS, true)
      await Promise.all([
        store().associate(sessionId, { customerId: 'c-1' }, TTL_MS, true),
        store().associate(sessionId, { visitId: 'v-1' }, TTL_MS, true),
      ])
      expect(await store().get(sessionId, TTL_MS)).toMatchObject({ customerId: 'c-1', visitId: 'v-1' })
    }
  })

  test('F120: associations that create the same id at once make one session with the ids of all', async () => {
    for (let round = 0; round < 100; round++) {
      const sessionId = `race-on-an-unknown-id-${round}`
      const answers = await Promise.all([
        store().associate(sessionId, { customerId: 'c-1' }, TTL_MS, true),
        store().associate(sessionId, { visitId: 'v-1' }, TTL_MS, true),
        store().associate(sessionId, { globalVisitId: 'g-1' }, TTL_MS, true),
      ])
      expect(answers.some((answer) => Object.keys(answer ?? {}).length === 6)).toBe(true)
      expect(await store().get(sessionId, TTL_MS)).toMatchObject({
        customerId: 'c-1',
        visitId: 'v-1',
        globalVisitId: 'g-1',
      })
    }
  })

  test('F112: quotes, wildcards and the names of object members in an id come back as they went in', async () => {
    for (const customerId of HOSTILE) {
      const { sessionId } = await store().create({ customerId }, TTL_MS)
      expect(await store().get(sessionId, TTL_MS)).toMatchObject({ customerId })
      expect(await store().find(customerId)).toMatchObject([{ sessionId }])
    }
    expect(await store().get('constructor-constructor', TTL_MS)).toBeNull()
  })

  test('F117: fields that are no ids are not stored', async () => {
    const ids = { customerId: 'c-1', createdAt: 1, isAdmin: 'yes' }
    const { sessionId } = await store().create(ids, TTL_MS)
    await store().associate(sessionId, ids, TTL_MS, true)
    const session = await store().get(sessionId, TTL_MS)
    expect(Object.keys(session ?? {}).sort()).toEqual(['createdAt', 'customerId', 'expiresAt', 'sessionId'])
    expect(session?.createdAt).toBeGreaterThan(1)
  })

  test('a change of a returned session changes nothing in the store', async () => {
    const session = await store().create({ customerId: 'c-1' }, TTL_MS)
    session.customerId = 'changed'
    for (const read of [
      await store().get(session.sessionId, TTL_MS),
      await store().get(session.sessionId, null),
      ...(await store().find('c-1')),
    ]) {
      expect(read).toMatchObject({ customerId: 'c-1' })
      Object.assign(read ?? {}, { customerId: 'changed' })
    }
  })

  test('closing twice does no harm', async () => {
    await store().close()
    await expect(store().close()).resolves.toBeUndefined()
  })
}

const HOSTILE = [
  `'; DROP TABLE sessions; --`.replaceAll(' ', '+'),
  '*',
  '%',
  '__proto__',
  'constructor',
  '%00',
  '{}[]',
  '{"t":1,"c":"x"}',
  '\\"',
]
