import { type HttpHandler, HttpResponse, http } from 'msw'
import { isSessionId, type SessionInfo } from '../wire/session-info.ts'
import { answerFailure, answerSession } from './answers.ts'
import { replaceAnswer, type SessionApiFault } from './faults.ts'
import { createHeldSessions, type HeldSessions } from './held-sessions.ts'
import { readRequestIds } from './request-ids.ts'

/** One request to the mocked API. */
export interface SessionApiCall {
  /** `PUT` creates, `GET` retrieves, `POST` associates, `DELETE` erases. */
  method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** The id in the path; null for the `PUT` of a new session. */
  sessionId: string | null
}

/** Options of {@link sessionApiHandlers}. */
export interface SessionApiHandlersOptions {
  /**
   * How the API fails: one fault for all requests, or a function that names the fault of each request and returns
   * undefined for the correct answer.
   * @default undefined (the API works)
   */
  faults?: SessionApiFault | ((call: SessionApiCall) => SessionApiFault | undefined) | undefined
  /**
   * Sessions that exist from the beginning. Answers contain all of their fields. Every `tenantId` finds them.
   * @default []
   */
  sessions?: readonly SessionInfo[] | undefined
}

/** MSW handlers, and the sessions that they hold. */
export type SessionApiHandlers = HttpHandler[] & {
  /** Copies of the sessions that the mocked API holds now, the oldest first. */
  sessions(): SessionInfo[]
}

/**
 * MSW handlers that behave as the Session Management API at `baseUrl`: PUT creates, GET retrieves, POST associates (and
 * creates an unknown id), DELETE erases. Each call makes an API with sessions of its own.
 *
 * @param baseUrl the client's `baseUrl`: a path such as `/gks-server/v1`, or an http(s) URL
 * @throws TypeError for a `baseUrl` or a seeded `sessionId` that the client would refuse
 * @example
 * const api = sessionApiHandlers('/gks-server/v1', { sessions: [{ sessionId: 'abc', customerId: 'ada' }] })
 * const server = setupServer(...api)
 * expect(api.sessions()).toMatchObject([{ sessionId: 'abc', visitId: 'v-1' }])
 */
export function sessionApiHandlers(
  baseUrl: string,
  { faults, sessions = [] }: SessionApiHandlersOptions = {},
): SessionApiHandlers {
  checkBaseUrl(baseUrl)
  checkSeeds(sessions)
  const held = createHeldSessions(sessions)
  const handler = http.all(
    `${baseUrl.replace(/\/+$/, '')}/sessions/:sessionId`,
    async ({ request, params }) => {
      const segment = String(params.sessionId)
      const method = methodOf(request, segment)
      if (!method) return answerFailure('methodNotAllowed', { allow: allowedFor(segment) })
      const call = { method, sessionId: method === 'PUT' ? null : segment }
      const fault = typeof faults === 'function' ? faults(call) : faults
      return (await replaceAnswer(fault)) ?? answer(held, request, call, fault)
    },
  )
  return Object.assign([handler], { sessions: held.all })
}

async function answer(
  held: HeldSessions,
  request: Request,
  { method, sessionId }: SessionApiCall,
  fault: SessionApiFault | undefined,
): Promise<Response> {
  const tenantId = new URL(request.url).searchParams.get('tenantId') || null
  const success = (info: SessionInfo | undefined) =>
    info ? answerSession(info, envelopeFor(fault)) : answerFailure('sessionNotFound')
  if (sessionId !== null && !isSessionId(sessionId))
    return answerFailure('badRequest', {}, 'This is not the shape of a session id')
  if (sessionId !== null && method === 'GET') return success(held.get(sessionId, tenantId))
  if (sessionId !== null && method === 'DELETE') {
    held.erase(sessionId, tenantId)
    return new HttpResponse(null, { status: 204 })
  }
  const { ids, refusal } = await readRequestIds(request, fault === 'dropped-headers')
  if (refusal) return refusal
  if (sessionId === null) return success(held.create(ids, tenantId))
  return success(held.associate(sessionId, ids, tenantId, fault !== 'no-create'))
}

function envelopeFor(fault: SessionApiFault | undefined) {
  if (fault === 'data-envelope') return 'data'
  return fault === 'bare-envelope' ? 'bare' : 'response'
}

const allowedFor = (segment: string) => (segment === 'new' ? 'PUT' : 'GET, POST, DELETE')

/** Undefined where the path does not answer this method. */
const methodOf = (request: Request, segment: string): SessionApiCall['method'] | undefined =>
  allowedFor(segment).split(', ').includes(request.method)
    ? (request.method as SessionApiCall['method']) // one of the names just listed
    : undefined

function checkBaseUrl(baseUrl: string): void {
  if (!/^(\/|https?:\/\/|\*\/)/.test(baseUrl))
    throw new TypeError(
      `sessionApiHandlers: baseUrl must be a path such as /gks-server/v1 or an http(s) URL, not "${baseUrl}"`,
    )
}

function checkSeeds(sessions: readonly SessionInfo[]): void {
  for (const [index, { sessionId }] of sessions.entries())
    if (!isSessionId(sessionId))
      throw new TypeError(
        `sessionApiHandlers: sessions[${index}].sessionId must be 1 to 256 of A-Z a-z 0-9 . _ ~ - and not "new"; it is ${JSON.stringify(sessionId)}`,
      )
}
