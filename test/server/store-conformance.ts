import type { SessionStore } from 'storefront-session/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

/** How the suite gets a fresh store; `now` is the store's clock where it lets us set one. */
export interface StoreUnderTest {
  open(now: () => number): Promise<SessionStore> | SessionStore
  /** Whether `now` drives expiry. Otherwise expiry is waited for, with a short time to live. */
  hasClock: boolean
}

const TTL_MS = 60_000
const UNKNOWN_ID = 'an-id-that-nobody-has'

/** What every store promises, whatever it runs on. */
export function describeStore(name: string, { open, hasClock }: StoreUnderTest): void {
  describe(`${name} keeps the promises of a SessionStore`, () => {
    let store: SessionStore
    let time: number

    beforeEach(async () => {
      time = Date.now()
      store = await open(() => (hasClock ? time : Date.now()))
    })
    afterEach(() => store.close())

    /** Lets the time to live of `ttlMs` pass, for real where the store has a clock of its own. */
    const pass = async (ttlMs: number) => {
      time += ttlMs
      // Redis counts whole milliseconds, and the last one is still the key's.
      const end = Date.now() + ttlMs + 1
      while (!hasClock && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 5))
    }
    const shortTtlMs = hasClock ? 1_000 : 60

    test.runIf(hasClock)(
      'a clock may count fractions of a millisecond, as performance.now does',
      async () => {
        time += 0.25
        const { sessionId } = await store.create({ visitId: 'v-1' }, TTL_MS)
        expect(sessionId).toMatch(/^[A-Za-z0-9_-]{22,128}$/)
        time += 0.5
        expect(await store.get(sessionId, TTL_MS)).toMatchObject({ visitId: 'v-1' })
        expect(await store.associate(sessionId, { visitId: 'v-2' }, TTL_MS, true)).toMatchObject({
          visitId: 'v-2',
        })
      },
    )

    test('F134: a created session has an id of at least 128 random bits, the given ids and both times', async () => {
      const session = await store.create({ customerId: 'c-1', visitId: 'v-1' }, TTL_MS)
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
      const sessions = await Promise.all(Array.from({ length: 1_000 }, () => store.create({}, TTL_MS)))
      expect(new Set(sessions.map((session) => session.sessionId)).size).toBe(1_000)
    })

    test('a created session can be read back, an unknown one is null', async () => {
      const { sessionId } = await store.create({ agentId: 'a-1', globalVisitId: 'g-1' }, TTL_MS)
      expect(await store.get(sessionId, TTL_MS)).toMatchObject({
        sessionId,
        agentId: 'a-1',
        globalVisitId: 'g-1',
      })
      expect(await store.get(UNKNOWN_ID, TTL_MS)).toBeNull()
    })

    test('an association adds fields, replaces fields and leaves the others', async () => {
      const { sessionId, createdAt } = await store.create({ customerId: 'c-1', visitId: 'v-1' }, TTL_MS)
      const merged = await store.associate(sessionId, { visitId: 'v-2', globalVisitId: 'g-1' }, TTL_MS, true)
      expect(merged).toMatchObject({
        sessionId,
        customerId: 'c-1',
        visitId: 'v-2',
        globalVisitId: 'g-1',
        createdAt,
      })
      expect(await store.get(sessionId, TTL_MS)).toMatchObject({
        customerId: 'c-1',
        visitId: 'v-2',
        globalVisitId: 'g-1',
      })
    })

    test('an association of nothing changes nothing', async () => {
      const { sessionId } = await store.create({ customerId: 'c-1' }, TTL_MS)
      expect(await store.associate(sessionId, {}, TTL_MS, true)).toMatchObject({
        sessionId,
        customerId: 'c-1',
      })
    })

    test('F121: an association of an unknown id makes that session, if it may', async () => {
      expect(await store.associate(UNKNOWN_ID, { customerId: 'c-1' }, TTL_MS, false)).toBeNull()
      expect(await store.get(UNKNOWN_ID, TTL_MS)).toBeNull()
      const made = await store.associate(UNKNOWN_ID, { customerId: 'c-1' }, TTL_MS, true)
      expect(made).toMatchObject({ sessionId: UNKNOWN_ID, customerId: 'c-1' })
      expect(await store.get(UNKNOWN_ID, TTL_MS)).toMatchObject({ customerId: 'c-1' })
    })

    test('F122: a session ends when its time to live is over, and comes back with nothing of the old', async () => {
      const { sessionId, createdAt } = await store.create({ customerId: 'c-1' }, shortTtlMs)
      await pass(shortTtlMs)
      expect(await store.get(sessionId, TTL_MS)).toBeNull()
      expect(await store.associate(sessionId, { visitId: 'v-1' }, TTL_MS, false)).toBeNull()
      const again = await store.associate(sessionId, { visitId: 'v-1' }, TTL_MS, true)
      expect(again).not.toHaveProperty('customerId')
      expect(again?.createdAt).toBeGreaterThan(createdAt)
    })

    test('F122: reading and associating renew the time to live', async () => {
      const read = await store.create({}, shortTtlMs)
      const associated = await store.create({}, shortTtlMs)
      expect((await store.get(read.sessionId, TTL_MS))?.expiresAt).toBeGreaterThanOrEqual(time + TTL_MS)
      await store.associate(associated.sessionId, { visitId: 'v-1' }, TTL_MS, false)
      await pass(shortTtlMs)
      expect(await store.get(read.sessionId, TTL_MS)).not.toBeNull()
      expect(await store.get(associated.sessionId, TTL_MS)).not.toBeNull()
    })

    test('F119: two associations at once lose nothing, a hundred times', async () => {
      for (let round = 0; round < 100; round++) {
        const sessionId = `race-on-a-known-id-${round}`
        await store.associate(sessionId, {}, TTL_MS, true)
        await Promise.all([
          store.associate(sessionId, { customerId: 'c-1' }, TTL_MS, true),
          store.associate(sessionId, { visitId: 'v-1' }, TTL_MS, true),
        ])
        expect(await store.get(sessionId, TTL_MS)).toMatchObject({ customerId: 'c-1', visitId: 'v-1' })
      }
    })

    test('F120: two associations that create the same id at once make one session with both', async () => {
      for (let round = 0; round < 100; round++) {
        const sessionId = `race-on-an-unknown-id-${round}`
        const answers = await Promise.all([
          store.associate(sessionId, { customerId: 'c-1' }, TTL_MS, true),
          store.associate(sessionId, { visitId: 'v-1' }, TTL_MS, true),
          store.associate(sessionId, { globalVisitId: 'g-1' }, TTL_MS, true),
        ])
        expect(answers.some((answer) => Object.keys(answer ?? {}).length === 6)).toBe(true)
        expect(await store.get(sessionId, TTL_MS)).toMatchObject({
          customerId: 'c-1',
          visitId: 'v-1',
          globalVisitId: 'g-1',
        })
      }
    })

    test('F112: ids are data: quotes, wildcards and the names of object members come back as they went in', async () => {
      const hostile = [
        `'; DROP TABLE sessions; --`.replaceAll(' ', '+'),
        '*',
        '__proto__',
        'constructor',
        '%00',
        '{}[]',
      ]
      for (const customerId of hostile) {
        const { sessionId } = await store.create({ customerId }, TTL_MS)
        expect(await store.get(sessionId, TTL_MS)).toMatchObject({ customerId })
      }
      expect(await store.get('constructor-constructor', TTL_MS)).toBeNull()
    })

    test('F117: fields that are no ids are not stored', async () => {
      const ids = { customerId: 'c-1', createdAt: 1, isAdmin: 'yes' }
      const { sessionId } = await store.create(ids, TTL_MS)
      await store.associate(sessionId, ids, TTL_MS, true)
      const session = await store.get(sessionId, TTL_MS)
      expect(Object.keys(session ?? {}).sort()).toEqual(['createdAt', 'customerId', 'expiresAt', 'sessionId'])
      expect(session?.createdAt).toBeGreaterThan(1)
    })

    test('what a caller does to a returned session changes nothing in the store', async () => {
      const session = await store.create({ customerId: 'c-1' }, TTL_MS)
      session.customerId = 'changed'
      expect(await store.get(session.sessionId, TTL_MS)).toMatchObject({ customerId: 'c-1' })
    })

    test('closing twice is as good as closing once', async () => {
      await store.close()
      await expect(store.close()).resolves.toBeUndefined()
    })
  })
}
