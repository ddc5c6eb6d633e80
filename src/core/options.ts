import type { QueryClient } from '@tanstack/react-query'
import { SessionError } from '../wire/session-error.ts'
import {
  type AssociationField,
  isAssociationId,
  isSessionId,
  type SessionInfo,
} from '../wire/session-info.ts'

/** A place for the session id: any object with these three methods of `Storage`. */
export interface SessionStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** Which requests of the storefront get the session id, and how. */
export interface AttachOptions {
  /**
   * URLs below which a request gets the id: same origin, and a path that begins with whole segments of this one.
   * @default [baseUrl]
   */
  to?: readonly (string | URL)[] | undefined
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
   * Gets a clone. What it throws is reported as uncaught, and means no. The function of a provider's first rendering stays.
   */
  isLost?: ((response: Response) => boolean | Promise<boolean>) | undefined
}

/** Options of `createSessionClient`, and props of `SessionProvider`. */
export interface SessionClientOptions {
  /** Address of the Session Management API, e.g. `/gks-server/v1`; `/sessions/…` is appended. */
  baseUrl: string
  /**
   * The app's QueryClient: the session is one of its queries.
   * @default a QueryClient of its own
   */
  queryClient?: QueryClient | undefined
  /** Sent as the URL parameter `tenantId` on all three calls (later server versions). */
  tenantId?: string | undefined
  /** Sent as the header `gkc_agentId` on all three calls. */
  agentId?: string | undefined
  /**
   * Sends the requests.
   * @default the `fetch` of the page at the moment of the call
   */
  fetch?: typeof globalThis.fetch | undefined
  /**
   * More headers for the three calls, or a function that makes them for each call. What it throws fails the call as
   * `network`, with that as the cause.
   */
  headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>) | undefined
  /**
   * Key of the session id in storage; what else must outlive a reload stands under keys that begin with `storageKey + ':'`.
   * Two shops on one origin need two keys.
   * @default 'storefront-session'
   */
  storageKey?: string | undefined
  /**
   * Where the id is kept. An object of your own answers at once; one that does not give back what was written counts
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
  /** Hears what happens to the session. An error it throws is reported as uncaught, and does the session no harm. */
  onEvent?: ((event: SessionEvent) => void) | undefined
}

/** What happened to the session. No event carries a customer id. */
export type SessionEvent =
  /** A new session was made by this tab. */
  | { type: 'created'; sessionId: string }
  /** The id was found in storage. */
  | { type: 'restored'; sessionId: string }
  /** Another tab's session was taken over. */
  | { type: 'adopted'; sessionId: string }
  /** The server answered another id than the asked one; `sessionId` is the new session that the client made instead. */
  | { type: 'replaced'; sessionId: string; previousSessionId: string }
  /** The API does not know this id any more. */
  | { type: 'lost'; sessionId: string }
  /** The server confirmed these fields. */
  | { type: 'associated'; sessionId: string; fields: AssociationField[] }
  /** The server refused these fields for good; they were rolled back. */
  | { type: 'association-failed'; sessionId: string | null; fields: AssociationField[] }
  /** This id was left; a new anonymous session follows. */
  | { type: 'reset'; sessionId: string | null }
  /** Everything that was stored is removed. */
  | { type: 'forgotten'; sessionId: string | null }
  /** The browser refused storage; the session lives in memory. */
  | { type: 'storage-unavailable'; sessionId: string | null }

/** What devtools hear: each event, and each request of the storefront that goes out with the session id. */
export type SessionNote =
  | SessionEvent
  /** The path is that of the request's URL; nothing of its query. */
  | { type: 'attached'; sessionId: string; method: string; path: string }

/** No address; another scheme than HTTP, as in `localhost:4000`; or what can't stand before `/sessions/…`. */
const NO_BASE_URL = /^$|^(?!https?:\/\/[^/])[a-z][a-z\d+.-]*:|[?#\s]/i

/** A header's name, but for those that a browser keeps to itself. */
const HEADER = /^(?!(cookie|host)$|(sec|proxy)-)[\w!#$%&'*+.^`|~-]+$/i

/** @throws SessionError `invalid-input` that names the first option which makes no sense */
export function checkOptions(options: SessionClientOptions): void {
  const {
    baseUrl,
    attach = {},
    agentId,
    create,
    initialSession,
    fetch,
    storage,
    storageKey,
    timeoutMs,
    retry,
    revalidateMs,
  } = options ?? {}
  // No number, too, is not 0 or more.
  const isNegative = (value: number | undefined) => value !== undefined && !(value >= 0)
  const isNone = (value: unknown, ...choices: string[]) =>
    value !== undefined && !choices.includes(value as string)
  const wrong = {
    baseUrl: typeof baseUrl !== 'string' || NO_BASE_URL.test(baseUrl),
    fetch: fetch && typeof fetch !== 'function',
    agentId: agentId !== undefined && !isAssociationId(agentId),
    create: isNone(create, 'server', 'client'),
    initialSession: initialSession && !isSessionId(initialSession.sessionId),
    storage: !(storage as SessionStorage)?.getItem && isNone(storage, 'local', 'session', 'memory'),
    storageKey: storageKey === '',
    'attach.to': attach.to && !(Array.isArray(attach.to) && attach.to.every(Boolean)),
    'attach.as': isNone(attach.as, 'query', 'header'),
    'attach.name': attach.as === 'header' && !HEADER.test(attach.name ?? 'sessionId'),
    timeoutMs: isNegative(timeoutMs),
    retry: isNegative(retry),
    revalidateMs: isNegative(revalidateMs),
    'attach.waitMs': isNegative(attach.waitMs),
  }
  const bad = Object.entries(wrong).find(([, isWrong]) => isWrong)?.[0]
  if (bad) throw new SessionError('invalid-input', `createSessionClient: the option ${bad} makes no sense`)
}
