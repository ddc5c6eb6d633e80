import type { SessionStore } from 'storefront-session/server'

/** What a visitor did, in the order in which it happened. */
export type Deed =
  /** The store answered that this session belongs to this customer. */
  | ['made', sessionId: string, customerId: string]
  /** The store is asked to remove it: from now on nobody knows until it has answered. */
  | ['removing', sessionId: string]
  | ['removed', sessionId: string]
  /** The store rejected an operation. */
  | ['failed']

const TTL_MS = 3_600_000
const PAUSE_MS = 5

/** One visitor: makes sessions, signs in, and leaves every third one for good, until `isOver`. */
export async function visit(
  store: SessionStore,
  name: string,
  tell: (deed: Deed) => void,
  isOver: () => boolean,
): Promise<void> {
  for (let round = 0; !isOver(); round++) {
    const customerId = `${name}-${round}`
    try {
      const { sessionId } = await store.create({}, TTL_MS)
      await store.associate(sessionId, { customerId }, TTL_MS, false)
      tell(['made', sessionId, customerId])
      if (round % 3) continue
      tell(['removing', sessionId])
      await store.remove(sessionId)
      tell(['removed', sessionId])
    } catch {
      tell(['failed'])
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
}

/** What the store owes to the visitors, from their deeds. */
export function createLedger() {
  const customers = new Map<string, string>()
  const made = new Set<string>()
  const removed = new Set<string>()
  const counts = { made: 0, removed: 0, failed: 0 }
  return {
    counts,
    add: ([what, sessionId = '', customerId = '']: Deed | string[]) => {
      if (what === 'made') {
        made.add(sessionId)
        customers.set(sessionId, customerId)
      } else if (what === 'removing') made.delete(sessionId)
      else if (what === 'removed') removed.add(sessionId)
      if (what === 'made' || what === 'removed' || what === 'failed') counts[what]++
    },
    /** Sessions that were answered and are not there, and sessions that were removed and are. */
    check: async (store: SessionStore) => {
      const lost: string[] = []
      const back: string[] = []
      for (const sessionId of made) {
        const customerId = customers.get(sessionId) ?? ''
        const session = await store.get(sessionId, null)
        if (session?.customerId !== customerId) lost.push(sessionId)
      }
      for (const sessionId of removed) {
        const again = await store.associate(sessionId, {}, TTL_MS, true)
        if (again || (await store.get(sessionId, null))) back.push(sessionId)
      }
      // The index, too, has what was answered and nothing of what was removed.
      for (const sessionId of [...made].slice(-100))
        if ((await store.find(customers.get(sessionId) ?? '')).length !== 1)
          lost.push(`index of ${sessionId}`)
      for (const sessionId of [...removed].slice(-100))
        if ((await store.find(customers.get(sessionId) ?? '')).length !== 0)
          back.push(`index of ${sessionId}`)
      return { lost, back }
    },
  }
}
