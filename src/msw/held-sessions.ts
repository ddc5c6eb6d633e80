import type { Associations, SessionInfo } from '../wire/session-info.ts'

/** The ids that a request can bring. */
export type RequestIds = Associations & { agentId?: string | undefined }

/** The sessions of one mocked API, in memory. Tenants are kept apart; `null` stands for no tenant. */
export interface HeldSessions {
  /** Makes a session with a random id. */
  create(ids: RequestIds, tenantId: string | null): SessionInfo
  /** The session, or undefined if this tenant has none under this id. */
  get(sessionId: string, tenantId: string | null): SessionInfo | undefined
  /** Merges ids into a session. Makes an unknown one if `canCreate`, but never one that was erased. */
  associate(
    sessionId: string,
    ids: RequestIds,
    tenantId: string | null,
    canCreate: boolean,
  ): SessionInfo | undefined
  /** Removes a session of this tenant. Does nothing for an unknown id. */
  erase(sessionId: string, tenantId: string | null): void
  /** All sessions, the oldest first. */
  all(): SessionInfo[]
}

interface Held {
  info: SessionInfo
  /** `undefined` for a seeded session: every tenant finds it. */
  tenantId: string | null | undefined
}

const TTL_MS = 30 * 24 * 3_600_000

/** Starts with copies of the seeds. */
export function createHeldSessions(seeds: readonly SessionInfo[]): HeldSessions {
  const held = new Map<string, Held>(
    seeds.map((seed) => [seed.sessionId, { info: { ...seed }, tenantId: undefined }]),
  )
  const erased = new Set<string>()

  const find = (sessionId: string, tenantId: string | null) => {
    const entry = held.get(sessionId)
    return entry && (entry.tenantId === undefined || entry.tenantId === tenantId) ? entry : undefined
  }
  const make = (sessionId: string, ids: RequestIds, tenantId: string | null) => {
    const now = Date.now()
    const info = {
      sessionId,
      ...ids,
      createdAt: new Date(now).toISOString(),
      expiresAt: new Date(now + TTL_MS).toISOString(),
    }
    held.set(sessionId, { info, tenantId })
    return { ...info }
  }

  return {
    create: (ids, tenantId) => make(randomId(), ids, tenantId),
    get(sessionId, tenantId) {
      const entry = find(sessionId, tenantId)
      return entry && { ...entry.info }
    },
    associate(sessionId, ids, tenantId, canCreate) {
      const entry = find(sessionId, tenantId)
      if (entry) return { ...Object.assign(entry.info, ids) }
      // The id of another tenant is as unknown as any other. It is not made again, because it is taken.
      return canCreate && !held.has(sessionId) && !erased.has(sessionId)
        ? make(sessionId, ids, tenantId)
        : undefined
    },
    erase(sessionId, tenantId) {
      if (!find(sessionId, tenantId)) return
      held.delete(sessionId)
      erased.add(sessionId)
    },
    all: () => [...held.values()].map(({ info }) => ({ ...info })),
  }
}

/** 24 hexadecimal characters. `crypto.randomUUID` is missing in some jsdom versions and on plain HTTP. */
const randomId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  )
