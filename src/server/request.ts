import { RequestFailure } from './response.ts'

/** What the API needs of a request: filled from a `Request`, or from Node's `IncomingMessage` without the detour. */
export interface ApiRequest {
  method: string
  /** Path and query as they were sent. Nothing of it is decoded: no valid path has anything to decode. */
  target: string
  /** A header by its lower-case name; several lines are joined by commas. */
  header(name: string): string | null | undefined
  /**
   * Reads the body, or gives null as soon as it is longer than `maxBytes`, whatever Content-Length says. Undefined
   * where there is no body. Rejects where the body did not arrive completely; throws where the server is put together
   * wrongly.
   */
  body(maxBytes: number): Promise<Uint8Array | null> | undefined
  /** A body parser before us has read the body, within its own limit, and undone any compression. */
  isParsed?: boolean
  /** Address of the other end of the connection; empty where it is not known. */
  peer(): string
  /** The request for callbacks of the app; its body may be read already. */
  toRequest(): Request
}

/**
 * What the caller of a handler knows beside the request. `object` lets frameworks call the handler themselves: Next.js
 * and Workers pass their own context here, and TypeScript would refuse it where all members are optional.
 */
export type RequestOrigin = object & {
  /** Address of the other end of the connection, as `socket.remoteAddress` gives it; `limit` counts by it. */
  peer?: string | undefined
}

/** A WHATWG `Request` as an {@link ApiRequest}. */
export const fromRequest = (request: Request, origin?: RequestOrigin): ApiRequest => ({
  method: request.method,
  target: targetOf(request.url),
  header: (name) => request.headers.get(name),
  body: (maxBytes) => {
    // Without this error, the ids in the body would be lost in silence.
    if (request.bodyUsed || request.body?.locked)
      throw new Error('Something before the handler has read the body: give it request.clone()')
    return request.body ? readStream(request.body, maxBytes) : undefined
  },
  // The context of a framework may have another member of this name.
  peer: () => (typeof origin?.peer === 'string' ? origin.peer : ''),
  toRequest: () => request,
})

/** Path and query of an absolute URL. */
export const targetOf = (url: string): string =>
  url.startsWith('/') && !url.includes('#')
    ? url
    : url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '').replace(/#.*/s, '') || '/'

/**
 * The whole body; undefined without a body.
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

/** The visitor went away, or was cut off for being too slow. */
const refuseFragment = (): never => {
  throw new RequestFailure('badRequest', 'The body did not arrive completely')
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
      // Tells the sender to stop. It fails where the sender is gone, which changes nothing here.
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
