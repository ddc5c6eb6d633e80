import { type CorsOptions, createCors } from './cors.ts'
import { type ApiRequest, fromRequest, readBody, readIds } from './request.ts'
import {
  type Answer,
  answerFailure,
  answerHealthy,
  answerNotAllowed,
  answerNothing,
  answerSession,
  RequestFailure,
} from './response.ts'
import { isServerSessionId } from './session-id.ts'
import {
  PROBE_ID,
  probeStore,
  type SessionIds,
  type SessionStore,
  type StoredSession,
} from './session-store.ts'

/** What `onRequest` learns of one request: never an id, a header or a body. */
export interface RequestReport {
  /** As sent; Node's HTTP server lets only known methods through. */
  method: string
  /** The route's template; `unknown` for a path outside the API. */
  route: '/sessions/new' | '/sessions/{sessionId}' | '/healthz' | 'unknown'
  /** HTTP status of the answer. */
  status: number
  /** Milliseconds from the call of the handler to its answer. */
  ms: number
}

/** Options of {@link createSessionHandler}. */
export interface SessionHandlerOptions {
  /** Where sessions live: `memoryStore()`, `sqliteStore({ path })`, `redisStore({ url })` or your own. */
  store: SessionStore
  /**
   * Path below which the API stands, such as `/gks-server/v1`.
   * @default ''
   */
  basePath?: string | undefined
  /**
   * Milliseconds after its last use at which a session ends; every use renews it. A hundred years at most.
   * @default 2_592_000_000 (30 days)
   */
  ttlMs?: number | undefined
  /** Foreign pages that may use the API; none by default. */
  cors?: CorsOptions | undefined
  /**
   * Whether a `POST` to an unknown id makes that session, as the API documents; `false` answers 404.
   * @default true
   */
  createOnAssociate?: boolean | undefined
  /**
   * Longest body that is read, in bytes; a longer one is answered with 413.
   * @default 16_384
   */
  maxBodyBytes?: number | undefined
  /** Called after each answer, for logs and metrics; not waited for. What it throws or rejects goes to `onError`. */
  onRequest?: ((report: RequestReport) => void) | undefined
  /** Called with what a store or `onRequest` threw; not waited for. The cause goes to you and never to the visitor. */
  onError?: ((error: unknown) => void) | undefined
}

/** The Session Management API as a function from `Request` to `Response`. */
export interface SessionHandler {
  (request: Request): Promise<Response>
  /** The same for a server that has no `Request` at hand; what `toNodeListener` uses. Never rejects. */
  answer(request: ApiRequest): Promise<Answer>
}

const TTL_MS = 30 * 24 * 3_600_000
/** Longer than anybody waits, and a date that every store and client can write. */
const MAX_TTL_MS = 100 * 365.25 * 24 * 3_600_000
const MAX_BODY_BYTES = 16 * 1024
const RETRY_AFTER_S = 1

const SESSIONS = '/sessions/'

/** What each route answers, beside OPTIONS. */
const METHODS = {
  '/sessions/new': ['PUT'],
  '/sessions/{sessionId}': ['GET', 'HEAD', 'POST'],
  '/healthz': ['GET', 'HEAD'],
} as const

function answerOptions(method: string, methods: readonly string[]): Answer {
  const allow = [...methods, 'OPTIONS'].join(', ')
  return method === 'OPTIONS' ? answerNothing({ allow }) : answerNotAllowed(allow)
}

/**
 * The Session Management API over a store: `PUT /sessions/new` creates, `GET /sessions/{sessionId}` retrieves,
 * `POST /sessions/{sessionId}` associates. `GET /healthz` answers 200 when the store takes a write, 503 when not.
 *
 * It uses no Node module, so it runs wherever `Request` and `Response` do. It never rejects: trouble becomes an
 * answer `{"statusCode":N,"description":"…"}` that shows nothing of the inside.
 *
 * @throws TypeError at once for an option that can't be right
 * @example
 * const handle = createSessionHandler({ store: memoryStore(), basePath: '/gks-server/v1' })
 * const response = await handle(new Request('https://shop.example/gks-server/v1/sessions/new', { method: 'PUT' }))
 */
