import type { OnAssociate, VerifyCustomer } from './app-callbacks.ts'
import type { CookieOptions } from './cookie.ts'
import type { CorsOptions } from './cors.ts'
import type { LimitOptions } from './limit.ts'
import type { Route } from './routes.ts'
import type { SessionLimits, SessionStore } from './session-store.ts'

/** What `onRequest` learns of one request: never an id of a session or customer, a header or a body. */
export interface RequestReport {
  /** As sent; Node's HTTP server lets only known methods through. */
  method: string
  /** The route's template; `unknown` for a path outside the API. */
  route: Route
  /** HTTP status of the answer. */
  status: number
  /** Milliseconds from the call of the handler to its answer. */
  ms: number
  /** The header `X-Request-Id`, where a proxy has set one; else a random UUID. */
  requestId: string
  /** The header `traceparent` (W3C Trace Context), where the request has a valid one. */
  traceparent?: string
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
  /**
   * A use renews the session only when so many milliseconds of its lifetime have passed, so most GETs write nothing.
   * 0 renews at every use.
   * @default ttlMs / 100
   */
  touchMs?: number | undefined
  /**
   * Milliseconds after its creation at which a session ends, however often it is used.
   * @default no such end
   */
  maxAgeMs?: number | undefined
  /** Foreign pages that may use the API; none by default. */
  cors?: CorsOptions | undefined
  /**
   * Whether a `POST` to an unknown id makes that session, as the API documents; `false` answers 404.
   * @default true
   */
  createOnAssociate?: boolean | undefined
  /**
   * Whether a `DELETE` erases the session. `true`: each client that knows an id may erase it. `false`: it answers 405, unless
   * `cookie` names that session.
   * @default false
   */
  deletable?: boolean | undefined
  /**
   * Longest body that is read, in bytes; a longer one is answered with 413.
   * @default 16_384
   */
  maxBodyBytes?: number | undefined
  /** How many requests one client may send, counted in this process; beyond it 429. Without it there is no limit. */
  limit?: LimitOptions | undefined
  /** Keeps the session id in an HttpOnly cookie too, so that the server knows its visitor. Not together with `cors`. */
  cookie?: CookieOptions | undefined
  /**
   * Asked before a `PUT` or `POST` ties a customer id to a session; `false` answers 403 and changes nothing. One that
   * throws, or has not answered after 5 s, answers 503 and changes nothing. The request's body is already read.
   */
  verifyCustomer?: VerifyCustomer | undefined
  /**
   * Called before ids are tied to a session, also for a `PUT` with ids. Throwing answers 409; 5 s without an answer
   * answer 503; in both cases nothing changes. One call at a time for a session in this process. It may be called
   * again for the same change, so make it idempotent.
   */
  onAssociate?: OnAssociate | undefined
  /** Called after each answer, for logs and metrics; not waited for. What it throws or rejects goes to `onError`. */
  onRequest?: ((report: RequestReport) => void) | undefined
  /**
   * Called with each error of the store and of the callbacks, for logs; not waited for. The visitor never learns of
   * them.
   */
  onError?: ((error: unknown) => void) | undefined
}

/** The options that are numbers and switches, with their defaults. */
export interface HandlerSettings {
  basePath: string
  ttlMs: number
  limits: SessionLimits
  createOnAssociate: boolean
  deletable: boolean
  maxBodyBytes: number
}

const TTL_MS = 30 * 24 * 3_600_000
/** A date that every store and client can write. */
const MAX_TTL_MS = 100 * 365.25 * 24 * 3_600_000
const MAX_BODY_BYTES = 16 * 1024
/** The part of the lifetime that passes before a use renews it. */
const TOUCHES = 100

/** @throws TypeError for an option that can't be right */
export function checkOptions(options: SessionHandlerOptions): HandlerSettings {
  const { ttlMs = TTL_MS, maxAgeMs, createOnAssociate = true, deletable = false } = options
  const { maxBodyBytes = MAX_BODY_BYTES } = options
  checkStore(options.store)
  checkLifetime('ttlMs', ttlMs)
  if (maxAgeMs !== undefined) checkLifetime('maxAgeMs', maxAgeMs)
  const { touchMs = Math.floor(ttlMs / TOUCHES) } = options
  if (!Number.isSafeInteger(touchMs) || touchMs < 0 || touchMs >= ttlMs)
    throw refuse(`touchMs must be an integer from 0 and less than ttlMs (${ttlMs}), not ${touchMs}`)
  checkPositive('maxBodyBytes', maxBodyBytes)
  if (options.cookie && options.cors)
    throw refuse(
      'cookie and cors do not go together: the cookie works only for pages on the same site as the API. Serve the API below the origin of the shop, or leave one of them out',
    )
  return {
    basePath: checkBasePath(options.basePath ?? ''),
    ttlMs,
    limits: { touchMs, ...(maxAgeMs !== undefined && { maxAgeMs }) },
    createOnAssociate,
    deletable,
    maxBodyBytes,
  }
}

const refuse = (message: string) => new TypeError(`createSessionHandler: ${message}`)

/** TypeScript finds this sooner; without the check, every request would be answered with 500. */
function checkStore(store: SessionStore): void {
  for (const operation of ['create', 'get', 'associate', 'remove'] as const)
    if (typeof store?.[operation] !== 'function')
      throw refuse(
        `store must be what memoryStore(), sqliteStore({ path }) or redisStore({ url }) gives, or a SessionStore of your own; this one has no ${operation}()`,
      )
}

function checkBasePath(basePath: string): string {
  const trimmed = basePath.replace(/\/+$/, '')
  // A client would resolve these, and never ask here.
  if (trimmed.split('/').some((segment) => segment === '.' || segment === '..'))
    throw refuse(`basePath must have no segment . or .., as "${basePath}" has`)
  if (trimmed && !/^(\/[\w.~-]+)+$/.test(trimmed))
    throw refuse(`basePath must look like /gks-server/v1, not "${basePath}"`)
  return trimmed
}

function checkLifetime(name: string, value: number): void {
  checkPositive(name, value)
  if (value > MAX_TTL_MS) throw refuse(`${name} must be at most ${MAX_TTL_MS} (100 years), not ${value}`)
}

function checkPositive(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1)
    throw refuse(`${name} must be a positive integer, not ${value}`)
}
