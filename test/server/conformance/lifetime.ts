import { describe, expect, test } from 'vitest'
import { SHORT_MS, type Subject, scanAll, TTL_MS } from './subject.ts'

/** How sessions end, and how a use renews them. */
export function describeLifetime({ store, now, pass, version }: Subject): void {
  test('the clock may count fractions of a millisecond, as performance.now does', async () => {
    pass(0.25)
    const { sessionId } = await store().create({ visitId: 'v-1' }, TTL_MS)
    expect(sessionId).toMatch(/^[A-Za-z0-9_-]{22,128}$/)
    pass(0.5)
    expect(await store().get(sessionId, TTL_MS)).toMatchObject({ visitId: 'v-1' })
    expect(await store().associate(sessionId, { visitId: 'v-2' }, TTL_MS, true)).toMatchObject({
      visitId: 'v-2',
    })
    expect(await store().remove(sessionId)).toBe(true)
  })

  test('F122: a session ends when its time to live is over, and begins anew with no field of the old one', async () => {
    const { sessionId, createdAt } = await store().create(
      { customerId: 'c-1', tenantId: 't-1', previousSessionId: 'the-session-before-it' },
      SHORT_MS,
    )
    pass(SHORT_MS)
    expect(await store().get(sessionId, TTL_MS)).toBeNull()
    expect(await store().get(sessionId, null)).toBeNull()
    expect(await store().associate(sessionId, { visitId: 'v-1' }, TTL_MS, false)).toBeNull()
    const again = await store().associate(sessionId, { visitId: 'v-1' }, TTL_MS, true)
    expect(again).toEqual({
      sessionId,
      visitId: 'v-1',
      createdAt: expect.any(Number),
      expiresAt: expect.any(Number),
    })
    expect(again?.createdAt).toBeGreaterThan(createdAt)
    expect(await store().get(sessionId, null)).toEqual(again)
  })

  test('F122: reading and associating renew the time to live', async () => {
    const read = await store().create({}, SHORT_MS)
    const associated = await store().create({}, SHORT_MS)
    const start = now()
    expect((await store().get(read.sessionId, TTL_MS))?.expiresAt).toBeGreaterThanOrEqual(start + TTL_MS)
    await store().associate(associated.sessionId, { visitId: 'v-1' }, TTL_MS, false)
    pass(SHORT_MS)
    expect(await store().get(read.sessionId, TTL_MS)).not.toBeNull()
    expect(await store().get(associated.sessionId, TTL_MS)).not.toBeNull()
  })

  test('a read with a time to live of null renews nothing and writes nothing', async () => {
    const session = await store().create({ customerId: 'c-1' }, TTL_MS)
    const before = version?.()
    expect(await store().get(session.sessionId, null)).toEqual(session)
    expect(version?.()).toEqual(before)
    const short = await store().create({}, SHORT_MS)
    expect(await store().get(short.sessionId, null)).toEqual(short)
    pass(SHORT_MS)
    expect(await store().get(short.sessionId, TTL_MS)).toBeNull()
  })

  describe('touchMs', () => {
    const touchMs = SHORT_MS

    test('a use renews nothing until it moves the end by touchMs, and a read writes nothing', async () => {
      const session = await store().create({ customerId: 'c-1' }, TTL_MS, { touchMs })
      const { sessionId, expiresAt } = session
      const before = version?.()
      pass(1)
      for (let round = 0; round < 10; round++)
        expect(await store().get(sessionId, TTL_MS, { touchMs: TTL_MS })).toEqual(session)
      expect(version?.()).toEqual(before)
      expect(
        await store().associate(sessionId, { visitId: 'v-1' }, TTL_MS, false, { touchMs: TTL_MS }),
      ).toEqual({ ...session, visitId: 'v-1' })
      expect(await store().get(sessionId, null)).toEqual({ ...session, visitId: 'v-1' })

      pass(touchMs)
      const start = now()
      const renewed = await store().get(sessionId, TTL_MS, { touchMs })
      expect(renewed?.expiresAt).toBeGreaterThanOrEqual(start + TTL_MS)
      expect(renewed?.expiresAt).toBeGreaterThan(expiresAt)
      expect(await store().get(sessionId, null)).toEqual(renewed)
      if (version) expect(version()).not.toEqual(before)
    })

    test('an association renews the session when it moves the end by touchMs', async () => {
      const { sessionId } = await store().create({}, SHORT_MS)
      const renewed = await store().associate(sessionId, {}, TTL_MS, false, { touchMs })
      expect(renewed?.expiresAt).toBeGreaterThan(now() + TTL_MS / 2)
      pass(SHORT_MS)
      expect(await store().get(sessionId, null)).toEqual(renewed)
    })

    test('a time to live that is shorter by touchMs than before brings the end forward', async () => {
      const { sessionId } = await store().create({}, TTL_MS)
      const shortened = await store().get(sessionId, SHORT_MS, { touchMs })
      expect(shortened?.expiresAt).toBeLessThan(now() + TTL_MS / 2)
      pass(SHORT_MS)
      expect(await store().get(sessionId, null)).toBeNull()
    })
  })

  describe('maxAgeMs', () => {
    const limits = { maxAgeMs: SHORT_MS }

    test('a session ends at its greatest age, however often it is used', async () => {
      const { sessionId, createdAt, expiresAt } = await store().create({ customerId: 'c-1' }, TTL_MS, limits)
      const end = createdAt + SHORT_MS
      expect(expiresAt).toBe(end)
      expect(await store().get(sessionId, TTL_MS, limits)).toMatchObject({ expiresAt: end })
      expect(await store().associate(sessionId, { visitId: 'v-1' }, TTL_MS, true, limits)).toMatchObject({
        expiresAt: end,
      })
      pass(SHORT_MS)
      expect(await store().get(sessionId, TTL_MS, limits)).toBeNull()
      expect(await store().get(sessionId, null)).toBeNull()
    })

    test('a session that was made without a greatest age ends at it all the same, and begins anew', async () => {
      const { sessionId, createdAt } = await store().create({ customerId: 'c-1' }, TTL_MS)
      pass(SHORT_MS)
      expect(await store().get(sessionId, null, limits)).toBeNull()
      expect(await store().get(sessionId, TTL_MS, limits)).toBeNull()
      expect(await store().associate(sessionId, {}, TTL_MS, false, limits)).toBeNull()
      const again = await store().associate(sessionId, { visitId: 'v-1' }, TTL_MS, true, limits)
      expect(again).not.toHaveProperty('customerId')
      expect(again?.createdAt).toBeGreaterThan(createdAt)
      expect(again?.expiresAt).toBe((again?.createdAt ?? 0) + SHORT_MS)
      expect(await store().find('c-1')).toEqual([])
      await expect.poll(() => scanAll(store())).toHaveLength(1)
    })

    test('a read of a session that will reach its greatest age answers that end', async () => {
      const { sessionId, createdAt } = await store().create({}, TTL_MS)
      const maxAgeMs = TTL_MS / 2
      expect((await store().get(sessionId, null, { maxAgeMs }))?.expiresAt).toBe(createdAt + maxAgeMs)
    })
  })
}
