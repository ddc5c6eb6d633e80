/**
 * The Session Management API inside Vite's development and preview servers.
 *
 * @packageDocumentation
 */
import type { Connect, Logger, Plugin } from 'vite'
import { createSessionHandler, memoryStore, type SessionStore, toNodeListener } from './server.ts'

/** Options of {@link sessionApi}. */
export interface SessionApiOptions {
  /**
   * Path of the API: the client's `baseUrl`. Vite's `base` is not added to it.
   * @default '/gks-server/v1'
   */
  basePath?: string | undefined
  /**
   * Where sessions live. The plugin closes the store with the last Vite server that uses it.
   * @default memoryStore() (a restart of the process forgets all sessions)
   */
  store?: SessionStore | undefined
}

/**
 * A Vite plugin that answers `{basePath}/sessions/…` in `vite` and `vite preview`. It leaves every other path to Vite,
 * your proxy and other plugins, and it takes no part in `vite build`.
 *
 * @throws TypeError for a `basePath` that is no path
 * @example
 * export default defineConfig({ plugins: [react(), sessionApi()] })
 */
export function sessionApi({
  basePath = '/gks-server/v1',
  store = memoryStore(),
}: SessionApiOptions = {}): Plugin {
  if (!basePath.startsWith('/'))
    throw new TypeError(`sessionApi: basePath must be a path such as /gks-server/v1, not "${basePath}"`)
  let logger: Pick<Logger, 'error'> = console
  const report = (error: unknown) =>
    logger.error(`sessionApi: ${error instanceof Error ? error.stack : error}`)
  const listen = toNodeListener(createSessionHandler({ store, basePath, onError: report }))
  const sessions = `${basePath.replace(/\/+$/, '')}/sessions/`

  // Vite starts the next server before it closes the one that it restarts.
  let servers = 0
  const serve = ({ middlewares }: { middlewares: Connect.Server }) => {
    servers++
    middlewares.use((request, response, next) =>
      request.url?.startsWith(sessions) ? listen(request, response) : next(),
    )
  }
  const leave = async () => {
    if (--servers === 0) await store.close()
  }

  return {
    name: 'storefront-session:api',
    apply: 'serve',
    configResolved(config) {
      logger = config.logger
    },
    configureServer: serve,
    // Vite calls it once when a development server closes, in middleware mode too.
    buildEnd: leave,
    configurePreviewServer(server) {
      serve(server)
      server.httpServer.once('close', () => void leave().catch(report))
    },
  }
}
