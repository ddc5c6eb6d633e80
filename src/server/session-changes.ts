import { announce, type OnAssociate } from './app-callbacks.ts'
import type { Limiter } from './limit.ts'
import type { Tell } from './notify.ts'
import type { ApiRequest } from './request.ts'
import { createSessionIds } from './session-id.ts'
import {
  addSessionIds,
  newSession,
  type SessionIds,
  type SessionLimits,
  type SessionStore,
  type StoredSession,
} from './session-store.ts'
import { createTurns } from './session-turns.ts'

/** How a handler makes and changes sessions: `PUT` and `POST`. Each function rejects with what the store rejects. */
export interface SessionChanges {
  /** A new session; or the cookie's session with the ids merged, if it lives and belongs to no other customer. */
  create(request: ApiRequest, ids: SessionIds, cookieId: string | undefined): Promise<StoredSession>
  /** The session with the ids merged; null without a session, where none may be made. */
  associate(request: ApiRequest, sessionId: string, ids: SessionIds): Promise<StoredSession | null>
}

/** What {@link createSessionChanges} works with. */
export interface ChangeSettings {
  store: SessionStore
  ttlMs: number
  limits: SessionLimits
  createOnAssociate: boolean
  limiter: Limiter
  onAssociate: OnAssociate | undefined
  tell: Tell
}

/** Without `onAssociate` and `limit.create`, each change is one operation of the store. */
export function createSessionChanges(settings: ChangeSettings): SessionChanges {
  const { store, ttlMs, limits, createOnAssociate, limiter, onAssociate, tell } = settings
  const newSessionId = createSessionIds()
  const inTurn = createTurns()

  /** Asks the app about a change, if it wants to be asked. */
  const ask = async (
    request: ApiRequest,
    sessionId: string,
    before: StoredSession | null,
    ids: SessionIds,
  ): Promise<void> => {
    if (!onAssociate || !bringsIds(ids)) return
    const now = Date.now()
    const end = Math.min(
      now + ttlMs,
      (before?.createdAt ?? now) + (limits.maxAgeMs ?? Number.POSITIVE_INFINITY),
    )
    const after = before
      ? { ...addSessionIds({ ...before }, ids), expiresAt: end }
      : newSession(sessionId, ids, now, end)
    await announce(onAssociate, { sessionId, before, after, request: request.toRequest() }, tell)
  }

  const makeAsked = async (request: ApiRequest, ids: SessionIds): Promise<StoredSession> => {
    // The app hears the id before the session exists, so the store can't choose it.
    const sessionId = newSessionId()
    await ask(request, sessionId, null, ids)
    const made = await store.associate(sessionId, ids, ttlMs, true, limits)
    if (!made) throw new Error('The store has not made the session')
    return made
  }

  // Not async, like the store's own operations below: each further promise costs a request.
  const make = (request: ApiRequest, ids: SessionIds): Promise<StoredSession> =>
    onAssociate && bringsIds(ids) ? makeAsked(request, ids) : store.create(ids, ttlMs, limits)

  const resume = (request: ApiRequest, cookieId: string, brought: SessionIds) =>
    inTurn(cookieId, async (): Promise<StoredSession | null> => {
      const ids = { ...brought }
      if (ids.previousSessionId === cookieId) delete ids.previousSessionId
      if (onAssociate || ids.customerId !== undefined) {
        const before = await store.get(cookieId, null, limits)
        if (!before || before.tenantId !== ids.tenantId || isOfAnother(before, ids)) return null
        await ask(request, cookieId, before, ids)
      }
      return store.associate(cookieId, ids, ttlMs, false, limits)
    })

  const associateLimited = async (request: ApiRequest, sessionId: string, ids: SessionIds) => {
    const found = await store.associate(sessionId, ids, ttlMs, false, limits)
    if (found || !createOnAssociate) return found
    limiter.create?.(request)
    return store.associate(sessionId, ids, ttlMs, true, limits)
  }

  const associateAsked = (request: ApiRequest, sessionId: string, ids: SessionIds) =>
    inTurn(sessionId, async (): Promise<StoredSession | null> => {
      const before = await store.get(sessionId, null, limits)
      if (before ? before.tenantId !== ids.tenantId : !createOnAssociate) return null
      if (!before) limiter.create?.(request)
      await ask(request, sessionId, before, ids)
      return store.associate(sessionId, ids, ttlMs, createOnAssociate, limits)
    })

  return {
    create: (request, ids, cookieId) =>
      cookieId === undefined
        ? make(request, ids)
        : resume(request, cookieId, ids).then((resumed) => resumed ?? make(request, ids)),
    associate: (request, sessionId, ids) => {
      if (onAssociate && bringsIds(ids)) return associateAsked(request, sessionId, ids)
      if (limiter.create) return associateLimited(request, sessionId, ids)
      return store.associate(sessionId, ids, ttlMs, createOnAssociate, limits)
    },
  }
}

/** Whether there is anything to associate: the tenant and the previous session belong to the session from its start. */
const bringsIds = ({ customerId, agentId, visitId, globalVisitId }: SessionIds): boolean =>
  (customerId ?? agentId ?? visitId ?? globalVisitId) !== undefined

/** Whether the ids name another customer than the session has. */
const isOfAnother = (session: StoredSession, { customerId }: SessionIds): boolean =>
  customerId !== undefined && session.customerId !== undefined && session.customerId !== customerId
