import type { QueryClient } from '@tanstack/react-query'
import { SessionError } from '../wire/session-error.ts'
import type { SessionInfo } from '../wire/session-info.ts'
import type { SessionEvent } from './events.ts'
import { checkInDevelopment } from './option-checks.ts'

/** A place for the session id: any object with these three methods of `Storage`. */
export interface SessionStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** Which requests of the storefront get the session id, and how. */
export interface AttachOptions {
  /**
   * URLs below which a request gets the id: same origin, and a path that begins with whole segments of this one. The
   * list replaces the default.
   * @default [baseUrl]
   */
  to?: readonly (string | URL)[] | undefined
  /**
   * Refuses single requests below `attach.to`, for example those of a cached catalogue. An error it throws is reported
   * as uncaught and means no.
   * @default every request below `attach.to` gets the id
   */
  when?: ((url: URL, method: string) => boolean) | undefined
  /**
   * As a URL parameter (documented by the API, needs no CORS preflight) or as a request header.
   * @default 'query'
   */
  as?: 'query' | 'header' | undefined
  /**
   * Name of the parameter or header.
   * @default 'sessionId'
   */
  name?: string | undefined
  /**
   * How long a request waits for a first session, in milliseconds; then it goes out without the id.
   * @default 2000
   */
  waitMs?: number | undefined
  /**
   * Tells that an answer means "session not found" where it has another shape than the documented one.
   * Gets a clone. An error it throws is reported as uncaught and means no; so does a verdict later than `waitMs`. A
   * provider keeps the function of its first render.
   */
  isLost?: ((response: Response) => boolean | Promise<boolean>) | undefined
}

/** Options of `createSessionClient`, and props of `SessionProvider`. */
export interface SessionClientOptions {
  /** Address of the Session Management API, e.g. `/gks-server/v1`; `/sessions/…` is appended. */
  baseUrl: string
  /**
   * The app's QueryClient: the session is one of its queries.
   * @default the QueryClient of the tree in which a provider mounts the client; before that one of its own
   */
  queryClient?: QueryClient | undefined
  /** Sent as the URL parameter `tenantId` on all calls (later server versions). Tenants never share a session. */
  tenantId?: string | undefined
  /** Sent as the header `gkc_agentId` on all calls. */
  agentId?: string | undefined
  /**
   * Sends the requests.
   * @default the `fetch` of the page at the moment of the call
   */
  fetch?: typeof globalThis.fetch | undefined
  /**
   * More headers for the calls of the API, or a function that makes them for each call. An error it throws fails the
   * call as `network`, with that error as the cause; if it does not settle within `timeoutMs`, the call fails as `timeout`.
   */
  headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>) | undefined
  /**
   * Key of the session id in storage. Everything else that must outlive a reload stands under keys that begin with
   * `storageKey + ':'`. Two shops on one origin need two keys.
   * @default 'storefront-session', and with a tenant 'storefront-session@' + encodeURIComponent(tenantId)
   */
  storageKey?: string | undefined
  /**
   * Where the id is kept. Your own object answers synchronously; one that does not give back what was written counts
   * as refused.
   * @default 'local'
   */
  storage?: 'local' | 'session' | 'memory' | SessionStorage | undefined
  /**
   * Who makes the id: the server (`PUT /sessions/new`), or the browser, which brings it to the server by the documented
   * `POST` that creates an unknown session. With `'client'` the id is there in the first render of a first visit.
   * @default 'server'
   */
  create?: 'server' | 'client' | undefined
  /**
   * `'on-sign-in'`: the first customer of an anonymous session gets a new session id, so that whoever knew the id before
   * reads nothing of the customer. By default the id stays, as the API documents it.
   */
  rotate?: 'on-sign-in' | undefined
  /**
   * The server keeps the id in an HttpOnly cookie (its option `cookie`), and a visitor whose storage is gone gets the
   * same session back: the first `PUT` says `resume: true`. Not together with `create: 'client'`.
   * @default false
   */
  resume?: boolean | undefined
  /**
   * `reset()` and `forget()` also erase the session on the server (`DELETE`; our server allows it with `deletable` or
   * `cookie`). What could not be erased is tried again for 24 hours, also on later loads.
   * @default false
   */
  eraseOnServer?: boolean | undefined
  /**
   * `false`: nothing is read, written or sent (no consent yet).
   * @default true
   */
  enabled?: boolean | undefined
  /** A session that the server already knows, e.g. from server rendering. In a browser it takes the place of a stored one. */
  initialSession?: SessionInfo | undefined
  /** Which requests of the storefront get the session id, and how. */
  attach?: AttachOptions | undefined
  /**
   * Time for one request with its whole answer, in milliseconds.
   * @default 10_000
   */
  timeoutMs?: number | undefined
  /**
   * Attempts after the first one before `ready()` rejects. Between attempts: exponential back-off with jitter; Retry-After is obeyed.
   * @default 3
   */
  retry?: number | undefined
  /**
   * A stored session that was confirmed within this time is not asked for again on load, in milliseconds.
   * @default 300_000
   */
  revalidateMs?: number | undefined
  /**
   * Ids that are not confirmed yet survive a reload. `false` keeps them in memory only.
   * @default true
   */
  durable?: boolean | undefined
  /** Hears what happens to the session. An error it throws is reported as uncaught and does no harm to the session. */
  onEvent?: ((event: SessionEvent) => void) | undefined
}

/** Not an address; another scheme than HTTP, as in `localhost:4000`; or text that can't stand before `/sessions/…`. */
const NO_BASE_URL = /^$|^(?!https?:\/\/[^/])[a-z][a-z\d+.-]*:|[?#\s]/i

/** @throws SessionError `invalid-input` that names the first wrong option, its value and the allowed values */
export function checkOptions(options: SessionClientOptions): void {
  const { baseUrl, storageKey } = options ?? {}
  const isBaseUrl = typeof baseUrl === 'string' && !NO_BASE_URL.test(baseUrl)
  if (process.env.NODE_ENV !== 'production') checkInDevelopment(options, isBaseUrl)
  if (!isBaseUrl) throw new SessionError('invalid-input', 'baseUrl')
  if (storageKey === '') throw new SessionError('invalid-input', 'storageKey')
}
