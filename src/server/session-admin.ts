import { isAssociationId } from '../wire/session-info.ts'
import { createIsoTime } from './iso-time.ts'
import { isServerSessionId } from './session-id.ts'
import type { SessionStore, StoredSession } from './session-store.ts'

/** What a store holds, in numbers. */
export interface SessionReport {
  /** Sessions that have not expired. */
  sessions: number
  /** How many of them have a customer id. */
  withCustomer: number
  /** When the oldest session was created, in ISO 8601; null if there are no sessions. */
  oldest: string | null
  /** When the newest session was created, in ISO 8601; null if there are no sessions. */
  newest: string | null
}

/** Work on stored sessions that no visitor may do: for scripts and back offices. */
export interface SessionAdmin {
  /** The session of an id, or null. Renews nothing. */
  get(sessionId: string): Promise<StoredSession | null>
  /** The sessions of a customer, of all tenants. Renews nothing. */
  find(query: { customerId: string }): AsyncIterable<StoredSession>
  /** Erases a session; answers whether there was one. For ten minutes its id can't be made again. */
  remove(sessionId: string): Promise<boolean>
  /**
   * Erases all sessions of a customer, and the anonymous sessions that these name as `previousSessionId`; answers how
   * many. Sessions that get this customer while it runs may stay.
   */
  removeCustomer(customerId: string): Promise<number>
  /** Counts what is stored. Reads every session, so it takes seconds for a million. */
  report(): Promise<SessionReport>
}

/**
 * Finds, erases and counts sessions in a store, beside a running server or without one. It is a library, not a route:
 * there is nothing that the network could reach. A customer id that is not 1 to 256 visible ASCII characters rejects
 * with a TypeError; where the store can't be reached, each method rejects with the store's error.
 *
 * @example
 * const admin = createSessionAdmin({ store: sqliteStore({ path: 'sessions.db' }) })
 * await admin.removeCustomer('ada@shop.example')
 */
export function createSessionAdmin({ store }: { store: SessionStore }): SessionAdmin {
  return {
    // Only ids of this shape are ever stored, and no other one may become part of a key.
    get: async (sessionId) => (isServerSessionId(sessionId) ? store.get(sessionId, null) : null),
    find: async function* ({ customerId }) {
      checkCustomer(customerId)
      yield* await store.find(customerId)
    },
    remove: async (sessionId) => isServerSessionId(sessionId) && store.remove(sessionId),
    removeCustomer: async (customerId) => {
      const { own, previous } = await sessionsAbout(store, customerId)
      let removed = 0
      // The customer's sessions name the previous ones, so they go last: what a crash leaves can be found again.
      for (const { sessionId } of [...previous, ...own]) if (await store.remove(sessionId)) removed++
      return removed
    },
    report: () => reportOn(store),
  }
}

/** All sessions that tell of a customer: those that have the id, and the anonymous ones that these replaced. */
export async function sessionsAbout(
  store: SessionStore,
  customerId: string,
): Promise<{ own: StoredSession[]; previous: StoredSession[] }> {
  checkCustomer(customerId)
  const own = await store.find(customerId)
  const previous = new Map<string, StoredSession>()
  for (const { previousSessionId, tenantId } of own) {
    if (previousSessionId === undefined || !isServerSessionId(previousSessionId)) continue
    const session = await store.get(previousSessionId, null)
    // A page may name any session as the previous one: that of another customer or tenant stays.
    if (session && session.customerId === undefined && session.tenantId === tenantId)
      previous.set(previousSessionId, session)
  }
  return { own, previous: [...previous.values()] }
}

/** Counts the sessions of a store; `onPage` hears how many were read so far. */
export async function reportOn(
  store: SessionStore,
  onPage?: (sessions: number) => void,
): Promise<SessionReport> {
  const toIso = createIsoTime()
  let [sessions, withCustomer, oldest, newest] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  let after: string | undefined
  do {
    const page = await store.scan(after === undefined ? {} : { after })
    for (const { customerId, createdAt } of page.sessions) {
      sessions++
      if (customerId !== undefined) withCustomer++
      oldest = Math.min(oldest, createdAt)
      newest = Math.max(newest, createdAt)
    }
    after = page.next
    onPage?.(sessions)
  } while (after !== undefined)
  return {
    sessions,
    withCustomer,
    oldest: sessions ? toIso(oldest) : null,
    newest: sessions ? toIso(newest) : null,
  }
}

function checkCustomer(customerId: string): void {
  if (!isAssociationId(customerId))
    throw new TypeError('createSessionAdmin: customerId must be 1 to 256 visible ASCII characters')
}
