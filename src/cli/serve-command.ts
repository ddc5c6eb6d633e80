import { type RunningServer, type ServeOptions, serve } from '../server/serve.ts'
import type { SessionStore } from '../server/session-store.ts'
import { probeStore } from '../server/session-store.ts'
import { nameError } from './error-name.ts'
import { openStore } from './open-store.ts'
import { type Log, openLog } from './serve-log.ts'
import { parseServeArguments, SERVE_HELP } from './serve-options.ts'
import { UsageError } from './usage-error.ts'

/** How long the last lines of the log have to be read. */
const FLUSH_MS = 500

/** `storefront-session serve`: runs until SIGTERM or SIGINT, then gives the exit code. */
export async function runServe(args: string[]): Promise<number> {
  // Before all else: a signal that finds no listener kills the process, or is lost where that is PID 1, as in a
  // container. One that comes while the store is opened has its turn as soon as we listen.
  const signalled = firstSignal()
  const asked = parseServeArguments(args, process.env)
  if (!asked) {
    process.stdout.write(SERVE_HELP)
    return 0
  }
  const { corsOrigins, quiet, store: storeName, synchronous, ...rest } = asked
  const log = openLog(process.stdout)
  const store = openStore(storeName, {
    synchronous,
    onWarning: (warning) => log('store-warning', { warning }),
  })
  const server = await listen({
    ...rest,
    store,
    cors: corsOrigins.length ? { origins: corsOrigins } : undefined,
    onRequest: quiet
      ? undefined
      : (report) => log('request', { ...report, ms: Math.round(report.ms * 100) / 100 }),
    onError: (error) => log('store-error', { error: nameError(error) }),
  })
  log('listening', { url: `${server.url}${asked.basePath}`, store: storeName.split(':')[0] })
  reportStore(store, log)

  log('stopping', { signal: await signalled })
  await server.stop()
  log('stopped', {})
  // With lines that nobody reads, or a store that hangs, the process would not end by itself.
  setTimeout(() => process.exit(), FLUSH_MS).unref()
  return 0
}

/**
 * The listeners stay: npm may pass on to us what the whole process group got already, and a signal that comes
 * twice must not cut off what is under way. Stopping ends by itself.
 */
const firstSignal = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    process.on('SIGTERM', resolve)
    process.on('SIGINT', resolve)
  })

/**
 * A database that is not there yet is no reason to end, since it may come a moment later; but whoever has just
 * started us wants to know.
 */
const reportStore = (store: SessionStore, log: Log): void => {
  probeStore(store).catch((error: unknown) => {
    log('store-down', {
      error: nameError(error),
      remedy: 'Start the store, or check --store. Until it answers, requests get 503.',
    })
  })
}

async function listen(options: ServeOptions): Promise<RunningServer> {
  try {
    return await serve(options)
  } catch (error) {
    await options.store.close()
    throw explain(error, options)
  }
}

/** A message about an option, as one about the flag that set it. */
const asFlag = (message: string) =>
  message
    .replace('createSessionHandler: basePath', '--base-path')
    // Without the numbers, which are milliseconds: the flag was written in days or hours.
    .replace(
      /^createSessionHandler: ttlMs must be at most \d+ \((.+)\), not \d+$/,
      '--ttl must be at most $1',
    )
    .replace('cors.origins', '--cors-origin')

function explain(error: unknown, { port, host }: ServeOptions): unknown {
  if (error instanceof TypeError && /basePath|cors|ttlMs|maxBody/.test(error.message))
    return new UsageError(asFlag(error.message))
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') return new Error(`port ${port} on ${host} is in use; choose another with --port`)
  if (code === 'EACCES')
    return new Error(`port ${port} needs more rights than this user has; choose one from 1024 up`)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new Error(`this machine has no address ${host}; choose another with --host`)
  return error
}
