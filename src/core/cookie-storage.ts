import type { SessionStorage } from './options.ts'

/** Options of {@link cookieStorage}. */
export interface CookieStorageOptions {
  /**
   * Domain of the cookies, e.g. `shop.example` for all its subdomains.
   * @default the host of the page alone
   */
  domain?: string | undefined
  /** @default '/' */
  path?: string | undefined
  /**
   * Lifetime in seconds. Browsers cap it at 400 days; Safari at 7 days for cookies that a script sets.
   * @default 34_560_000 (400 days)
   */
  maxAgeSec?: number | undefined
  /** @default true on https: pages */
  secure?: boolean | undefined
  /** @default 'lax' */
  sameSite?: 'lax' | 'strict' | 'none' | undefined
}

/**
 * A place for the session id that the shop's own server and its subdomains can read, for the option `storage`: the id
 * and `storageKey:at` stand in script cookies named by their keys (percent-encoded); everything else stays in
 * localStorage.
 *
 * @example
 * createSessionClient({ baseUrl, storage: cookieStorage({ domain: 'shop.example' }) })
 */
export function cookieStorage(options: CookieStorageOptions = {}): SessionStorage {
  const { domain, path = '/', maxAgeSec = 34_560_000, sameSite = 'lax' } = options
  // Ids that wait to be sent are not for the shop's server.
  const isCookie = (key: string) => !/:(customerId|visitId|globalVisitId|erase)$/.test(key)
  const write = (key: string, value: string, lifetimeSec: number) => {
    const isSecure = options.secure ?? location.protocol === 'https:'
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is asynchronous
    document.cookie = [
      `${encodeURIComponent(key)}=${encodeURIComponent(value)}`,
      `path=${path}`,
      `max-age=${lifetimeSec}`,
      `samesite=${sameSite}`,
      ...(domain ? [`domain=${domain}`] : []),
      ...(isSecure ? ['secure'] : []),
    ].join('; ')
  }
  const read = (key: string) => {
    const start = `${encodeURIComponent(key)}=`
    const cookie = document.cookie.split('; ').find((one) => one.startsWith(start))
    return cookie === undefined ? null : decode(cookie.slice(start.length))
  }
  return {
    getItem: (key) => (isCookie(key) ? read(key) : localStorage.getItem(key)),
    setItem(key, value) {
      if (isCookie(key)) {
        write(key, value, maxAgeSec)
        // The id is written once, and its mark at each confirmation: they end together.
        const idKey = key.replace(/:at$/, '')
        const id = idKey === key ? null : read(idKey)
        if (id) write(idKey, id, maxAgeSec)
      } else localStorage.setItem(key, value)
    },
    removeItem(key) {
      if (isCookie(key)) write(key, '', 0)
      else localStorage.removeItem(key)
    },
  }
}

/** A foreign cookie of that name may be broken; it then counts as absent. */
function decode(value: string): string | null {
  try {
    return decodeURIComponent(value)
  } catch {
    return null
  }
}
