import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createSessionHandler, memoryStore } from 'storefront-session/server'

/** One request as the server saw it. */
interface SeenRequest {
  method: string
  path: string
  search: string
  headers: Record<string, string | string[] | undefined>
  body: string
}

type Fault = (request: SeenRequest) => Response | undefined | Promise<Response | undefined>

/** A real session API on a free port of the loopback interface, with a log and faults that a test sets. */
export interface ApiServer {
  baseUrl: string
  origin: string
  seen: SeenRequest[]
  /** The requests as `METHOD path`, ids replaced by `:id`. */
  calls(): string[]
  /** Answers in place of the API where it returns a Response. */
  fault: Fault | undefined
  /** What else this origin has, beside the API. */
  pages: ((path: string) => Response | undefined) | undefined
  /** Cuts every connection instead of answering. */
  isDown: boolean
  /** Waited before each answer but the pages. */
  latencyMs: number
  /** The server forgets all sessions. */
  forgetAll(): void
  close(): Promise<void>
}

/** Pages of these origins may call the API. */
export async function startApiServer(origins = ['http://localhost:3000']): Promise<ApiServer> {
  const basePath = '/gks-server/v1'
  const make = () => createSessionHandler({ store: memoryStore(), basePath, cors: { origins }, deletable: true })
  let handle = make()
  const server: Server = createServer(async (incoming, outgoing) => {
    const request = await readRequest(incoming)
    api.seen.push(request)
    const { method, path, search, headers, body } = request
    const origin = String(headers.origin ?? '*')
    const page = api.pages?.(path)
    if (api.latencyMs && !page) await new Promise((resolve) => setTimeout(resolve, api.latencyMs))
    if (api.isDown) {
      incoming.socket.destroy()
      return
    }
    const answer =
      page ??
      (method === 'OPTIONS' ? undefined : await api.fault?.(request)) ??
      (path.startsWith(`${basePath}/sessions/`)
        ? await handle(
            new Request(`${api.origin}${path}${search}`, {
              method,
              headers: headers as Record<string, string>,
              ...(body && { body }),
            }),
          )
        : new Response(method === 'OPTIONS' ? null : JSON.stringify({ ok: true }), {
            headers: { 'content-type': 'application/json', 'access-control-allow-headers': '*' },
          }))
    const sent = Object.fromEntries(answer.headers)
    sent['access-control-allow-origin'] ??= origin
    outgoing.writeHead(answer.status, sent).end(Buffer.from(await answer.arrayBuffer()))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const api: ApiServer = {
    baseUrl: `${origin}${basePath}`,
    origin,
    seen: [],
    calls: () =>
      api.seen
        .filter(({ method }) => method !== 'OPTIONS')
        .map(({ method, path }) => `${method} ${path.replace(basePath, '').replace(/[\w-]{16,}/, ':id')}`),
    fault: undefined,
    pages: undefined,
    isDown: false,
    latencyMs: 0,
    forgetAll: () => {
      handle = make()
    },
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return api
}

async function readRequest(incoming: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const { pathname, search } = new URL(incoming.url ?? '/', 'http://x')
  return {
    method: incoming.method ?? '',
    path: pathname,
    search,
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString(),
  }
}
