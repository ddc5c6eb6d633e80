import { watchStore } from './diagnostics.ts'
import type { RequestReport } from './handler-options.ts'
import { createHistogram } from './histogram.ts'
import type { SessionStore } from './session-store.ts'

/** Counts requests and store operations, and writes them down in the text format of Prometheus. */
export interface Metrics {
  /** For the handler's `onRequest`. */
  count(report: RequestReport): void
  /** The same store, with its operations counted and timed; hand it to the handler in place of the store. */
  watch(store: SessionStore): SessionStore
  /** The metrics as text, of the type `text/plain; version=0.0.4`. Leaves out what the store does not tell. */
  expose(): Promise<string>
}

/** The labels of other methods would grow with what visitors send. */
const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'PATCH']

/**
 * Metrics of one server, for `/metrics`. No label has an id.
 *
 * @param openConnections read at each `expose`, where the server knows it
 * @example
 * const metrics = createMetrics()
 * const handle = createSessionHandler({ store: metrics.watch(store), onRequest: metrics.count })
 * app.get('/metrics', async (request, response) => response.type('text/plain').send(await metrics.expose()))
 */
export function createMetrics(openConnections?: () => number): Metrics {
  const requests = createHistogram(
    'storefront_session_request_duration_seconds',
    'Time from a request of the session API to its answer.',
  )
  const operations = createHistogram(
    'storefront_session_store_duration_seconds',
    'Time that the session store takes for an operation.',
  )
  let storeErrors = 0
  let watched: SessionStore | undefined

  const time = async <Result>(operation: string, work: () => Promise<Result>): Promise<Result> => {
    const start = performance.now()
    try {
      return await work()
    } catch (error) {
      storeErrors++
      throw error
    } finally {
      operations.observe(`operation="${operation}"`, performance.now() - start)
    }
  }

  return {
    count: ({ method, route, status, ms }) => {
      const name = METHODS.includes(method) ? method : 'other'
      requests.observe(`method="${name}",route="${route}",status="${status}"`, ms)
    },
    watch: (store) => {
      watched = store
      return watchStore(store, time)
    },
    expose: async () =>
      [
        ...requests.expose(),
        ...operations.expose(),
        ...exposeNumber(
          'storefront_session_store_errors_total',
          'counter',
          'Operations that the session store refused or did not answer.',
          storeErrors,
        ),
        ...exposeNumber(
          'storefront_session_open_connections',
          'gauge',
          'Connections that are open.',
          openConnections?.(),
        ),
        ...exposeNumber(
          'storefront_session_sweep_backlog',
          'gauge',
          'Expired sessions that the store has not removed yet.',
          // A store that does not answer is told by its errors; the other numbers still stand.
          await watched?.sweepBacklog?.().catch(() => undefined),
        ),
        ...exposeNumber(
          'process_resident_memory_bytes',
          'gauge',
          'Resident memory of this process.',
          process.memoryUsage.rss(),
        ),
        '',
      ].join('\n'),
  }
}

/** Nothing where the value is not known. */
const exposeNumber = (name: string, type: 'counter' | 'gauge', help: string, value: number | undefined) =>
  value === undefined ? [] : [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, `${name} ${value}`]
