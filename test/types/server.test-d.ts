import type { IncomingMessage } from 'node:http'
import {
  createSessionAdmin,
  createSessionHandler,
  createSessionReader,
  memoryStore,
  type RequestReport,
  type StoredSession,
  serve,
} from 'storefront-session/server'
import { expectTypeOf } from 'vitest'

const store = memoryStore()

export function handlers() {
  const handle = createSessionHandler({
    store,
    limit: { create: '30/10m', use: '600/10m', trustProxy: 1, by: (request, peer) => request.url + peer },
    cookie: { sameSite: 'strict' },
    verifyCustomer: (request, customerId) => request.headers.get('x') === customerId,
    onAssociate: async ({ sessionId, before, after, request }) => {
      expectTypeOf(sessionId).toEqualTypeOf<string>()
      expectTypeOf(before).toEqualTypeOf<StoredSession | null>()
      expectTypeOf(after).toEqualTypeOf<StoredSession | null>()
      expectTypeOf(request).toEqualTypeOf<Request>()
    },
    onRequest: (report) => expectTypeOf(report).toEqualTypeOf<RequestReport>(),
  })
  void handle(new Request('http://api.test'), { peer: '192.0.2.1' })
  // @ts-expect-error a peer is a text
  void handle(new Request('http://api.test'), { peer: 1 })
  // @ts-expect-error no such attribute
  createSessionHandler({ store, cookie: { httpOnly: false } })
  return handle
}

/** Frameworks call a handler with a context of their own, which must compile. */
export function frameworks() {
  type RouteHandler = (
    request: Request,
    context: { params: Promise<{ path: string[] }> },
  ) => Promise<Response>
  expectTypeOf(handlers()).toExtend<RouteHandler>()
  expectTypeOf({ fetch: handlers() }).toExtend<{
    fetch(request: Request, env: { DB: string }): Promise<Response>
  }>()
}

export async function readers(request: Request, incoming: IncomingMessage) {
  const sessions = createSessionReader({ store, from: { query: 'sessionId', header: 'x', cookie: 'sid' } })
  expectTypeOf(await sessions.of(request)).toEqualTypeOf<StoredSession | null>()
  expectTypeOf(await sessions.of(incoming)).toEqualTypeOf<StoredSession | null>()
  expectTypeOf(sessions.redact(new URL(request.url))).toEqualTypeOf<string>()
}

export async function operation() {
  const server = await serve({ store, port: 0 })
  expectTypeOf(server.url).toEqualTypeOf<string>()
  await server.stop({ drainDelayMs: 0 })
  expectTypeOf(await createSessionAdmin({ store }).removeCustomer('c')).toEqualTypeOf<number>()
}
