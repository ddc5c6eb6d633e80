import type { SessionState } from '../core.ts'

/** One value that the session keeps in this browser. */
export interface StoredValue {
  place: 'localStorage' | 'sessionStorage' | 'cookie'
  key: string
  value: string
}

/** What stands under the storage key and the keys that begin with it and a colon. Empty where the browser refuses. */
export function readStored(storageKey: string, persistence: SessionState['persistence']): StoredValue[] {
  const isOurs = (key: string) => key === storageKey || key.startsWith(`${storageKey}:`)
  const read = (place: 'localStorage' | 'sessionStorage') => {
    try {
      const storage = window[place]
      return Object.keys(storage)
        .filter(isOurs)
        .sort()
        .map((key): StoredValue => ({ place, key, value: storage.getItem(key) ?? '' }))
    } catch {
      return [] // Blocked: nothing is kept there.
    }
  }
  if (persistence === 'session') return read('sessionStorage')
  return persistence === 'custom' ? [...readCookies(isOurs), ...read('localStorage')] : read('localStorage')
}

/** `cookieStorage` names its cookies by the keys, percent-encoded. */
function readCookies(isOurs: (key: string) => boolean): StoredValue[] {
  try {
    return document.cookie.split('; ').flatMap((pair) => {
      const [key = '', value = ''] = pair.split('=').map(decodeURIComponent)
      return isOurs(key) ? [{ place: 'cookie' as const, key, value }] : []
    })
  } catch {
    return [] // Refused by the browser, or a foreign cookie that is not percent-encoded.
  }
}

/** When the server confirmed this id last, in any tab, as `storageKey:at` tells it; 0 where it does not. */
export function confirmedIn(
  stored: readonly StoredValue[],
  storageKey: string,
  sessionId: string | null,
): number {
  const mark = stored.find(({ key }) => key === `${storageKey}:at`)
  const [, at, id] = mark?.value.split(' ') ?? []
  return id === sessionId ? Number(at) || 0 : 0
}
