import type { SessionLimits, StoredSession } from './session-store.ts'

/** The absolute end of a session that was made at `createdAt`. */
const lastEnd = (createdAt: number, { maxAgeMs = Number.POSITIVE_INFINITY }: SessionLimits): number =>
  createdAt + maxAgeMs

/** When a session ends that is made at `createdAt`. */
export const endAtCreation = (createdAt: number, ttlMs: number, limits: SessionLimits = {}): number =>
  Math.min(createdAt + ttlMs, lastEnd(createdAt, limits))

/** Whether a stored session is still there at `now`. */
export const isAlive = (
  { createdAt, expiresAt }: StoredSession,
  now: number,
  limits: SessionLimits = {},
): boolean => Math.min(expiresAt, lastEnd(createdAt, limits)) > now

/**
 * When a stored session ends after a use at `now`; a `ttlMs` of null renews nothing. The stored end stays unless the
 * use moves it by `touchMs`. A shorter time to live than before brings it forward in the same way.
 */
export function endAfterUse(
  { createdAt, expiresAt }: StoredSession,
  now: number,
  ttlMs: number | null,
  limits: SessionLimits = {},
): number {
  const last = lastEnd(createdAt, limits)
  const stored = Math.min(expiresAt, last)
  if (ttlMs === null) return stored
  const renewed = Math.min(now + ttlMs, last)
  return Math.abs(renewed - stored) < (limits.touchMs ?? 0) ? stored : renewed
}
