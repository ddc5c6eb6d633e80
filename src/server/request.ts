import { isAssociationId } from '../wire/session-info.ts'
import { RequestFailure } from './response.ts'
import type { SessionIds } from './session-store.ts'

/** What the API needs of a request: filled from a `Request`, or from Node's `IncomingMessage` without the detour. */
export interface ApiRequest {
  method: string
  /** Path and query as they were sent. Nothing of it is decoded: no valid path has anything to decode. */
  target: string
  /** A header by its lower-case name; several lines are joined by commas. */
  header(name: string): string | null | undefined
  /**
   * Reads the body, or gives null as soon as it is longer than `maxBytes`: what Content-Length says is not
   * believed. Undefined where there is none. Rejects where the body did not arrive completely; throws where the
   * server is put together wrongly.
   */
  body(maxBytes: number): Promise<Uint8Array | null> | undefined
  /** A body parser before us has read the body, by a limit of its own, and undone any compression. */
  isParsed?: boolean
}

/** A WHATWG `Request` as an {@link ApiRequest}. */
export const fromRequest = (request: Request): ApiRequest => ({
  method: request.method,
  target: targetOf(request.url),
  header: (name) => request.headers.get(name),
  body: (maxBytes) => {
    // In silence, its ids would be lost.
    if (request.bodyUsed || request.body?.locked)
      throw new Error('Something before the handler has read the body: give it request.clone()')
    return request.body ? readStream(request.body, maxBytes) : undefined
  },
})

/** Path and query of an absolute URL. */
export const targetOf = (url: string): string =>
  url.startsWith('/') && !url.includes('#')
    ? url
    : url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '').replace(/#.*/s, '') || '/'

/**
 * The body, whole; undefined where there is none.
 *
 * @throws RequestFailure 400 or 413
 */
export function readBody(request: ApiRequest, maxBytes: number): Promise<Uint8Array> | undefined {
  if (!request.isParsed && Number(request.header('content-length')) > maxBytes) throw tooLarge(maxBytes)
  return request.body(maxBytes)?.then((bytes) => {
    if (!bytes) throw tooLarge(maxBytes)
    return bytes
  }, refuseFragment)
}

/**
 * The ids that a request brings: customer and agent by header, the visit's by JSON body. Fields that the API
 * does not know are ignored; null counts as absent.
 *
 * @throws RequestFailure 400 or 415
 */
export function readIds(request: ApiRequest, body: Uint8Array | undefined): SessionIds {
  const ids: SessionIds = {}
  put(ids, 'customerId', request.header('gkc_customerid') || undefined, 'the header gkc_customerId')
  put(ids, 'agentId', request.header('gkc_agentid') || undefined, 'the header gkc_agentId')
  if (!body?.length) return ids
  const fields = parseBody(request, body)
  put(ids, 'visitId', own(fields, 'visitId'), 'the field visitId')
  put(ids, 'globalVisitId', own(fields, 'globalVisitId'), 'the field globalVisitId')
  return ids
}

/** The visitor went away or was cut off for slowness: most likely nobody reads this answer. */
const refuseFragment = (): never => {
  throw new RequestFailure('badRequest', 'The body did not arrive completely')
}

function parseBody(request: ApiRequest, bytes: Uint8Array): object {
  // text/plain and forms can be posted by any page without asking (CORS): only JSON is read.
  if (!/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(request.header('content-type') ?? ''))
    throw new RequestFailure('notJson', 'The body must be application/json in UTF-8')
  if (!request.isParsed && !/^(identity)?$/i.test(request.header('content-encoding') ?? ''))
    throw new RequestFailure('notJson', 'The body must not be compressed')
  const body = parseJson(bytes)
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new RequestFailure('badRequest', 'The body must be a JSON object')
  return body
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes))
  } catch {
    // The parser's message quotes the body, which belongs in no answer and no log.
    throw new RequestFailure('badRequest', 'The body is not valid JSON')
  }
}

const own = (body: object, field: string): unknown =>
  // Any object may be asked for a member of its own.
  Object.hasOwn(body, field) ? ((body as Record<string, unknown>)[field] ?? undefined) : undefined

function put(ids: SessionIds, field: keyof SessionIds, value: unknown, name: string): void {
  if (value === undefined) return
  if (!isAssociationId(value))
    throw new RequestFailure(
      'badRequest',
      `${name[0]?.toUpperCase()}${name.slice(1)} must be 1 to 256 visible ASCII characters`,
    )
  ids[field] = value
}

const tooLarge = (maxBytes: number) =>
  new RequestFailure('tooLarge', `The body must not be longer than ${maxBytes} bytes`)

async function readStream(stream: ReadableStream<Uint8Array>, maxBytes: number): Promise<Uint8Array | null> {
  const reader = stream.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return joinChunks(chunks, length)
    length += value.length
    if (length > maxBytes) {
      // Tells the sender to stop. That the sender is already gone is no news.
      reader.cancel().catch(() => undefined)
      return null
    }
    chunks.push(value)
  }
}

/** One array from many; no copy where there is only one. */
export function joinChunks(chunks: Uint8Array[], length: number): Uint8Array {
  const [first] = chunks
  if (first && chunks.length === 1) return first
  const joined = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    joined.set(chunk, offset)
    offset += chunk.length
  }
  return joined
}
