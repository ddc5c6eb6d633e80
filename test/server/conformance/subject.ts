import type { SessionStore } from 'storefront-session/server'

/** How the suite gets a fresh store; `now` is the store's clock where it lets us set one. */
export interface StoreUnderTest {
  open(now: () => number): Promise<SessionStore> | SessionStore
  /** Whether `now` drives expiry. Otherwise expiry is waited for, with a short time to live. */
  hasClock: boolean
  /** A value that differs after each write to what lies below the store. Absent where nothing lies below. */
  version?(): unknown
}

/** The store of the running test. */
export interface Subject extends Pick<StoreUnderTest, 'hasClock' | 'version'> {
  store(): SessionStore
  /** The store's time, in milliseconds since the epoch. */
  now(): number
  /** A time to live that {@link pass} can wait for. */
  shortMs: number
  /** Lets `ms` pass, in real time where the store's clock is its own. */
  pass(ms: number): Promise<void>
}

export const TTL_MS = 60_000
export const UNKNOWN_ID = 'an-id-that-nobody-has'
