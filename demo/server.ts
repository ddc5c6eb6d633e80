import { mkdirSync } from 'node:fs'
import { type ServerResponse, STATUS_CODES } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import MiniSearch from 'minisearch'
import type { Plugin } from 'vite'
// By path and not by name: Vite's aliases don't hold yet while it reads its own configuration.
import { createSessionHandler, sqliteStore, toNodeListener } from '../src/server.ts'
import { helpArticles } from './help-articles.ts'

const BASE = '/gks-server/v1'
const SLOW_MS = 5_000
const WEATHERS = ['normal', 'slow', 'down', 'html']
const HITS = 6

/**
 * The session API on SQLite and the help search, in Vite's own process. `POST /demo/weather?is=down` makes
 * the session API (and only that) misbehave. `DEMO_DATA_DIR` moves the database elsewhere.
 */
export function demoServer(): Plugin {
  return {
    name: 'demo-server',
    configureServer(server) {
      const dataDir = process.env.DEMO_DATA_DIR ?? fileURLToPath(new URL('.data', import.meta.url))
      mkdirSync(dataDir, { recursive: true })
      const store = sqliteStore({ path: join(dataDir, 'sessions.db') })
      server.httpServer?.once('close', () => void store.close())
      const sessions = toNodeListener(createSessionHandler({ store }))
      const search = createHelpSearch()
      let weather = 'normal'

      server.middlewares.use('/demo/weather', (request, response) => {
        const wanted = new URL(request.url ?? '/', 'http://demo').searchParams.get('is')
        if (request.method === 'POST' && wanted && WEATHERS.includes(wanted)) weather = wanted
        sendJson(response, 200, { weather })
      })
      server.middlewares.use(`${BASE}/help/search`, (request, response) => {
        const words = new URL(request.url ?? '/', 'http://demo').searchParams.get('q') ?? ''
        sendJson(response, 200, { hits: search(words) })
      })
      server.middlewares.use(BASE, (request, response) => {
        if (weather === 'down') sendJson(response, 503, { statusCode: 7, description: 'Down for the demo' })
        else if (weather === 'html') sendPage(response)
        else if (weather === 'slow') setTimeout(() => sessions(request, response), SLOW_MS)
        else sessions(request, response)
      })
    },
  }
}

function createHelpSearch() {
  const index = new MiniSearch({
    fields: ['title', 'text', 'topic'],
    storeFields: ['title', 'text', 'topic'],
    searchOptions: { prefix: true, fuzzy: 0.2, boost: { title: 3 } },
  })
  index.addAll(helpArticles.map(([topic, title, text], id) => ({ id, topic, title, text })))
  return (words: string) =>
    index
      .search(words)
      .slice(0, HITS)
      .map(({ id, topic, title, text }) => ({ id, topic, title, text }))
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, STATUS_CODES[status], {
    'content-type': 'application/json',
    'cache-control': 'no-store',
  })
  response.end(JSON.stringify(body))
}

function sendPage(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html' })
  response.end('<!doctype html><title>Maintenance</title><p>Back in a minute.')
}
