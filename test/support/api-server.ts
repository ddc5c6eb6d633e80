import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  createSessionHandler,
  createSessionReader,
  memoryStore,
  type SessionReader,
} from 'storefront-session/server'

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
  pages: ((path: string, request: Request) => Response | Promise<Response> | undefined) | undefined
  /** Cuts every connection instead of answering. */
  isDown: boolean
  /** Waited before each answer but the pages. */
  latencyMs: number
  /** The server forgets all sessions. */
  forgetAll(): void
  /** From now on the server keeps the id in a cookie; returns what reads it. No other origin may call it then. */
  keepCookie(): SessionReader
  close(): Promise<void>
}

/** Pages of these origins may call the API. */
export async function startApiServer(origins = ['http://localhost:3000']): Promise<ApiServer> {
  const basePath = '/gks-server/v1'
  const make = () =>
    createSessionHandler({ store: memoryStore(), basePath, cors: { origins }, deletable: true })
  let handle = make()
  const keepCookie = () => {
    const store = memoryStore()
    handle = createSessionHandler({ store, basePath, cookie: { secure: false } })
    return createSessionReader({ store, from: { cookie: 'sid' } })
  }
  const server: Server = createServer(async (incoming, outgoing) => {
    const request = await readRequest(incoming)
    api.seen.push(request)
    const { method, path, search, headers, body } = request
    const origin = String(headers.origin ?? '*')
    const asked = new Request(`${api.origin}${path}${search}`, {
      method,
      headers: headers as Record<string, string>,
      ...(body && { body }),
    })
    const page = method === 'OPTIONS' ? undefined : await api.pages?.(path, asked)
    if (api.latencyMs && !page) await new Promise((resolve) => setTimeout(resolve, api.latencyMs))
    if (api.isDown) {
      incoming.socket.destroy()
      return
    }
    const answer =
      page ??
      (method === 'OPTIONS' ? undefined : await api.fault?.(request)) ??
      (path.startsWith(`${basePath}/sessions/`)
        ? await handle(asked)
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
    keepCookie,
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
