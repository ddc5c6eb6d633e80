import type { IncomingMessage } from 'node:http'
import type { Http2ServerRequest } from 'node:http2'
import { type ApiRequest, joinChunks, targetOf } from './request.ts'

/** A request of Node's `http` or `http2`. */
export type NodeRequest = IncomingMessage | Http2ServerRequest

/** A request of Node as an {@link ApiRequest}, without the cost of building a `Request`. */
export const fromIncoming = (request: NodeRequest): ApiRequest => ({
  method: request.method ?? 'GET',
  target: targetOf(request.url ?? '/'),
  header: (name) => {
    const value = request.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  },
  body: (maxBytes) => readBody(request, maxBytes),
  isParsed: request.readableEnded,
  peer: () => socketOf(request)?.remoteAddress ?? '',
  toRequest: () => toRequest(request),
})

export const isHttp2 = (request: NodeRequest): request is Http2ServerRequest => request.httpVersionMajor >= 2

/** `request.socket` of HTTP/2 throws once the connection is gone. */
const socketOf = (request: NodeRequest) =>
  isHttp2(request) ? request.stream.session?.socket : request.socket

/** A `Request` without its body, for callbacks of the app: with the address that the visitor asked for. */
function toRequest(request: NodeRequest & { originalUrl?: unknown }): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    // A colon begins the pseudo-headers of HTTP/2.
    if (value === undefined || name.startsWith(':')) continue
    for (const one of [value].flat()) headers.append(name, one)
  }
  const socket = socketOf(request)
  const scheme = socket && 'encrypted' in socket ? 'https' : 'http'
  const host = isHttp2(request) ? request.authority : request.headers.host
  // Frameworks cut the path at which they mount from `url`.
  const path = targetOf(typeof request.originalUrl === 'string' ? request.originalUrl : (request.url ?? '/'))
  const origin = URL.canParse(`${scheme}://${host}`)
    ? new URL(`${scheme}://${host}`).origin
    : 'http://localhost'
  return new Request(origin + path, { method: request.method ?? 'GET', headers })
}

function readBody(request: NodeRequest, maxBytes: number): Promise<Uint8Array | null> | undefined {
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers
  // Only HTTP/1 says in the head whether a body follows.
  if (!isHttp2(request) && coding === undefined && (length === undefined || length === '0')) return undefined
  if (request.readableEnded) return Promise.resolve(readByOthers(request))
  // The visitor went away before this handler was called: no event will come.
  if (request.destroyed) return Promise.reject(cutOff())
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = []
    let total = 0
    request.on('data', (chunk: Uint8Array) => {
      total += chunk.length
      if (total <= maxBytes) chunks.push(chunk)
      // At once, because the end of the body may never come.
      else resolve(null)
    })
    request.on('end', () => resolve(joinChunks(chunks, total)))
    // Not 'error': 'close' follows it, and comes without it where the connection was gone before this line. After a
    // whole body no error is made, because an Error with its stack costs more than the rest of the request.
    request.on('close', () => {
      if (!request.readableEnded) reject(cutOff())
    })
  })
}

const cutOff = () => new Error('The request was cut off')

/**
 * The body as a body parser that was mounted before us left it, as bytes again.
 *
 * @throws Error where the parser left nothing: then the mounting is wrong
 */
function readByOthers({ body }: NodeRequest & { body?: unknown }): Uint8Array {
  if (body === undefined)
    throw new Error(
      'Something before toNodeListener has read the body and left nothing of it in request.body',
    )
  if (body instanceof Uint8Array) return body
  return new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body))
}
