import { type RunningServer, type ServeOptions, serve } from '../server/serve.ts'
import { probeStore, type SessionStore } from '../server/session-store.ts'
import { nameError } from './error-name.ts'
import { openStore } from './open-store.ts'
import { SERVE_HELP } from './serve-help.ts'
import { type Log, openLog } from './serve-log.ts'
import { parseServeArguments } from './serve-options.ts'
import { openChosenStore } from './store-choice.ts'
import { UsageError } from './usage-error.ts'

/** How long the last lines of the log have to be read. */
const FLUSH_MS = 500

/** `storefront-session serve`: runs until SIGTERM or SIGINT, then gives the exit code. */
export async function runServe(args: string[]): Promise<number> {
  // First of all: a signal without a listener kills the process, or is lost where that is PID 1, as in a container.
  // A signal that comes while the store is opened is handled as soon as the server listens.
  const signalled = firstSignal()
  const asked = parseServeArguments(args, process.env)
  if (!asked) {
    process.stdout.write(SERVE_HELP)
    return 0
  }
  const { quiet, port, host, synchronous, metrics, maxConnections, drainDelayMs, handler } = asked
  const log = openLog(process.stdout)
  const onWarning = (warning: string) => log('store-warning', { warning })
  const { name, store } = openChosenStore(asked, (given) => openStore(given, { synchronous, onWarning }))
  const server = await listen({
    ...handler,
    ...{ store, port, host, metrics, maxConnections, drainDelayMs },
    onRequest: quiet
      ? undefined
      : (report) => log('request', { ...report, ms: Math.round(report.ms * 100) / 100 }),
    onError: (error) => log('store-error', { error: nameError(error) }),
  })
  log('listening', { url: `${server.url}${handler.basePath}`, store: name.split(':')[0] })
  reportStore(store, log)

  const signal = await signalled
  log('stopping', { signal })
  // SIGINT comes from a person at a terminal, and no load balancer needs a delay then.
  await server.stop(signal === 'SIGINT' ? { drainDelayMs: 0 } : undefined)
  log('stopped', {})
  // Unread lines, or a store that hangs, would keep the process.
  setTimeout(() => process.exit(), FLUSH_MS).unref()
  return 0
}

/**
 * The listeners stay: npm may pass on a signal that the whole process group has got already, and a second signal must
 * not cut off what is under way. Stopping ends by itself.
 */
const firstSignal = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    process.on('SIGTERM', resolve)
    process.on('SIGINT', resolve)
  })

/** A database that is not there may come a moment later, so the server runs; but the log says it at once. */
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

/** Options of the handler by their names in its errors, and the flags that set them. */
const FLAG_OF: [option: RegExp, flag: string][] = [
  [/^basePath\b/, '--base-path'],
  // Without the numbers, which are milliseconds: the flag was written in days or hours.
  [/^ttlMs must be at most \d+ \((.+)\), not \d+$/, '--ttl must be at most $1'],
  [/^maxAgeMs must be at most \d+ \((.+)\), not \d+$/, '--max-age must be at most $1'],
  [/^touchMs must be .*$/, '--touch must be less than --ttl'],
  [/^cors\.origins\b/, '--cors-origin'],
  [/^cookie and cors do not go together/, '--cookie and --cors-origin do not go together'],
  [/^limit\.(create|use)\b/, '--limit-$1'],
  [/^cookie\.maxAgeSec\b/, '--cookie-max-age'],
  [/^cookie\.(name|domain)\b/, '--cookie-$1'],
  [/^cookie\.sameSite 'none' needs secure: true/, '--cookie-same-site none needs the cookie to be secure'],
]

/** A message about an option, as one about the flag that set it; undefined for any other message. */
function asFlag(message: string): string | undefined {
  const text = message.replace(/^createSessionHandler: /, '')
  const [option, flag] = FLAG_OF.find(([pattern]) => pattern.test(text)) ?? []
  return option && flag !== undefined ? text.replace(option, flag) : undefined
}

function explain(error: unknown, { port, host }: ServeOptions): unknown {
  const usage = error instanceof TypeError ? asFlag(error.message) : undefined
  if (usage) return new UsageError(usage)
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') return new Error(`port ${port} on ${host} is in use; choose another with --port`)
  if (code === 'EACCES')
    return new Error(`port ${port} needs more rights than this user has; choose one from 1024 up`)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new Error(`this machine has no address ${host}; choose another with --host`)
  return error
}
