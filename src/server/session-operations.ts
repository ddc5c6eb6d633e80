import { checkCustomer } from './app-callbacks.ts'
import type { SessionCookie } from './cookie.ts'
import type { HandlerSettings, SessionHandlerOptions } from './handler-options.ts'
import type { Limiter } from './limit.ts'
import type { Tell } from './notify.ts'
import { unavailable } from './patience.ts'
import { type ApiRequest, readBody } from './request.ts'
import { type RequestFields, readFields, readIds, readPreviousId, readResume } from './request-ids.ts'
import { type Answer, answerNothing, answerSession, RequestFailure } from './response.ts'
import { createSessionChanges } from './session-changes.ts'
import type { SessionIds, SessionStore, StoredSession } from './session-store.ts'

/** The tenant of a request, from its URL; undefined where it names none. */
type TenantId = string | undefined

/** The four operations of the API. Each rejects with a `RequestFailure` where it can't be carried out. */
export interface SessionOperations {
  create(request: ApiRequest, tenantId: TenantId): Promise<Answer>
  retrieve(request: ApiRequest, sessionId: string, tenantId: TenantId): Promise<Answer>
  associate(request: ApiRequest, sessionId: string, tenantId: TenantId): Promise<Answer>
  erase(request: ApiRequest, sessionId: string, tenantId: TenantId): Promise<Answer>
}

/** What {@link createSessionOperations} works with. */
export interface OperationParts extends HandlerSettings {
  store: SessionStore
  limiter: Limiter
  cookie: SessionCookie | undefined
  verifyCustomer: SessionHandlerOptions['verifyCustomer']
  onAssociate: SessionHandlerOptions['onAssociate']
  tell: Tell
}

export function createSessionOperations(parts: OperationParts): SessionOperations {
  const { store, limiter, cookie, verifyCustomer, tell, ttlMs, limits, maxBodyBytes } = parts
  const changes = createSessionChanges(parts)

  /** Most requests have no body, and no promise to wait for. */
  const readRequest = (request: ApiRequest): RequestFields | Promise<RequestFields> =>
    readBody(request, maxBodyBytes)?.then((bytes) => readFields(request, bytes)) ?? null

  const check = (request: ApiRequest, { customerId }: SessionIds): Promise<void> | undefined =>
    verifyCustomer && customerId !== undefined
      ? checkCustomer(verifyCustomer, request.toRequest(), customerId, tell)
      : undefined

  /** Of what the store rejects, only the app hears. */
  const fail = (error: unknown): never => {
    if (error instanceof RequestFailure) throw error
    tell(error)
    throw unavailable('The session store does not answer')
  }

  const names = (request: ApiRequest, sessionId: string, tenantId: TenantId): boolean =>
    cookie?.read(request, tenantId) === sessionId

  const keep = (answer: Answer, { sessionId }: StoredSession, tenantId: TenantId): Answer => {
    if (cookie) answer.headers['set-cookie'] = cookie.keep(sessionId, tenantId)
    return answer
  }

  /** Also takes the cookie of a session that is over. */
  const notFound = (request: ApiRequest, sessionId: string, tenantId: TenantId): RequestFailure =>
    new RequestFailure('sessionNotFound', 'Session not found', clearing(request, sessionId, tenantId))

  const clearing = (request: ApiRequest, sessionId: string, tenantId: TenantId): Record<string, string> =>
    cookie && names(request, sessionId, tenantId) ? { 'set-cookie': cookie.clear(tenantId) } : {}

  return {
    create: async (request, tenantId) => {
      limiter.create?.(request)
      const reading = readRequest(request)
      const fields = reading && (await reading)
      const ids = readIds(request, fields, tenantId)
      const previousSessionId = readPreviousId(fields)
      if (previousSessionId !== undefined) ids.previousSessionId = previousSessionId
      const cookieId = readResume(fields) ? cookie?.read(request, tenantId) : undefined
      const checking = check(request, ids)
      if (checking) await checking
      let made: StoredSession
      try {
        made = await changes.create(request, ids, cookieId)
      } catch (error) {
        return fail(error)
      }
      const answer = answerSession(made)
      // So that the client tells a visitor who comes back from a new one.
      if (made.sessionId === cookieId) answer.headers = { ...answer.headers, 'session-resumed': 'true' }
      return keep(answer, made, tenantId)
    },

    retrieve: async (request, sessionId, tenantId) => {
      limiter.use?.(request)
      let found: StoredSession | null
      try {
        found = await store.get(sessionId, ttlMs, limits)
      } catch (error) {
        return fail(error)
      }
      if (found?.tenantId !== tenantId) found = null
      if (!found) throw notFound(request, sessionId, tenantId)
      const answer = answerSession(found)
      // Only a cookie that names this session already is renewed: a link to another one must plant nothing.
      return names(request, sessionId, tenantId) ? keep(answer, found, tenantId) : answer
    },

    associate: async (request, sessionId, tenantId) => {
      limiter.use?.(request)
      const reading = readRequest(request)
      const ids = readIds(request, reading && (await reading), tenantId)
      const checking = check(request, ids)
      if (checking) await checking
      let found: StoredSession | null
      try {
        found = await changes.associate(request, sessionId, ids)
      } catch (error) {
        return fail(error)
      }
      if (!found) throw notFound(request, sessionId, tenantId)
      const answer = answerSession(found)
      return isForm(request) ? answer : keep(answer, found, tenantId)
    },

    erase: async (request, sessionId, tenantId) => {
      limiter.use?.(request)
      try {
        const found = await store.get(sessionId, null, limits)
        // An unknown id is removed too, so that a late POST does not make it.
        if (!found || found.tenantId === tenantId) await store.remove(sessionId)
      } catch (error) {
        return fail(error)
      }
      return answerNothing(clearing(request, sessionId, tenantId))
    },
  }
}

/**
 * A form of any site can send a POST, and old browsers do not say from which site. Scripts of another site get no
 * SameSite cookie stored, but a form that loads a page does, so a form must plant nothing.
 */
const isForm = (request: ApiRequest): boolean =>
  /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\b/i.test(
    request.header('content-type') ?? '',
  )
