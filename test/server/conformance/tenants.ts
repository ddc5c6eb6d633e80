import { expect, test } from 'vitest'
import { SHORT_MS, type Subject, TTL_MS, UNKNOWN_ID } from './subject.ts'

/** Tenants never share a session. */
export function describeTenants({ store, pass }: Subject): void {
  test.each([
    ['a tenant', 't-1', ['t-2', undefined]],
    ['no tenant', undefined, ['t-1']],
  ])(
    'a session of %s answers null to an association of another, and stays as it is',
    async (_, tenantId, others) => {
      const session = await store().create({ tenantId, visitId: 'v-1' }, TTL_MS)
      for (const other of others)
        for (const create of [true, false])
          expect(
            await store().associate(
              session.sessionId,
              { tenantId: other, customerId: 'c-1', visitId: 'v-2' },
              TTL_MS * 2,
              create,
            ),
          ).toBeNull()
      expect(await store().get(session.sessionId, null)).toEqual(session)
      expect(await store().find('c-1')).toEqual([])
      expect(
        await store().associate(session.sessionId, { tenantId, visitId: 'v-3' }, TTL_MS, false),
      ).toMatchObject({ visitId: 'v-3' })
      expect((await store().get(session.sessionId, null))?.tenantId).toBe(tenantId)
    },
  )

  test('an id that several tenants make at once belongs to one of them, fifty times', async () => {
    const tenants = ['t-1', undefined, 't-2']
    for (let round = 0; round < 50; round++) {
      const sessionId = `race-of-the-tenants-${round}`
      const answers = await Promise.all(
        tenants.map((tenantId) => store().associate(sessionId, { tenantId }, TTL_MS, true)),
      )
      const winners = answers.filter((answer) => answer !== null)
      expect(winners).toHaveLength(1)
      expect((await store().get(sessionId, null))?.tenantId).toBe(winners[0]?.tenantId)
    }
  })

  test('an expired session leaves its id to another tenant', async () => {
    await store().associate(UNKNOWN_ID, { tenantId: 't-1', customerId: 'c-1' }, SHORT_MS, true)
    pass(SHORT_MS)
    const made = await store().associate(UNKNOWN_ID, { tenantId: 't-2' }, TTL_MS, true)
    expect(made).toMatchObject({ sessionId: UNKNOWN_ID, tenantId: 't-2' })
    expect(made).not.toHaveProperty('customerId')
  })

  test('find answers the sessions of all tenants, each with its own', async () => {
    for (const tenantId of ['t-1', 't-2', undefined])
      await store().create({ tenantId, customerId: 'c-1' }, TTL_MS)
    const found = await store().find('c-1')
    expect(found.map((session) => session.tenantId).sort()).toEqual(['t-1', 't-2', undefined])
  })
}