export function createSessionHandler(options: SessionHandlerOptions): SessionHandler {
  const {
    store,
    ttlMs = TTL_MS,
    createOnAssociate = true,
    maxBodyBytes = MAX_BODY_BYTES,
    onRequest,
  } = options
  checkStore(store)
  const basePath = checkBasePath(options.basePath ?? '')
  checkPositive('ttlMs', ttlMs)
  if (ttlMs > MAX_TTL_MS)
    throw new TypeError(`createSessionHandler: ttlMs must be at most ${MAX_TTL_MS} (100 years), not ${ttlMs}`)
  checkPositive('maxBodyBytes', maxBodyBytes)
  const addCors = createCors(options.cors)

  const perform = async (request: ApiRequest, { route, sessionId }: Place): Promise<Answer> => {
    if (route === 'unknown') throw new RequestFailure('unknownRoute', 'There is nothing at this path')
    const { method } = request
    const methods: readonly string[] = METHODS[route]
    if (!methods.includes(method)) return answerOptions(method, methods)
    if (route === '/healthz') {
      await probeStore(store).catch(refuse)
      return answerHealthy()
    }
    if (route !== '/sessions/new' && (!isServerSessionId(sessionId) || sessionId === PROBE_ID))
      throw new RequestFailure('badRequest', 'The session id must be 16 to 128 of A-Z a-z 0-9 _ -')
    let ids: SessionIds | undefined
    if (method === 'PUT' || method === 'POST') {
      // Most requests have no body, and nothing to wait for.
      const body = readBody(request, maxBodyBytes)
      ids = readIds(request, body && (await body))
    }
    let found: StoredSession | null
    try {
      if (!ids) found = await store.get(sessionId, ttlMs)
      else if (method === 'PUT') found = await store.create(ids, ttlMs)
      else found = await store.associate(sessionId, ids, ttlMs, createOnAssociate)
    } catch (error) {
      // A store of somebody else's may throw where it should reject: it is down all the same.
      return refuse(error)
    }
    if (!found) throw new RequestFailure('sessionNotFound', 'Session not found')
    return answerSession(found)
  }

  const tell = (error: unknown) => {
    try {
      catchLater(options.onError?.(error), keepQuiet)
    } catch {
      keepQuiet()
    }
  }

  const refuse = (error: unknown): never => {
    tell(error)
    throw new RequestFailure('storeDown', 'The session store does not answer', {
      'retry-after': String(RETRY_AFTER_S),
    })
  }

  const answerError = (error: unknown): Answer => {
    if (error instanceof RequestFailure) return answerFailure(error.kind, error.message, error.headers)
    tell(error)
    return answerFailure('internal', 'The request could not be answered')
  }

  const answer = async (request: ApiRequest): Promise<Answer> => {
    const start = performance.now()
    const place = locate(request.target, basePath)
    let result: Answer
    try {
      result = await perform(request, place)
    } catch (error) {
      result = answerError(error)
    }
    addCors(request, result)
    if (request.method === 'HEAD') result.body = ''
    if (onRequest) {
      const ms = performance.now() - start
      try {
        catchLater(onRequest({ method: request.method, route: place.route, status: result.status, ms }), tell)
      } catch (error) {
        tell(error)
      }
    }
    return result
  }

  const handle = async (request: Request): Promise<Response> => {
    const { status, headers, body } = await answer(fromRequest(request))
    return new Response(body || null, { status, headers })
  }
  return Object.assign(handle, { answer })
}

/** TypeScript takes an async function for a callback without a result; its rejection would end the process. */
function catchLater(result: unknown, onRejected: (error: unknown) => void): void {
  if (typeof result === 'object' && result !== null && 'then' in result && typeof result.then === 'function')
    result.then(undefined, onRejected)
}

/** Who is to be told of errors has one of its own: there is nobody left to tell, and the answer goes out. */
const keepQuiet = () => undefined

interface Place {
  route: RequestReport['route']
  /** As it stands in the path, not yet checked; empty for other routes. */
  sessionId: string
}

/** Exact templates only: no trailing slash, no percent-encoding, no second spelling of a path. */
function locate(target: string, basePath: string): Place {
  const query = target.indexOf('?')
  const path = query < 0 ? target : target.slice(0, query)
  const below = path.startsWith(basePath) ? path.slice(basePath.length) : ''
  if (below === '/healthz') return { route: below, sessionId: '' }
  const segment = below.startsWith(SESSIONS) ? below.slice(SESSIONS.length) : ''
  if (!segment || segment.includes('/')) return { route: 'unknown', sessionId: '' }
  if (segment === 'new') return { route: '/sessions/new', sessionId: '' }
  return { route: '/sessions/{sessionId}', sessionId: segment }
}

/** TypeScript says the same sooner; without it, every request would be answered with 500. */
function checkStore(store: SessionStore): void {
  for (const operation of ['create', 'get', 'associate'] as const)
    if (typeof store?.[operation] !== 'function')
      throw new TypeError(
        `createSessionHandler: store must be what memoryStore(), sqliteStore({ path }) or redisStore({ url }) gives, or a SessionStore of your own; this one has no ${operation}()`,
      )
}

function checkBasePath(basePath: string): string {
  const trimmed = basePath.replace(/\/+$/, '')
  // A client would resolve these, and never ask here.
  if (trimmed.split('/').some((segment) => segment === '.' || segment === '..'))
    throw new TypeError(`createSessionHandler: basePath must have no segment . or .., as "${basePath}" has`)
  if (trimmed && !/^(\/[\w.~-]+)+$/.test(trimmed))
    throw new TypeError(`createSessionHandler: basePath must look like /gks-server/v1, not "${basePath}"`)
  return trimmed
}

function checkPositive(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1)
    throw new TypeError(`createSessionHandler: ${name} must be a positive integer, not ${value}`)
}
