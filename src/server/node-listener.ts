import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import { type ApiRequest, joinChunks, targetOf } from './request.ts'
import type { Answer } from './response.ts'
import type { SessionHandler } from './session-handler.ts'

type AnyRequest = IncomingMessage | Http2ServerRequest
type AnyResponse = ServerResponse | Http2ServerResponse

/** How much of a body that nobody wants is thrown away behind the answer, and how long its sender may take to read that. */
const DISCARD_BYTES = 256 * 1024
const DISCARD_MS = 1_000

/**
 * Mounts a handler in Node's `http` and `http2`, Express, Vite's middlewares and whatever else calls `(req, res)`.
 * It builds no `Request`, which would cost more than the rest of the work together.
 *
 * It reads the body itself, or takes what a body parser before it left in `request.body` (an object, a text or
 * bytes); the body limit is then that parser's.
 *
 * @example
 * app.use('/gks-server/v1', toNodeListener(createSessionHandler({ store })))
 */
export const toNodeListener =
  (handle: SessionHandler) =>
  (request: AnyRequest, response: AnyResponse): void => {
    handle.answer(fromIncoming(request)).then((answer) => {
      try {
        send(request, response, answer)
      } catch (error) {
        // A hook of somebody else on this response, most likely. The visitor learns that there is no answer, and the
        // server of the error by 'clientError'; a rejection would end the process.
        response.destroy(error instanceof Error ? error : undefined)
      }
    })
  }

const fromIncoming = (request: AnyRequest): ApiRequest => ({
  method: request.method ?? 'GET',
  target: targetOf(request.url ?? '/'),
  header: (name) => {
    const value = request.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  },
  body: (maxBytes) => readBody(request, maxBytes),
  isParsed: request.readableEnded,
})

const isHttp2 = (request: AnyRequest): request is Http2ServerRequest => request.httpVersionMajor >= 2

function readBody(request: AnyRequest, maxBytes: number): Promise<Uint8Array | null> | undefined {
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers
  // Only HTTP/1 says in the head whether a body follows.
  if (!isHttp2(request) && coding === undefined && (length === undefined || length === '0')) return undefined
  if (request.readableEnded) return Promise.resolve(readByOthers(request))
  // Its visitor went away while something before us waited: no event comes any more.
  if (request.destroyed) return Promise.reject(cutOff())
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = []
    let total = 0
    request.on('data', (chunk: Uint8Array) => {
      total += chunk.length
      if (total <= maxBytes) chunks.push(chunk)
      // Now, and not at its end: that may never come.
      else resolve(null)
    })
    request.on('end', () => resolve(joinChunks(chunks, total)))
    // Not 'error', which nobody has to listen to here: 'close' follows it, and comes without it where the connection
    // was gone before this line. After a whole body there is nothing to say, and an Error, with its stack, costs more
    // than the rest of the request.
    request.on('close', () => {
      if (!request.readableEnded) reject(cutOff())
    })
  })
}

const cutOff = () => new Error('The request was cut off')

/**
 * What a body parser that was mounted before us made of the body, as bytes again.
 *
 * @throws Error where it left nothing, which is no body that was not there: the mounting has to be mended
 */
function readByOthers({ body }: AnyRequest & { body?: unknown }): Uint8Array {
  if (body === undefined)
    throw new Error(
      'Something before toNodeListener has read the body and left nothing of it in request.body',
    )
  if (body instanceof Uint8Array) return body
  return new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body))
}

function send(request: AnyRequest, response: AnyResponse, { status, headers, body }: Answer): void {
  // Something before us has answered, such as a timeout: what came too late is nobody's.
  if (response.headersSent) return
  // Something before us, such as a compression, may vary by a header of its own.
  if (headers.vary && response.hasHeader('vary'))
    headers.vary = `${response.getHeader('vary')}, ${headers.vary}`
  if (status !== 204 && request.method !== 'HEAD') headers['content-length'] = String(Buffer.byteLength(body))
  if (isHttp2(request)) {
    response.writeHead(status, headers)
    // Of an unread body nothing more is wanted: its stream ends with the answer.
    const { stream } = request
    response.end(body, request.complete || stream.endAfterHeaders ? undefined : () => stream.close())
    return
  }
  // In HTTP/1 it is the connection that ends.
  const isCutShort = !request.complete
  if (isCutShort) headers.connection = 'close'
  response.writeHead(status, headers)
  const http1 = response as ServerResponse
  if (body) {
    http1.write(body)
    // `end(body)` hands the system two pieces, of which the second is empty; so it is one, a tenth of a request sooner.
    http1.socket?.uncork()
  }
  if (isCutShort && body && !request.destroyed) discardRest(request, () => http1.end())
  else http1.end()
}

/**
 * A connection that is closed on unread bytes is reset, and its sender may never get to read the answer. Who sends
 * more is left waiting: that, too, lets him look up.
 */
function discardRest(request: AnyRequest, then: () => void): void {
  const timer = setTimeout(then, DISCARD_MS)
  let total = 0
  request.on('data', (chunk: Uint8Array) => {
    total += chunk.length
    if (total > DISCARD_BYTES) request.pause()
  })
  request.on('end', then)
  request.on('close', () => clearTimeout(timer))
}
