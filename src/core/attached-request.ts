/** A request of the storefront, as the app handed it to `fetch`. */
export interface StorefrontRequest {
  input: RequestInfo | URL
  init: RequestInit | undefined
  url: URL
  method: string
  /** The Request, of whatever realm; undefined for a string and a URL. */
  request: Request | undefined
  /** The headers to send, in header mode. */
  headers?: Headers | undefined
  /** The origin of the page. */
  origin: string
  /** The body of a Request, once it has been read (query mode). */
  body?: Promise<ArrayBuffer>
  /** A copy of a Request with a body, to be sent if the request has to be repeated (header mode). */
  spare?: Request
}

/** As fetch reads it: whatever is not a Request becomes a string. */
export const addressOf = (input: RequestInfo | URL): string =>
  (input as Request | undefined)?.url ?? String(input)

/** The arguments of `fetch` for a request that carries the id. The caller's objects stay as they are. */
export async function attachedRequest(
  storefront: StorefrontRequest,
  name: string,
  id: string,
): Promise<[RequestInfo | URL, RequestInit | undefined]> {
  const { input, init, url, request, headers } = storefront
  if (headers) {
    headers.set(name, id)
    const source = storefront.spare ?? input
    if (request && hasBody(storefront) && !request.bodyUsed) storefront.spare ??= request.clone()
    return [source, withHeaders(storefront, headers)]
  }
  const address = withParameter(addressOf(input), url, name, id)
  if (!request) return [address, init]
  const fields = copyOf(request)
  // A Request as init would hand over its body as a stream.
  delete fields.body
  // Rebuilt around a new URL, a Request with a body becomes a streaming upload, which HTTP/1.1 refuses: so its body is
  // read, once.
  if (hasBody(storefront)) storefront.body ??= request.arrayBuffer()
  const bytes = await storefront.body
  if (bytes?.byteLength) fields.body = bytes
  return [new Request(address, fields), init]
}

/** Firefox shows no `body`; other browsers show null where there is no body. */
const hasBody = ({ request, init }: StorefrontRequest) => request && request.body !== null && !init?.body

/** The address with one more parameter; every other byte stays as it was. */
export function withParameter(address: string, url: URL, name: string, value: string): string {
  // Blanks at the ends, tabs and newlines are dropped by the URL parser: take its reading, or they would end up inside.
  const plain = /[\0- ]/.test(address) ? url.href : address
  const head = plain.replace(/#.*/s, '')
  const separator = head.includes('?') ? (/[?&]$/.test(head) ? '' : '&') : '?'
  return `${head}${separator}${encodeURIComponent(name)}=${value}${plain.slice(head.length)}`
}

/** In header mode nothing crosses a redirect to another origin, unless the caller decided otherwise. */
function withHeaders({ init, request, url, origin }: StorefrontRequest, headers: Headers): RequestInit {
  const isSame = url.origin === origin
  const mode = init?.mode ?? (request?.mode === 'cors' ? undefined : request?.mode)
  const isChosen =
    init?.redirect ||
    (request && request.redirect !== 'follow') ||
    // Another origin is only reached by `cors`, which says nothing about redirects, or without our header.
    (mode && (isSame || mode !== 'cors'))
  const guard: RequestInit = isChosen ? {} : isSame ? { mode: 'same-origin' } : { redirect: 'error' }
  // An init makes fetch forget these two of a Request.
  const { referrer, referrerPolicy } = request ?? {}
  return {
    ...(request && { referrer, referrerPolicy }),
    ...copyOf(init),
    headers,
    ...guard,
  } as RequestInit // spread of what was one before
}

/** Copies inherited fields, too: an init may be an instance of any class, and the fields of a Request are getters. */
function copyOf(source: RequestInit | undefined): RequestInit {
  const copy: Record<string, unknown> = {}
  for (const field in source) copy[field] = source[field as keyof RequestInit]
  return copy
}
