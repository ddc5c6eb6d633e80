import type { ApiRequest } from './request.ts'
import type { Answer } from './response.ts'

/** Which foreign pages may use the API. */
export interface CorsOptions {
  /** Exact origins, such as `https://shop.example`. Neither `*` nor `null` is accepted. */
  origins: string[]
}

/** The rules for pages of other origins. */
export interface Cors {
  /**
   * Whether the browser marks the request as one of another site, and its origin is not on the list. Browsers without
   * `Sec-Fetch-Site` are let through: a proxy may change Host, so nothing else can be compared.
   */
  isForeign(request: ApiRequest): boolean
  /** Adds to an answer the headers that CORS asks for. */
  addHeaders(request: ApiRequest, answer: Answer): void
}

/** How long a browser may remember a preflight, in seconds. */
const MAX_AGE_S = 600
const ALLOWED_HEADERS = 'content-type, gkc_customerid, gkc_agentid, authorization'

/**
 * Prepares CORS for a list of origins; without a list no answer has a CORS header.
 *
 * @throws TypeError for an origin that no browser would send
 */
export function createCors(options: CorsOptions | undefined): Cors {
  const origins = new Set(options?.origins.map(checkOrigin))
  const isNamed = (origin: string | null | undefined) => !!origin && origins.has(origin)

  return {
    isForeign: (request) =>
      request.header('sec-fetch-site') === 'cross-site' && !isNamed(request.header('origin')),
    addHeaders: options ? (request, answer) => addHeaders(request, answer, isNamed) : () => undefined,
  }
}

function addHeaders(
  request: ApiRequest,
  answer: Answer,
  isNamed: (origin: string | null | undefined) => boolean,
): void {
  // Also where the origin is not on the list: a cache must not hand the answer on to one that is.
  answer.headers.vary = 'Origin'
  const origin = request.header('origin')
  if (!origin || !isNamed(origin)) return
  answer.headers['access-control-allow-origin'] = origin
  const isPreflight = request.method === 'OPTIONS' && request.header('access-control-request-method')
  if (!isPreflight) {
    answer.headers['access-control-expose-headers'] = 'Retry-After'
    return
  }
  answer.headers.vary = 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers'
  answer.headers['access-control-allow-methods'] = answer.headers.allow ?? ''
  answer.headers['access-control-allow-headers'] = ALLOWED_HEADERS
  answer.headers['access-control-max-age'] = String(MAX_AGE_S)
}

function checkOrigin(origin: string): string {
  if (URL.canParse(origin) && new URL(origin).origin === origin && origin !== 'null') return origin
  throw new TypeError(
    `cors.origins: "${origin}" is not an origin; write scheme, host and port only, such as https://shop.example`,
  )
}
