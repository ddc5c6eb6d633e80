import { readCookie } from './cookie.ts'
import { isVisitorSessionId } from './session-id.ts'
import type { SessionStore, StoredSession } from './session-store.ts'

/** A request of the shop's own backend: a `Request`, or that of Node, Express and Fastify. */
export type ReadableRequest =
  | Request
  | {
      /** Path and query. */
      url?: string | undefined
      headers: Record<string, string | string[] | undefined>
    }

/** Options of {@link createSessionReader}. */
export interface SessionReaderOptions {
  /** The store of the session API, such as a second `redisStore({ url })` on the same database. */
  store: SessionStore
  /** Where a request may hold the id; the first place with a well-formed id counts, in this order. */
  from?:
    | {
        /** Name of a header, as `attach: { as: 'header' }` of the client sends it. Not read by default. */
        header?: string | undefined
        /**
         * Name of a URL parameter; an empty name reads none. It is not read where the request is for a document.
         * @default 'sessionId'
         */
        query?: string | undefined
        /** Name of the server's cookie; with a tenant `sid_` and the encoded tenant. Not read by default. */
        cookie?: string | undefined
      }
    | undefined
  /**
   * How long a session that was found is used again without asking the store, in milliseconds. An erased session may
   * be seen for as long.
   * @default 0
   */
  cacheMs?: number | undefined
}

/** Reads sessions for the shop's own backend: loaders, route handlers, middleware. */
export interface SessionReader {
  /**
   * The session of a request, or null. It renews nothing. Rejects with the store's error where the store does not
   * answer.
   *
   * A page's own URL names no session: where the request is for a document (`Sec-Fetch-Dest`, or `Accept` with `text/html`)
   * the query is not read, because a link could plant a session. The id proves no identity.
   */
  of(request: ReadableRequest): Promise<StoredSession | null>
  /** The URL without session ids, in the query and in the path of the API's own calls, for access logs. */
  redact(url: string | URL): string
}

const QUERY = 'sessionId'
const REDACTED = 'redacted'
/** The destinations of requests that show a page, in a window or a frame. */
const DOCUMENTS = ['document', 'iframe', 'frame', 'embed', 'object', 'fencedframe']
const MAX_CACHED = 10_000

/**
 * Reads the visitor's session in the shop's own backend, from the store of the session API.
 *
 * @throws TypeError for an option that can't be right
 * @example
 * const sessions = createSessionReader({ store, from: { cookie: 'sid' } })
 * const session = await sessions.of(request)
 */
export function createSessionReader({ store, from = {}, cacheMs = 0 }: SessionReaderOptions): SessionReader {
  const { header, cookie, query = QUERY } = from
  if (typeof store?.get !== 'function')
    throw new TypeError('createSessionReader: store must be the store of the session API')
  if (!Number.isFinite(cacheMs) || cacheMs < 0)
    throw new TypeError(`createSessionReader: cacheMs must be a number from 0, not ${cacheMs}`)
  const look = (sessionId: string) => store.get(sessionId, null)
  const find = cacheMs > 0 ? remember(look, cacheMs) : look
  const headerName = header?.toLowerCase()

  const idOf = (request: ReadableRequest): string | undefined => {
    const read = headerReader(request)
    const places = [
      () => headerName && read(headerName),
      () => (query && !isForDocument(read) ? queryOf(request).get(query) : undefined),
      () => cookie && readCookie(read('cookie'), cookie),
    ]
    for (const place of places) {
      const id = place()
      if (id && isVisitorSessionId(id)) return id
    }
    return undefined
  }

  return {
    of: async (request) => {
      const id = idOf(request)
      return id === undefined ? null : find(id)
    },
    redact: (url) => redact(String(url), query),
  }
}

const headerReader = ({ headers }: ReadableRequest) => {
  if (headers instanceof Headers) return (name: string) => headers.get(name) ?? undefined
  return (name: string) => {
    const value = (headers as Record<string, string | string[] | undefined>)[name] // the other half of the union
    return Array.isArray(value) ? value.join(', ') : value
  }
}

const isForDocument = (read: (name: string) => string | undefined): boolean =>
  DOCUMENTS.includes(read('sec-fetch-dest') ?? '') || /\btext\/html\b/i.test(read('accept') ?? '')

function queryOf({ url = '' }: ReadableRequest): URLSearchParams {
  const begin = url.indexOf('?')
  return new URLSearchParams(begin < 0 ? '' : url.slice(begin).replace(/#.*/s, ''))
}

/** Replaces ids, and leaves every other byte of the URL as it is. */
function redact(url: string, query: string): string {
  const [, path = '', search = '', rest = ''] = /^([^?#]*)(\?[^#]*)?(.*)$/s.exec(url) ?? []
  const names = [query, QUERY]
  const parameters = search
    .slice(1)
    .split('&')
    .map((pair) => {
      const [name = ''] = pair.split('=')
      return names.includes(decode(name)) ? `${name}=${REDACTED}` : pair
    })
  return (
    path.replace(/(\/sessions\/)(?!new(?:\/|$))[^/]+/g, `$1${REDACTED}`) +
    (search && `?${parameters.join('&')}`) +
    rest
  )
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '))
  } catch {
    // Broken percent-encoding: URLSearchParams leaves it as it is.
    return name
  }
}

interface Remembered {
  session: Promise<StoredSession | null>
  until: number
}

/** Keeps sessions that were found for a while, {@link MAX_CACHED} at most. What was not found is asked for again. */
function remember(
  find: (sessionId: string) => Promise<StoredSession | null>,
  cacheMs: number,
): (sessionId: string) => Promise<StoredSession | null> {
  const cache = new Map<string, Remembered>()

  const drop = (sessionId: string, entry: Remembered) => {
    if (cache.get(sessionId) === entry) cache.delete(sessionId)
  }

  return async (sessionId) => {
    const now = Date.now()
    let entry = cache.get(sessionId)
    if (!entry || entry.until <= now) {
      // The oldest entry is the first one: each new one goes to the end.
      for (const [oldest, { until }] of cache) {
        if (until > now && cache.size < MAX_CACHED) break
        cache.delete(oldest)
      }
      entry = { session: find(sessionId), until: now + cacheMs }
      cache.delete(sessionId)
      cache.set(sessionId, entry)
    }
    const kept = entry
    const session = await kept.session.catch((error: unknown) => {
      drop(sessionId, kept)
      throw error
    })
    if (!session || session.expiresAt <= Date.now()) {
      drop(sessionId, kept)
      return null
    }
    return { ...session }
  }
}
