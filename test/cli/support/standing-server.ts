import type { RequestListener } from 'node:http'
import { buffer } from 'node:stream/consumers'
import {
  createSessionHandler,
  memoryStore,
  type SessionHandlerOptions,
  toNodeListener,
} from 'storefront-session/server'
import { afterEach } from 'vitest'
import { listen, type NodeServer } from '../../server/support/node-server.ts'

type Change = (answer: Response, request: Request) => Promise<Response> | Response

/** Servers that stand until the test has ended. */
export function withServers() {
  let servers: NodeServer[] = []
  afterEach(async () => {
    await Promise.all(servers.map((server) => server.close()))
    servers = []
  })
  const stand = async (listener: RequestListener) => {
    const server = await listen(listener)
    servers.push(server)
    return server
  }
  return {
    stand,
    /** Our own API, with its memory store. */
    ours: (origins?: string[], options?: Partial<SessionHandlerOptions>) =>
      stand(
        toNodeListener(
          createSessionHandler({ store: memoryStore(), ...(origins && { cors: { origins } }), ...options }),
        ),
      ),
    /** Our own API, as another one would answer: `change` rewrites each answer on its way out. */
    changed: (change: Change, options?: Partial<SessionHandlerOptions>) => {
      const handle = createSessionHandler({ store: memoryStore(), ...options })
      return stand(async (incoming, outgoing) => {
        const { method = 'GET', url = '/', headers } = incoming
        const body = method === 'GET' ? null : await buffer(incoming)
        const request = new Request(`http://127.0.0.1${url}`, {
          method,
          headers: headers as Record<string, string>, // no header of the doctor comes twice
          body,
        })
        const answer = await change(await handle(request), request)
        outgoing.writeHead(answer.status, Object.fromEntries(answer.headers))
        outgoing.end(Buffer.from(await answer.arrayBuffer()))
      })
    },
  }
}
