import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Connections, watchConnections } from './connections.ts'
import type { SessionHandlerOptions } from './handler-options.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { toNodeListener } from './node-listener.ts'
import { targetOf } from './request.ts'
import { type Answer, answerFailure, answerNotAllowed } from './response.ts'
import { createSessionHandler } from './session-handler.ts'

/** Options of {@link serve}: those of the handler, and where to listen. */
export interface ServeOptions extends SessionHandlerOptions {
  /** TCP port; 0 takes a free one. */
  port: number
  /**
   * Address to listen on.
   * @default '127.0.0.1'
   */
  host?: string | undefined
  /**
   * Whether `/metrics` answers.
   * @default true
   */
  metrics?: boolean | undefined
  /**
   * How long a client may take to send its whole request, in milliseconds.
   * @default 10_000
   */
  requestTimeoutMs?: number | undefined
  /**
   * How many connections may be open at once; further ones are closed at once.
   * @default unlimited
   */
  maxConnections?: number | undefined
  /**
   * How long `stop()` goes on as before, in milliseconds, while `/readyz` answers 503: a load balancer needs this time
   * to send its requests elsewhere.
   * @default 0
   */
  drainDelayMs?: number | undefined
}

/** A server that listens. */
export interface RunningServer {
  /** Where it listens, such as `http://127.0.0.1:4000`, without the base path. */
  url: string
  /**
   * Waits for the drain delay, then accepts nothing new, answers what is under way, and closes the store: within 8 s
   * after the delay.
   */
  stop(options?: { drainDelayMs?: number | undefined }): Promise<void>
}

const REQUEST_TIMEOUT_MS = 10_000
/** How often Node looks for requests that are too slow. */
const CHECK_MS = 500
/** Longer than the idle time of common load balancers, so that none sends on a connection that we are closing. */
const KEEP_ALIVE_MS = 65_000
/** How long stopping takes at most: Docker kills after ten seconds. */
const STOP_MS = 8_000
/** The part of it that is left for the store; connections that are still busy then are cut. */
const CLOSE_MS = 1_000

/**
 * Runs the API on Node's HTTP server, with `/livez`, `/readyz`, `/healthz` and `/metrics` beside it.
 *
 * Rejects if it can't listen (`error.code` is Node's, such as `EADDRINUSE`).
 *
 * @throws TypeError, as a rejection, for an option that can't be right
 * @example
 * const server = await serve({ store, port: 4000, basePath: '/gks-server/v1' })
 * process.once('SIGTERM', () => server.stop())
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { store, port, host = '127.0.0.1', requestTimeoutMs = REQUEST_TIMEOUT_MS } = options
  const metrics = createMetrics(() => connections.count())
  let isDraining = false
  const onRequest = createListener(options, metrics, () => isDraining)
  const { createServer } = process.getBuiltinModule('node:http')
  const server = createServer(
    {
      requestTimeout: requestTimeoutMs,
      headersTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(CHECK_MS, requestTimeoutMs),
      keepAliveTimeout: KEEP_ALIVE_MS,
      // Node's own answer to a request without Host is not JSON.
      requireHostHeader: false,
    },
    (request, response) => listener(request, response),
  )
  const connections: Connections = watchConnections(server)
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    connections.onRequest(request, response)
    onRequest(request, response)
  }
  // An unknown expectation may be ignored (RFC 9110, 10.1.1); Node would answer 417 without a body.
  server.on('checkExpectation', listener)
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
  const stop = async (delayMs: number) => {
    isDraining = true
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs))
    await connections.drain(STOP_MS - CLOSE_MS)
    await atMost(CLOSE_MS, store.close())
  }

  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`,
    stop: ({ drainDelayMs = options.drainDelayMs ?? 0 } = {}) => {
      stopping ??= stop(drainDelayMs)
      return stopping
    },
  }
}

/** The API, and the routes beside it at the root. */
function createListener(options: ServeOptions, metrics: Metrics, isDraining: () => boolean) {
  const store = metrics.watch(options.store)
  const answerApi = toNodeListener(
    createSessionHandler({
      ...options,
      store,
      // The handler takes care of the rejection of an async callback, so its promise is handed on.
      onRequest: (report) => {
        metrics.count(report)
        return options.onRequest?.(report)
      },
    }),
  )
  // At the root, wherever the API stands.
  const answerHealth = toNodeListener(createSessionHandler({ store, onError: options.onError }))
  const readiness = ['/readyz', '/healthz']
  const health = ['/livez', ...readiness]
  const basePath = (options.basePath ?? '').replace(/\/+$/, '')
  const everyReadiness = [...readiness, ...readiness.map((path) => basePath + path)]

  return (request: IncomingMessage, response: ServerResponse): void => {
    const target = targetOf(request.url ?? '')
    const isAt = (path: string) => isPathOf(target, path)
    if (isWithoutHost(request)) send(response, answerFailure('badRequest', 'HTTP/1.1 needs the header Host'))
    else if (isDraining() && everyReadiness.some(isAt))
      send(response, answerFailure('unavailable', 'This server is about to stop'), request.method)
    else if (health.some(isAt)) answerHealth(request, response)
    else if ((options.metrics ?? true) && isAt('/metrics')) answerMetrics(request, response, metrics)
    else answerApi(request, response)
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

/** Whether a target is exactly this path, with any query. */
const isPathOf = (target: string, path: string): boolean =>
  target.startsWith(path) && (target.length === path.length || target[path.length] === '?')

const send = (response: ServerResponse, { status, headers, body }: Answer, method?: string) =>
  response
    .writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
    .end(method === 'HEAD' ? '' : body)

async function answerMetrics(
  request: IncomingMessage,
  response: ServerResponse,
  metrics: Metrics,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    send(response, answerNotAllowed('GET, HEAD'))
    return
  }
  // Never rejects: what the store refuses is left out.
  const text = await metrics.expose()
  response.writeHead(200, {
    'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    'cache-control': 'no-store',
  })
  response.end(text)
}
