import type { AttachOptions } from './options.ts'
import { report } from './uncaught.ts'

/** Whether a request gets the id; else why it does not. */
export type AttachRule = (url: URL, method: string) => 'attach' | 'outside' | 'refused'

export const parseUrl = (address: string, base: string | undefined): URL | undefined => {
  try {
    return new URL(address, base || undefined)
  } catch {
    return // Not a URL: fetch itself says so.
  }
}

/** Compares parsed URLs, origin and then path by whole segments: look-alike hosts and prefixes are other places. */
export function createAttachRule(
  { to, when }: AttachOptions,
  baseUrl: string,
  href: () => string | undefined,
): AttachRule {
  let places: { origin: string | undefined; path: string }[] | undefined
  return (url, method) => {
    // A blob: URL reports the page's origin, too.
    if (!/^https?:$/.test(url.protocol)) return 'outside'
    places ??= (to ?? [baseUrl]).map((place) => {
      const below = parseUrl(String(place), href())
      return { origin: below?.origin, path: `${below?.pathname.replace(/\/*$/, '')}/` }
    })
    const path = `${url.pathname}/`
    if (!places.some((place) => url.origin === place.origin && path.startsWith(place.path))) return 'outside'
    let isWanted = !when
    report(() => {
      // A copy: the app may change what it gets.
      if (when) isWanted = !!when(new URL(url), method)
    })
    return isWanted ? 'attach' : 'refused'
  }
}
