import { expect, test } from 'vitest'
import { SHORT_MS, type Subject, scanAll, TTL_MS, UNKNOWN_ID } from './subject.ts'

/** Ten minutes, as the contract says. */
const ERASED_MS = 600_000

/** Removing sessions, so that they do not come back. */
export function describeErasing({ store, pass }: Subject): void {
  const associate = (sessionId: string, create = true) =>
    store().associate(sessionId, { customerId: 'c-1' }, TTL_MS, create)

  test('F210: a removed session is gone for every operation, and no other one with it', async () => {
    const { sessionId } = await store().create({ customerId: 'c-1' }, TTL_MS)
    const other = await store().create({ customerId: 'c-1' }, TTL_MS)
    expect(await store().remove(sessionId)).toBe(true)
    expect(await store().get(sessionId, TTL_MS)).toBeNull()
    expect(await store().get(sessionId, null)).toBeNull()
    expect(await store().find('c-1')).toEqual([other])
    await expect.poll(() => scanAll(store())).toEqual([other])
    expect(await store().remove(sessionId)).toBe(false)
  })

  test('F210: a removed id can not be made again', async () => {
    const { sessionId } = await store().create({ customerId: 'c-1' }, TTL_MS)
    await store().remove(sessionId)
    for (const create of [true, false]) expect(await associate(sessionId, create)).toBeNull()
    expect(await store().get(sessionId, null)).toBeNull()
    await expect.poll(() => scanAll(store())).toEqual([])
    expect(await store().find('c-1')).toEqual([])
  })

  test('ten minutes after its removal an id can be made again', async () => {
    const { sessionId } = await store().create({ customerId: 'c-1' }, TTL_MS)
    await store().remove(sessionId)
    pass(ERASED_MS - 1)
    expect(await associate(sessionId)).toBeNull()
    pass(1)
    expect(await store().associate(sessionId, { visitId: 'v-1' }, TTL_MS, true)).toEqual({
      sessionId,
      visitId: 'v-1',
      createdAt: expect.any(Number),
      expiresAt: expect.any(Number),
    })
  })

  test('an unknown id and an expired session count as nothing removed, and can not be made either', async () => {
    const { sessionId } = await store().create({ customerId: 'c-1' }, SHORT_MS)
    pass(SHORT_MS)
    for (const id of [UNKNOWN_ID, sessionId]) {
      expect(await store().remove(id)).toBe(false)
      expect(await associate(id)).toBeNull()
    }
    await expect.poll(() => scanAll(store())).toEqual([])
  })

  test('F210: a removal and an association at once leave no session, a hundred times', async () => {
    for (let round = 0; round < 100; round++) {
      const sessionId = `race-of-a-removal-${round}`
      await associate(sessionId)
      const [, removed, , answer] = await Promise.all([
        associate(sessionId),
        store().remove(sessionId),
        store().get(sessionId, TTL_MS),
        associate(sessionId),
      ])
      expect(removed).toBe(true)
      if (answer) expect(answer).toMatchObject({ sessionId, customerId: 'c-1' })
      expect(await store().get(sessionId, TTL_MS)).toBeNull()
    }
    expect(await store().find('c-1')).toEqual([])
    await expect.poll(() => scanAll(store())).toEqual([])
  })

  test('F210: a removal and the making of that id at once leave no session, a hundred times', async () => {
    for (let round = 0; round < 100; round++) {
      const sessionId = `race-of-a-making-${round}`
      const work = [() => associate(sessionId), () => store().remove(sessionId)]
      await Promise.all((round % 2 ? work : work.reverse()).map((run) => run()))
      expect(await store().get(sessionId, TTL_MS)).toBeNull()
    }
    expect(await store().find('c-1')).toEqual([])
  })

  test('of two removals at once one finds the session', async () => {
    for (let round = 0; round < 20; round++) {
      const { sessionId } = await store().create({}, TTL_MS)
      const found = await Promise.all([store().remove(sessionId), store().remove(sessionId)])
      expect(found.sort()).toEqual([false, true])
    }
  })
}
