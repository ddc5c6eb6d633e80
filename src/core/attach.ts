/** Gives the URL of a request that gets the id, and undefined for any other. */
export type AttachRule = (input: RequestInfo | URL) => URL | undefined

// As fetch reads it: whatever is no Request becomes a string.
const addressOf = (input: RequestInfo | URL): string => (input as Request | undefined)?.url ?? String(input)

const parse = (address: string, base: string | undefined): URL | undefined => {
  try {
    return new URL(address, base || undefined)
  } catch {
    return // No URL: fetch itself says so.
  }
}

/** Compares parsed URLs, origin and then path by whole segments: look-alike hosts and prefixes are other places. */
export function createAttachRule(to: readonly (string | URL)[], href: () => string | undefined): AttachRule {
  let places: { origin: string | undefined; path: string }[] | undefined
  return (input) => {
    const url = parse(addressOf(input), href())
    // A blob: URL reports the page's origin, too.
    if (!url || !['http:', 'https:'].includes(url.protocol)) return
    places ??= to.map((place) => {
      const below = parse(String(place), href())
      return { origin: below?.origin, path: `${below?.pathname.replace(/\/*$/, '')}/` }
    })
    const path = `${url.pathname}/`
    return places.some((place) => url.origin === place.origin && path.startsWith(place.path))
      ? url
      : undefined
  }
}

/** The address with one more parameter; every other byte stays as it was. */
export function withParameter(input: RequestInfo | URL, url: URL, name: string, value: string): string {
  const address = addressOf(input)
  // Blanks at the ends, tabs and newlines are dropped by the URL parser: take its reading, or they would end up inside.
  const plain = /[\0- ]/.test(address) ? url.href : address
  const head = plain.replace(/#.*/s, '')
  const separator = head.includes('?') ? (/[?&]$/.test(head) ? '' : '&') : '?'
  return `${head}${separator}${encodeURIComponent(name)}=${value}${plain.slice(head.length)}`
}
