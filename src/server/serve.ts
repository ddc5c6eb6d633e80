import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { watchConnections } from './connections.ts'
import { createMetrics } from './metrics.ts'
import { toNodeListener } from './node-listener.ts'
import { targetOf } from './request.ts'
import { type Answer, answerFailure, answerNotAllowed } from './response.ts'
import { createSessionHandler, type RequestReport, type SessionHandlerOptions } from './session-handler.ts'

/** Options of {@link serve}: those of the handler, and where to listen. */
export interface ServeOptions extends Omit<SessionHandlerOptions, 'onRequest'> {
  /** TCP port; 0 takes a free one. */
  port: number
  /** Address to listen on. */
  host: string
  /** Whether `/metrics` answers. */
  metrics: boolean
  /** Called after each answer of the API. */
  onRequest?: ((report: RequestReport) => void) | undefined
  /**
   * How long a client may take to send its whole request, in milliseconds.
   * @default 10_000
   */
  requestTimeoutMs?: number | undefined
  /**
   * How many connections may be open at once; more are closed at once.
   * @default unlimited
   */
  maxConnections?: number | undefined
}

/** A server that listens. */
export interface RunningServer {
  /** Where it listens, such as `http://127.0.0.1:4000`, without the base path. */
  url: string
  /** Accepts nothing new, answers what is under way, then closes the store. Bounded by `STOP_MS`. */
  stop(): Promise<void>
}

const REQUEST_TIMEOUT_MS = 10_000
/** How often Node looks for requests that are too slow. */
const CHECK_MS = 500
/** Longer than the idle time of common load balancers, so that none sends on a connection that we are closing. */
const KEEP_ALIVE_MS = 65_000
/** How long stopping takes at most: Docker kills after ten seconds. */
const STOP_MS = 8_000
/** As much of it is left for the store; connections that are still busy then are cut. */
const CLOSE_MS = 1_000

/**
 * Runs the API on Node's HTTP server, with `/healthz` and `/metrics` beside it.
 *
 * Rejects if it can't listen (`error.code` is Node's, such as `EADDRINUSE`).
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { store, port, host, requestTimeoutMs = REQUEST_TIMEOUT_MS } = options
  const metrics = createMetrics()
  const onError = (error: unknown) => {
    metrics.countStoreError()
    return options.onError?.(error)
  }
  const handle = createSessionHandler({
    ...options,
    // What the callbacks give is handed on: the handler looks after the rejection of an async one.
    onRequest: (report) => {
      metrics.count(report)
      return options.onRequest?.(report)
    },
    onError,
  })
  const listener = toNodeListener(handle)
  // At the root, wherever the API stands.
  const answerHealth = toNodeListener(createSessionHandler({ store, onError }))

  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    connections.onRequest(request, response)
    if (isWithoutHost(request)) send(response, answerFailure('badRequest', 'HTTP/1.1 needs the header Host'))
    else if (isAt('/healthz', request)) answerHealth(request, response)
    else if (options.metrics && isAt('/metrics', request)) answerText(request, response, metrics.expose())
    else listener(request, response)
  }
  const server = createServer(
    {
      requestTimeout: requestTimeoutMs,
      headersTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(CHECK_MS, requestTimeoutMs),
      keepAliveTimeout: KEEP_ALIVE_MS,
      // Node would answer that by itself, and not in JSON.
      requireHostHeader: false,
    },
    onRequest,
  )
  // An expectation that nobody knows may be ignored (RFC 9110, 10.1.1); Node would answer 417, without a body.
  server.on('checkExpectation', onRequest)
  const connections = watchConnections(server)
  if (options.maxConnections !== undefined) server.maxConnections = options.maxConnections

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  // A TCP server's address is always an object.
  const { port: actualPort } = server.address() as AddressInfo

  let stopping: Promise<void> | undefined
  const stop = async () => {
    await connections.drain(STOP_MS - CLOSE_MS)
    await atMost(CLOSE_MS, store.close())
  }

  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`,
    stop: () => {
      stopping ??= stop()
      return stopping
    },
  }
}

/** Waits for work no longer than this; a store that hangs may never close. */
async function atMost(patienceMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patienceMs)
  })
  await Promise.race([work, over]).finally(() => clearTimeout(timer))
}

const isWithoutHost = ({ headers, httpVersion }: IncomingMessage): boolean =>
  headers.host === undefined && httpVersion === '1.1'

/** Whether a request is for exactly this path, whatever its query. */
const isAt = (path: string, { url = '' }: IncomingMessage): boolean => {
  const target = targetOf(url)
  return target.startsWith(path) && (target.length === path.length || target[path.length] === '?')
}

const send = (response: ServerResponse, { status, headers, body }: Answer) =>
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body)

function answerText(request: IncomingMessage, response: ServerResponse, text: string): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    send(response, answerNotAllowed('GET, HEAD'))
    return
  }
  response.writeHead(200, {
    'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    'cache-control': 'no-store',
  })
  response.end(text)
}
