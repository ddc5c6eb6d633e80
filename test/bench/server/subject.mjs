// One server of the comparison, in a process of its own: prints its port, runs until it is killed.
// node test/bench/server/subject.mjs constant | mounted-constant | nothing | memory | sqlite:PATH[?full] | redis://HOST:PORT
import { createServer } from 'node:http'
import {
  createSessionHandler,
  memoryStore,
  redisStore,
  sqliteStore,
  toNodeListener,
} from 'storefront-session/server'

const [kind = 'constant'] = process.argv.slice(2)

const BODY = JSON.stringify({
  statusCode: 0,
  response: {
    sessionId: 'aaaaaaaaaaaaaaaaaaaaaaaa',
    customerId: 'customer-4711',
    visitId: 'visit-1',
    createdAt: new Date(0).toISOString(),
    expiresAt: new Date(0).toISOString(),
  },
})
const HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-length': String(Buffer.byteLength(BODY)),
}

/** The same HTTP server without any work of ours: it takes the request in and answers always the same. */
const constant = (request, response) => {
  request.on('data', () => undefined)
  request.on('end', () => response.writeHead(200, HEADERS).end(BODY))
}

/** The same answer by way of our mounting in that server, without the work of handler and store. */
const mounted = toNodeListener({
  answer: async (request) => {
    await request.body(16_384)
    // Written out as ours are: Node takes a microsecond longer to go over the members of a copy.
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    }
    return { status: 200, headers, body: BODY }
  },
})

const openStore = () => {
  if (kind === 'memory') return memoryStore()
  if (kind.startsWith('redis')) return redisStore({ url: kind })
  const [path, full] = kind.slice('sqlite:'.length).split('?')
  return sqliteStore({ path, synchronous: full ? 'full' : 'normal' })
}

/** A store that keeps nothing: what is left is the work of the handler. */
const keepNothing = {
  create: async (ids, ttlMs) => {
    const createdAt = Date.now()
    return { sessionId: 'aaaaaaaaaaaaaaaaaaaaaaaa', ...ids, createdAt, expiresAt: createdAt + ttlMs }
  },
  get: async () => null,
  associate: async () => null,
  remove: async () => false,
  find: async () => [],
  scan: async () => ({ sessions: [] }),
  close: async () => undefined,
}

const LISTENERS = {
  constant,
  'mounted-constant': mounted,
  nothing: toNodeListener(createSessionHandler({ store: keepNothing })),
}
const listener = LISTENERS[kind] ?? toNodeListener(createSessionHandler({ store: openStore() }))
const server = createServer(listener)
server.listen(0, '127.0.0.1', () => console.log(server.address().port))

/**
 * What it has used so far: CPU time in microseconds, and memory in bytes. Asked for `memory`, it collects first; asked
 * for `cpu` it does not: that would be work which no server does, and leaves a heap that has to grow again.
 */
process.on('message', (what) => {
  if (what === 'memory') globalThis.gc?.()
  const { user, system } = process.cpuUsage()
  const { heapUsed, rss } = process.memoryUsage()
  process.send({ cpu: user + system, heap: heapUsed, rss })
})
