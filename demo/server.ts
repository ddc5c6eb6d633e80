import { mkdirSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Connect, Plugin } from 'vite'
// By path and not by name: Vite's aliases don't hold yet while it reads its own configuration.
import { createSessionHandler, sqliteStore, toNodeListener } from '../src/server.ts'
import { createTrap, echo } from './server/card-routes.ts'
import { createCartRoutes } from './server/cart-routes.ts'
import { createCarts } from './server/carts.ts'
import { createHelpSearch } from './server/help-search.ts'
import { createLiveStream } from './server/live-stream.ts'
import { createSessionLoser } from './server/lost-session.ts'
import {
  createRenderedPage,
  type RenderedSource,
  sourceOfBuild,
  sourceOfServer,
} from './server/rendered-page.ts'
import { type Handler, queryOf, sendJson } from './server/reply.ts'
import { createSessionBook } from './server/session-book.ts'
import { createVisitors } from './server/visitors.ts'
import { watchStore } from './server/watched-store.ts'
import { withWeather } from './server/weather.ts'

const BASE = '/gks-server/v1'
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * The demo's server, in Vite's own process, for `npm run demo` and for the preview of a build: the session API on
 * SQLite, the shop's backend, and the laboratory's live view. `DEMO_DATA_DIR` moves the databases elsewhere.
 */
export function demoServer(): Plugin {
  return {
    name: 'demo-server',
    configureServer(server) {
      const close = mount(server.middlewares, sourceOfServer(server))
      server.httpServer?.once('close', close)
    },
    configurePreviewServer(server) {
      const close = mount(server.middlewares, sourceOfBuild(server.config))
      server.httpServer.once('close', close)
    },
  }
}

function mount(middlewares: Connect.Server, source: RenderedSource): () => void {
  const dataDir = process.env.DEMO_DATA_DIR ?? here('.data')
  mkdirSync(dataDir, { recursive: true })
  const path = join(dataDir, 'sessions.db')
  const store = sqliteStore({ path })
  const carts = createCarts(join(dataDir, 'shop.db'))
  const book = createSessionBook(() => stream.changed())
  const stream = createLiveStream(book.view)
  const visitors = createVisitors(store, carts, book)
  const loser = createSessionLoser(path)

  const tellCart = (owner: string) => stream.tell('cart', { masks: visitors.masksOf(owner) })
  const watched = watchStore(store, book, (session) => tellCart(visitors.mergeCart(session)))
  const sessions = toNodeListener(
    createSessionHandler({ store: watched, deletable: true, onError: console.error }),
  )
  const search = createHelpSearch()
  const { leave, trap } = createTrap()

  const note = (request: IncomingMessage, line: string) => {
    const sessionId = queryOf(request).get('sessionId')
    if (sessionId) book.note(sessionId, line)
  }
  const use = (at: string, handler: Handler) =>
    middlewares.use(at, async (request, response, next) => {
      try {
        await handler(request, response)
      } catch (error) {
        next(error)
      }
    })

  use('/demo/stream', stream.handle)
  use('/demo/lose', (request, response) => {
    const sessionId = queryOf(request).get('sessionId') ?? ''
    const isLost = request.method === 'POST' && loser.lose(sessionId)
    if (isLost) book.strike(sessionId)
    sendJson(response, 200, { isLost })
  })
  use('/demo/trap', trap)
  use('/demo/rendered', createRenderedPage(source))
  use('/api/cart', createCartRoutes(carts, visitors, tellCart))
  use('/api/stock', (request, response) =>
    sendJson(response, 200, { pieces: stockOf((request.url ?? '').slice(1)) }),
  )
  use('/api/leave', leave)
  use('/api/echo', (request, response) => {
    note(request, 'GET /api/echo')
    return echo(request, response)
  })
  use(`${BASE}/help/search`, (request, response) => {
    note(request, 'GET /help/search')
    sendJson(response, 200, { hits: search(queryOf(request).get('q') ?? '') })
  })
  use(`${BASE}/help/feedback`, (request, response) => {
    note(request, 'POST /help/feedback')
    sendJson(response, 200, { isThanked: true })
  })
  use(
    BASE,
    withWeather(sessions, (request, status) =>
      book.refuse(`${request.method} ${describePath(request.url ?? '')}`, status),
    ),
  )
  return () => {
    stream.close()
    loser.close()
    carts.close()
    void store.close()
  }
}

/** The workshop makes as many as a name has letters. */
const stockOf = (path: string) => path.replace(/\?.*/, '').length

const describePath = (url: string): string =>
  url.replace(/\?.*/, '').replace(/^\/sessions\/(?!new$).+/, '/sessions/{id}')
