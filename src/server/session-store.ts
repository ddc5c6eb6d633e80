import type { Associations } from '../wire/session-info.ts'

/** The ids that a store merges into a session, field by field; an absent field leaves what is there. */
export interface SessionIds extends Associations {
  /** Id of the agent who acts for the customer; travels in the header `gkc_agentId`. */
  agentId?: string | undefined
}

/** A session as a store returns it: a copy of its own, which the caller may change. */
export interface StoredSession extends SessionIds {
  sessionId: string
  /** Milliseconds since the epoch. */
  createdAt: number
  /** Milliseconds since the epoch; from this moment on the session is gone. */
  expiresAt: number
}

/**
 * Where sessions live. Every operation is atomic and renews the session's time to live: two associations at
 * once lose nothing, whichever process they come from. A promise resolves only after the store has the write.
 *
 * An operation rejects when the store can't be reached in time; the handler answers 503 then. A store should
 * reject within a second or two rather than wait for better times.
 *
 * `GET /healthz` associates nothing with a fixed id that no visitor has, and creates it for a minute: only a write
 * shows that writes are taken.
 *
 * The handler hands over ids of the shape `^[A-Za-z0-9_-]{16,128}$` and values of 1 to 256 visible ASCII
 * characters only, and never learns from a store what it did not ask for.
 */
export interface SessionStore {
  /** Makes a session with a new id that can't be guessed. */
  create(ids: SessionIds, ttlMs: number): Promise<StoredSession>
  /** The session, its time renewed, or null if there is none (any more). */
  get(sessionId: string, ttlMs: number): Promise<StoredSession | null>
  /** Merges ids into a session. If there is none: makes it under this id, or gives null if `create` is false. */
  associate(sessionId: string, ids: SessionIds, ttlMs: number, create: boolean): Promise<StoredSession | null>
  /** Releases files and connections after what is under way. Calling it again does nothing. */
  close(): Promise<void>
}

/** A new session with the known fields that have a value. */
export const newSession = (
  sessionId: string,
  ids: SessionIds,
  createdAt: number,
  expiresAt: number,
): StoredSession => addSessionIds<StoredSession>({ sessionId, createdAt, expiresAt }, ids)

/** Adds the known fields that have a value, one by one: nothing else of the source can come along. */
export function addSessionIds<Target extends SessionIds>(target: Target, source: SessionIds): Target {
  if (source.customerId !== undefined) target.customerId = source.customerId
  if (source.agentId !== undefined) target.agentId = source.agentId
  if (source.visitId !== undefined) target.visitId = source.visitId
  if (source.globalVisitId !== undefined) target.globalVisitId = source.globalVisitId
  return target
}

/** The session that the health check writes: a well-formed id that no visitor has. */
export const PROBE_ID = 'healthz-healthz-healthz'
/** Long enough that a check every few seconds renews one session, and short enough that it leaves no trace. */
const PROBE_TTL_MS = 60_000

/** Rejects where the store takes no write, as on a full disk: one that only reads would go on to be called healthy. */
export const probeStore = async (store: SessionStore): Promise<void> =>
  void (await store.associate(PROBE_ID, {}, PROBE_TTL_MS, true))
