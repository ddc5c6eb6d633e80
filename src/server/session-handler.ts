import { createSessionCookie } from './cookie.ts'
import { createCors } from './cors.ts'
import { createRequestTrace, type RequestDiagnostics, traceStore } from './diagnostics.ts'
import { checkOptions, type SessionHandlerOptions } from './handler-options.ts'
import { createLimiter } from './limit.ts'
import { createTell, notify } from './notify.ts'
import { unavailable } from './patience.ts'
import { type ApiRequest, fromRequest, type RequestOrigin } from './request.ts'
import { traceOf } from './request-id.ts'
import { readTenant } from './request-ids.ts'
import {
  type Answer,
  answerFailure,
  answerHealthy,
  answerNotAllowed,
  answerNothing,
  RequestFailure,
} from './response.ts'
import { locate, methodsOf, type Place } from './routes.ts'
import { isVisitorSessionId } from './session-id.ts'
import { createSessionOperations } from './session-operations.ts'
import { probeStore, type SessionStore } from './session-store.ts'

/** The Session Management API as a function from `Request` to `Response`. */
export interface SessionHandler {
  (request: Request, info?: RequestOrigin): Promise<Response>
  /** The same for a server without `Request` objects; `toNodeListener` uses it. Never rejects. */
  answer(request: ApiRequest): Promise<Answer>
}

/**
 * The Session Management API over a store: `PUT /sessions/new` creates, `GET /sessions/{sessionId}` retrieves,
 * `POST /sessions/{sessionId}` associates, `DELETE /sessions/{sessionId}` erases. `GET /livez` answers 200;
 * `GET /readyz` (also `/healthz`) answers 200 when the store takes a write, else 503.
 *
 * It imports no Node module, so it runs wherever `Request` and `Response` do. It never rejects: a failure becomes an
 * answer `{"statusCode":N,"description":"…"}` that shows nothing of the inside.
 *
 * @throws TypeError at once for an option that can't be right
 * @example
 * const handle = createSessionHandler({ store: memoryStore(), basePath: '/gks-server/v1' })
 * const response = await handle(new Request('https://shop.example/gks-server/v1/sessions/new', { method: 'PUT' }))
 */
export function createSessionHandler(options: SessionHandlerOptions): SessionHandler {
  const { onRequest } = options
  const settings = checkOptions(options)
  const tell = createTell(options.onError)
  const store = traceStore(options.store)
  const cors = createCors(options.cors)
  const cookie = options.cookie && createSessionCookie(options.cookie)
  const limiter = options.limit ? createLimiter(options.limit, tell) : {}
  const { verifyCustomer, onAssociate } = options
  const operations = createSessionOperations({
    ...settings,
    ...{ store, limiter, cookie, verifyCustomer, onAssociate, tell },
  })
  const probe = createProbe(store)
  const trace = createRequestTrace()

  const perform = async (request: ApiRequest, { route, sessionId }: Place): Promise<Answer> => {
    if (route === 'unknown') throw new RequestFailure('unknownRoute', 'There is nothing at this path')
    const { method } = request
    const tenantId = readTenant(request.target)
    const isErasable =
      settings.deletable || (cookie && tenantId !== null && cookie.read(request, tenantId) === sessionId)
    const methods = methodsOf(route, isErasable ?? false)
    if (!methods.includes(method)) return answerOptions(method, methods)
    if (route === '/livez') return answerHealthy()
    if (route === '/readyz' || route === '/healthz') {
      await probe().catch((error: unknown) => {
        tell(error)
        throw unavailable('The session store does not answer')
      })
      return answerHealthy()
    }
    if (cors.isForeign(request))
      throw new RequestFailure('forbidden', 'Pages of other sites may not use this API')
    if (tenantId === null)
      throw new RequestFailure('badRequest', 'The URL parameter tenantId must be 1 to 256 characters')
    if (method === 'PUT') return operations.create(request, tenantId)
    if (!isVisitorSessionId(sessionId))
      throw new RequestFailure('badRequest', 'The session id must be 16 to 128 of A-Z a-z 0-9 _ -')
    if (method === 'POST') return operations.associate(request, sessionId, tenantId)
    if (method === 'DELETE') return operations.erase(request, sessionId, tenantId)
    return operations.retrieve(request, sessionId, tenantId)
  }

  const answerError = (error: unknown): Answer => {
    if (error instanceof RequestFailure) return answerFailure(error.kind, error.message, error.headers)
    tell(error)
    return answerFailure('internal', 'The request could not be answered')
  }

  const answerAt = async (
    request: ApiRequest,
    place: Place,
    context: RequestDiagnostics | undefined,
  ): Promise<Answer> => {
    const start = performance.now()
    let result: Answer
    try {
      result = await perform(request, place)
    } catch (error) {
      result = answerError(error)
    }
    cors.addHeaders(request, result)
    if (request.method === 'HEAD') result.body = ''
    if (onRequest || context) {
      const outcome = { status: result.status, ms: performance.now() - start }
      const described = context ?? describe(request, place)
      if (onRequest) notify(onRequest, { ...described, ...outcome }, tell)
      if (context) Object.assign(context, outcome)
    }
    return result
  }

  const answer = (request: ApiRequest): Promise<Answer> => {
    const place = locate(request.target, settings.basePath)
    return trace(
      () => describe(request, place),
      (context) => answerAt(request, place, context),
    )
  }

  const handle = async (request: Request, info?: RequestOrigin): Promise<Response> => {
    const { status, headers, body } = await answer(fromRequest(request, info))
    return new Response(body || null, { status, headers })
  }
  return Object.assign(handle, { answer })
}

const describe = (request: ApiRequest, { route }: Place): RequestDiagnostics => ({
  method: request.method,
  route,
  ...traceOf(request),
})

function answerOptions(method: string, methods: readonly string[]): Answer {
  const allow = [...methods, 'OPTIONS'].join(', ')
  return method === 'OPTIONS' ? answerNothing({ allow }) : answerNotAllowed(allow)
}

/** One probe of the store at a time, whose result all requests share: anyone can ask, and each probe is a write. */
function createProbe(store: SessionStore): () => Promise<void> {
  let probing: Promise<void> | undefined
  return () => {
    probing ??= probeStore(store).finally(() => {
      probing = undefined
    })
    return probing
  }
}
