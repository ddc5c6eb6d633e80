import type { ApiRequest } from './request.ts'
import { isVisitorSessionId } from './session-id.ts'

/** The cookie that tells the server which session a browser has. It is always HttpOnly, with path `/`. */
export interface CookieOptions {
  /**
   * Its name; with a tenant, `_` and the encoded tenant follow. `__Host-sid` keeps subdomains from setting it.
   * @default 'sid'
   */
  name?: string | undefined
  /**
   * Seconds that the browser keeps it.
   * @default 34_560_000 (400 days, the most that browsers allow)
   */
  maxAgeSec?: number | undefined
  /**
   * Which requests from other sites carry it; `none` needs `secure`.
   * @default 'lax'
   */
  sameSite?: 'strict' | 'lax' | 'none' | undefined
  /**
   * Whether it goes over HTTPS only. Browsers also accept that on `http://localhost`, except Safari.
   * @default true
   */
  secure?: boolean | undefined
  /**
   * Domain whose subdomains see it too, such as `shop.example`.
   * @default the host alone
   */
  domain?: string | undefined
}

/** Reads and writes the session cookie. */
export interface SessionCookie {
  /** The session id that the request's cookie holds; undefined without an id of our shape. */
  read(request: ApiRequest, tenantId: string | undefined): string | undefined
  /** The header `Set-Cookie` that keeps the id in the browser. */
  keep(sessionId: string, tenantId: string | undefined): string
  /** The header `Set-Cookie` that removes it. */
  clear(tenantId: string | undefined): string
}

const MAX_AGE_S = 34_560_000
const NAME = 'sid'
/** What RFC 6265 allows in a name. */
const TOKEN = /^[\w!#$%&'*+\-.^`|~]{1,128}$/
const SAME_SITE = { strict: 'Strict', lax: 'Lax', none: 'None' } as const

/** @throws TypeError for options that browsers would refuse */
export function createSessionCookie(options: CookieOptions): SessionCookie {
  const { name = NAME, maxAgeSec = MAX_AGE_S, sameSite = 'lax', secure = true, domain } = options
  check(TOKEN.test(name), `name must be a cookie name such as sid, not "${name}"`)
  check(
    Number.isSafeInteger(maxAgeSec) && maxAgeSec > 0,
    `maxAgeSec must be a positive integer, not ${maxAgeSec}`,
  )
  check(Object.hasOwn(SAME_SITE, sameSite), `sameSite must be 'strict', 'lax' or 'none', not "${sameSite}"`)
  check(sameSite !== 'none' || secure, `sameSite 'none' needs secure: true`)
  check(
    domain === undefined || /^\.?[a-z\d-]+(\.[a-z\d-]+)*$/i.test(domain),
    `domain must be a host such as shop.example, not "${domain}"`,
  )
  check(!/^__(Host|Secure)-/i.test(name) || secure, `name "${name}" needs secure: true`)
  check(!/^__Host-/i.test(name) || domain === undefined, `name "${name}" allows no domain`)

  const scope = `${domain === undefined ? '' : `; Domain=${domain}`}; Path=/`
  const guard = `; HttpOnly${secure ? '; Secure' : ''}; SameSite=${SAME_SITE[sameSite]}`
  const attributes = `${scope}; Max-Age=${maxAgeSec}${guard}`
  return {
    read: (request, tenantId) => {
      const value = readCookie(request.header('cookie'), cookieName(name, tenantId))
      return value !== undefined && isVisitorSessionId(value) ? value : undefined
    },
    keep: (sessionId, tenantId) => `${cookieName(name, tenantId)}=${sessionId}${attributes}`,
    clear: (tenantId) => `${cookieName(name, tenantId)}=${scope}; Max-Age=0${guard}`,
  }
}

/** One cookie a tenant: two tenants of one origin never share a session. */
const cookieName = (name: string, tenantId: string | undefined): string =>
  tenantId === undefined
    ? name
    : // encodeURIComponent leaves parentheses, which a cookie name must not have.
      `${name}_${encodeURIComponent(tenantId).replace(/[()]/g, (it) => `%${it.charCodeAt(0).toString(16)}`)}`

/** The value of the first cookie of that name: browsers send the one with the longest path first. */
export function readCookie(header: string | null | undefined, name: string): string | undefined {
  if (!header?.includes(name)) return undefined
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    if (equals > 0 && pair.slice(0, equals).trim() === name) return unquote(pair.slice(equals + 1).trim())
  }
  return undefined
}

const unquote = (value: string): string => value.replace(/^"(.*)"$/s, '$1')

function check(isRight: boolean, message: string): void {
  if (!isRight) throw new TypeError(`createSessionHandler: cookie.${message}`)
}
