import { expect, test } from 'vitest'
import { SHORT_MS, type Subject, TTL_MS } from './subject.ts'

/** Finding the sessions of a customer. */
export function describeFinding({ store, pass, version }: Subject): void {
  const idsOf = async (customerId: string) =>
    (await store().find(customerId)).map(({ sessionId }) => sessionId).sort()
  const create = async (customerId: string, ttlMs = TTL_MS) =>
    (await store().create({ customerId }, ttlMs)).sessionId

  test('find answers each session of a customer as it is stored, and no other one', async () => {
    const sessions = [
      await store().create({ customerId: 'ada', visitId: 'v-1' }, TTL_MS),
      await store().create({ customerId: 'ada', previousSessionId: 'the-session-before-it' }, TTL_MS),
    ]
    await store().create({ customerId: 'ada2' }, TTL_MS)
    await store().create({ visitId: 'ada' }, TTL_MS)
    const before = version?.()
    const found = await store().find('ada')
    expect(found).toHaveLength(2)
    expect(found).toEqual(expect.arrayContaining(sessions))
    expect(await store().find('ADA')).toEqual([])
    expect(version?.()).toEqual(before)
  })

  test('find answers five hundred sessions of one customer', async () => {
    const made = await Promise.all(Array.from({ length: 500 }, () => create('ada')))
    expect(await idsOf('ada')).toEqual(made.sort())
  })

  test('find follows an association to another customer', async () => {
    const sessionId = await create('ada')
    await store().associate(sessionId, { customerId: 'bob' }, TTL_MS, false)
    expect(await idsOf('ada')).toEqual([])
    expect(await idsOf('bob')).toEqual([sessionId])
  })

  test('find answers a session that got its customer later, and one that was made by an association', async () => {
    const { sessionId } = await store().create({}, TTL_MS)
    await store().associate(sessionId, { customerId: 'ada' }, TTL_MS, false)
    await store().associate('made-by-an-association', { customerId: 'ada' }, TTL_MS, true)
    expect(await idsOf('ada')).toEqual([sessionId, 'made-by-an-association'].sort())
  })

  test('find answers no expired session', async () => {
    const [, longer] = [await create('ada', SHORT_MS), await create('ada')]
    pass(SHORT_MS)
    expect(await idsOf('ada')).toEqual([longer])
  })

  test('find still answers a session that a use renewed beyond its first end', async () => {
    const renewals = [
      async (id: string) => store().get(id, TTL_MS),
      async (id: string) => store().associate(id, { visitId: 'v-1' }, TTL_MS, true),
    ]
    for (const [round, renew] of renewals.entries()) {
      const sessionId = await create(`customer-${round}`, SHORT_MS)
      await renew(sessionId)
      pass(SHORT_MS)
      expect(await idsOf(`customer-${round}`)).toEqual([sessionId])
    }
  })

  test('find answers a renewed session beside one of the same customer that was made with a short time', async () => {
    const long = await create('ada')
    const short = await create('ada', SHORT_MS)
    expect(await idsOf('ada')).toEqual([long, short].sort())
    pass(SHORT_MS)
    await create('ada', SHORT_MS)
    pass(SHORT_MS)
    expect(await idsOf('ada')).toEqual([long])
  })

  test('find answers no session that began anew without its customer', async () => {
    const sessionId = await create('ada', SHORT_MS)
    pass(SHORT_MS)
    await store().associate(sessionId, { visitId: 'v-1' }, TTL_MS, true)
    expect(await idsOf('ada')).toEqual([])
  })

  test('of two customers who are associated at once, find names the one that the session has, twenty times', async () => {
    for (let round = 0; round < 20; round++) {
      const customers = [`ada-${round}`, `bob-${round}`]
      const { sessionId } = await store().create({}, TTL_MS)
      await Promise.all(
        customers.map((customerId) => store().associate(sessionId, { customerId }, TTL_MS, true)),
      )
      const session = await store().get(sessionId, null)
      for (const customerId of customers)
        expect(await idsOf(customerId)).toEqual(session?.customerId === customerId ? [sessionId] : [])
    }
  })
}
