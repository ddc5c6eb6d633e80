import type { ServerResponse } from 'node:http'
import type { Http2ServerResponse } from 'node:http2'
import { fromIncoming, isHttp2, type NodeRequest } from './node-request.ts'
import type { Answer } from './response.ts'
import type { SessionHandler } from './session-handler.ts'

type NodeResponse = ServerResponse | Http2ServerResponse

/** How much of an unread body is thrown away behind the answer, and how long the sender has to read the answer. */
const DISCARD_BYTES = 256 * 1024
const DISCARD_MS = 1_000

/**
 * Mounts a handler in Node's `http` and `http2`, Express, Vite's middlewares and whatever else calls `(req, res)`.
 * It builds no `Request`, which would cost more than the rest of the work together. It gives the handler the peer's
 * address, by which `limit` counts.
 *
 * It reads the body itself, or takes what a body parser before it left in `request.body` (an object, a text or
 * bytes); the body limit is then that parser's.
 *
 * @example
 * app.use('/gks-server/v1', toNodeListener(createSessionHandler({ store })))
 */
export const toNodeListener =
  (handle: SessionHandler) =>
  (request: NodeRequest, response: NodeResponse): void => {
    handle.answer(fromIncoming(request)).then((answer) => {
      try {
        send(request, response, answer)
      } catch (error) {
        // Most likely a hook of the app on this response. The visitor sees a broken connection, and the server gets
        // the error by 'clientError'; a rejection would end the process.
        response.destroy(error instanceof Error ? error : undefined)
      }
    })
  }

function send(request: NodeRequest, response: NodeResponse, { status, headers, body }: Answer): void {
  // Something before us has answered already, such as a timeout.
  if (response.headersSent) return
  keepHeaders(response, headers)
  if (status !== 204 && request.method !== 'HEAD') headers['content-length'] = String(Buffer.byteLength(body))
  if (isHttp2(request)) {
    response.writeHead(status, headers)
    // The stream ends with the answer, so that no more of an unread body is sent.
    const { stream } = request
    response.end(body, request.complete || stream.endAfterHeaders ? undefined : () => stream.close())
    return
  }
  // In HTTP/1 the connection ends.
  const isCutShort = !request.complete
  if (isCutShort) headers.connection = 'close'
  response.writeHead(status, headers)
  const http1 = response as ServerResponse // the request is not of HTTP/2
  if (body) {
    http1.write(body)
    // `end(body)` hands the system two pieces, the second one empty. In one piece a request takes a tenth less.
    http1.socket?.uncork()
  }
  if (isCutShort && body && !request.destroyed) discardRest(request, () => http1.end())
  else http1.end()
}

/** Keeps what something before us, such as a compression or the app's own session, has set already. */
function keepHeaders(response: NodeResponse, headers: Answer['headers']): void {
  if (headers.vary && response.hasHeader('vary'))
    headers.vary = `${response.getHeader('vary')}, ${headers.vary}`
  const cookie = headers['set-cookie']
  if (!cookie || !response.hasHeader('set-cookie')) return
  delete headers['set-cookie']
  response.setHeader('set-cookie', [response.getHeader('set-cookie') ?? [], cookie].flat().map(String))
}

/**
 * A connection that is closed on unread bytes is reset, and the sender may never read the answer. A sender of more
 * than this is not read any further, until the time is over.
 */
function discardRest(request: NodeRequest, then: () => void): void {
  const timer = setTimeout(then, DISCARD_MS)
  let total = 0
  request.on('data', (chunk: Uint8Array) => {
    total += chunk.length
    if (total > DISCARD_BYTES) request.pause()
  })
  request.on('end', then)
  request.on('close', () => clearTimeout(timer))
}
