import type { Associations } from '../wire/session-info.ts'

/** The ids that a store merges into a session, field by field; an absent field leaves the stored one. */
export interface SessionIds extends Associations {
  /** Id of the agent who acts for the customer; travels in the header `gkc_agentId`. */
  agentId?: string | undefined
  /** The tenant that the session belongs to, from the URL parameter `tenantId`. It is set at creation and never changes. */
  tenantId?: string | undefined
  /** The session that this one replaced, as at a sign-in that rotates the id. */
  previousSessionId?: string | undefined
}

/** A session as a store returns it. It is a copy, which the caller may change. */
export interface StoredSession extends SessionIds {
  sessionId: string
  /** Milliseconds since the epoch. */
  createdAt: number
  /** Milliseconds since the epoch; from this moment on the session is gone. */
  expiresAt: number
}

/** How an operation renews and ends a session, beside its time to live. */
export interface SessionLimits {
  /**
   * A use renews the session only if this moves its end by as many milliseconds, so that most reads write nothing.
   * @default 0: each use renews
   */
  touchMs?: number | undefined
  /**
   * Milliseconds after its creation at which a session ends, however often it is used.
   * @default no such end
   */
  maxAgeMs?: number | undefined
}

/** A page of {@link SessionStore.scan}. */
export interface SessionPage {
  /** May be fewer than the limit, also where more follow. */
  sessions: StoredSession[]
  /** `after` for the next page; absent on the last one. Its form is the store's own. */
  next?: string
}

/**
 * Where sessions live. Every operation is atomic, whichever process it comes from: two associations at once lose
 * nothing. A promise resolves only after the store has the write.
 *
 * An operation rejects when the store can't be reached in time; the handler answers 503 then. A store should
 * reject within a second or two rather than wait.
 *
 * Each operation with a time to live renews the session, within its {@link SessionLimits}. A session whose time is
 * over counts as absent from that moment on, before the store has removed it.
 *
 * The handler passes only ids of the shape `^[A-Za-z0-9_-]{16,128}$` and values of 1 to 256 visible ASCII characters.
 */
export interface SessionStore {
  /** Makes a session with a new id that can't be guessed. */
  create(ids: SessionIds, ttlMs: number, limits?: SessionLimits): Promise<StoredSession>
  /** The session, or null if the store does not have it. A `ttlMs` of null only reads; any other value renews a session that is due. */
  get(sessionId: string, ttlMs: number | null, limits?: SessionLimits): Promise<StoredSession | null>
  /**
   * Merges ids into a session. Without one, makes it under this id, or answers null if `create` is false.
   *
   * Answers null and changes nothing where the session belongs to another tenant than `ids.tenantId` (absent means
   * none), and where the id was removed within the last {@link ERASED_MS}.
   */
  associate(
    sessionId: string,
    ids: SessionIds,
    ttlMs: number,
    create: boolean,
    limits?: SessionLimits,
  ): Promise<StoredSession | null>
  /**
   * Erases the session with all its ids; answers whether there was one. For {@link ERASED_MS} the id can't be made
   * again, also where there was no session. This always writes, so the health check uses it on an id that no visitor has.
   */
  remove(sessionId: string): Promise<boolean>
  /** The sessions of a customer, of all tenants. Renews nothing. */
  find(customerId: string): Promise<StoredSession[]>
  /**
   * All sessions, page by page, in an order that the store chooses. Renews nothing. A session that lives during the
   * whole scan is in one page; one that is made or removed during the scan may be missing.
   */
  scan(options?: { after?: string; limit?: number }): Promise<SessionPage>
  /** How many sessions are stored, roughly and at once, for a progress bar. A store may lack it. */
  count?(): Promise<number>
  /** How many expired sessions are not removed yet, at most 100,000, for metrics. A store without a sweep lacks it. */
  sweepBacklog?(): Promise<number>
  /** Releases files and connections after what is under way. Calling it again does nothing. */
  close(): Promise<void>
}

/** How long a removed id can't be made again: ten minutes, in which a late request of its page may still arrive. */
export const ERASED_MS = 600_000

/** How many sessions a page of {@link SessionStore.scan} has at most, by default. */
export const PAGE_SIZE = 1_000

/** @throws TypeError for a limit of {@link SessionStore.scan} that is no positive integer */
export function checkLimit(limit: number): number {
  if (Number.isSafeInteger(limit) && limit >= 1) return limit
  throw new TypeError(`scan: limit must be a positive integer, not ${limit}`)
}

/** A new session with the known fields that have a value. */
export const newSession = (
  sessionId: string,
  ids: SessionIds,
  createdAt: number,
  expiresAt: number,
): StoredSession => addSessionIds<StoredSession>({ sessionId, createdAt, expiresAt }, ids)

/** Adds the known fields that have a value, one by one, so that no other field of the source comes along. */
export function addSessionIds<Target extends SessionIds>(target: Target, source: SessionIds): Target {
  if (source.customerId !== undefined) target.customerId = source.customerId
  if (source.agentId !== undefined) target.agentId = source.agentId
  if (source.visitId !== undefined) target.visitId = source.visitId
  if (source.globalVisitId !== undefined) target.globalVisitId = source.globalVisitId
  if (source.tenantId !== undefined) target.tenantId = source.tenantId
  if (source.previousSessionId !== undefined) target.previousSessionId = source.previousSessionId
  return target
}

/** The id that the health check removes: it is well-formed, and no visitor has it. */
export const PROBE_ID = 'healthz-healthz-healthz'

/** Rejects where the store takes no write, as on a full disk. Leaves no session behind. */
export const probeStore = async (store: SessionStore): Promise<void> => void (await store.remove(PROBE_ID))
