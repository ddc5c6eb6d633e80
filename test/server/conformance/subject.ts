import type { SessionStore, StoredSession } from 'storefront-session/server'
import { expect } from 'vitest'

/** How the suite gets a fresh store, whose clock is `now`. */
export interface StoreUnderTest {
  open(now: () => number): Promise<SessionStore> | SessionStore
  /** Whether keys move from server to server meanwhile, so that a scan may miss some or give them twice. */
  keysMove?: boolean
  /** A value that differs after each write to what lies below the store. Absent where nothing lies below. */
  version?(): unknown
}

/** The store of the running test. */
export interface Subject extends Pick<StoreUnderTest, 'version'> {
  store(): SessionStore
  /** The store's time, in milliseconds since the epoch. */
  now(): number
  /** Lets `ms` pass on the store's clock. */
  pass(ms: number): void
}

export const TTL_MS = 120_000
/** Longer than a test takes: Redis also removes keys by its own clock. */
export const SHORT_MS = 20_000
export const UNKNOWN_ID = 'an-id-that-nobody-has'

/** All sessions of a store, page by page; `between` runs after each page. */
export async function scanAll(
  store: SessionStore,
  limit = 100,
  between?: () => Promise<unknown>,
): Promise<StoredSession[]> {
  const found: StoredSession[] = []
  let after: string | undefined
  do {
    const page = await store.scan({ limit, ...(after !== undefined && { after }) })
    expect(page.sessions.length).toBeLessThanOrEqual(limit)
    found.push(...page.sessions)
    after = page.next
    await between?.()
  } while (after !== undefined)
  return found
}
