import { readFlags } from './read-flags.ts'
import { UsageError } from './usage-error.ts'

/** What `serve` was asked to do, from flags and environment variables. */
export interface ServeArguments {
  port: number
  host: string
  store: string
  synchronous: 'normal' | 'full'
  basePath: string
  ttlMs: number
  corsOrigins: string[]
  createOnAssociate: boolean
  maxBodyBytes: number
  metrics: boolean
  quiet: boolean
}

export const SERVE_HELP = `storefront-session serve: runs the Session Management API

  --port N              port to listen on; 0 takes a free one          4000
  --host ADDRESS        address to listen on; 0.0.0.0 for all          127.0.0.1
  --store STORE         where sessions live:                           sqlite:sessions.db
                          memory                  this process only, for tests
                          sqlite:PATH             a file; needs: npm install libsql
                          redis://HOST:PORT       Redis or Valkey (rediss:// with TLS);
                                                  needs: npm install ioredis
                          redis+cluster://H:P,H:P   a cluster, by some of its nodes
                          redis+sentinel://H:P,H:P/NAME   the master NAME
  --synchronous MODE    SQLite only: full waits for the disk at each    normal
                        commit, so that a power cut costs nothing
  --base-path PATH      path below which the API stands                (none)
  --ttl DURATION        idle time after which a session ends,          30d
                        such as 45m, 12h, 30d
  --cors-origin ORIGIN  a foreign page that may use the API;           (none)
                        may be repeated
  --max-body BYTES      longest request body                           16384
  --no-create           POST to an unknown id answers 404 instead of creating it
  --no-metrics          no /metrics
  --quiet               no line for each request
  --help                this text

Every flag can be an environment variable: STOREFRONT_SESSION_PORT, …_HOST, …_STORE, …_SYNCHRONOUS,
…_BASE_PATH, …_TTL, …_CORS_ORIGIN (separated by commas), …_MAX_BODY, …_CREATE=false, …_METRICS=false, …_QUIET=true. A flag wins;
an empty variable counts as unset.

GET /healthz answers 200 while the store takes what is written, else 503. SIGTERM finishes what is under way and ends,
within ten seconds. An idle connection is kept for 65 s: a load balancer before it should let go sooner.
`

const FLAGS = {
  port: { type: 'string' },
  host: { type: 'string' },
  store: { type: 'string' },
  synchronous: { type: 'string' },
  'base-path': { type: 'string' },
  ttl: { type: 'string' },
  'cors-origin': { type: 'string', multiple: true },
  'max-body': { type: 'string' },
  create: { type: 'boolean' },
  metrics: { type: 'boolean' },
  quiet: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

/**
 * Reads the command line of `serve`; null means that help was asked for.
 *
 * @throws UsageError with one line that names the flag
 */
export function parseServeArguments(args: string[], env: NodeJS.ProcessEnv): ServeArguments | null {
  const { values } = readFlags('serve', { args, options: FLAGS, allowNegative: true })
  if (values.help) return null
  // An empty variable counts as unset: compose writes one for `${NAME:-}`, and an empty address would be all of them.
  const variable = (flag: string) =>
    env[`STOREFRONT_SESSION_${flag.toUpperCase().replaceAll('-', '_')}`] || undefined
  const text = (
    flag: 'port' | 'host' | 'store' | 'synchronous' | 'base-path' | 'ttl' | 'max-body',
    fallback: string,
  ) => values[flag] ?? variable(flag) ?? fallback
  const toggle = (flag: 'create' | 'metrics' | 'quiet', fallback: boolean) =>
    values[flag] ?? parseToggle(flag, variable(flag), fallback)
  return {
    port: parseInteger('--port', text('port', '4000'), 0, 65_535),
    host: parseHost(text('host', '127.0.0.1')),
    store: text('store', 'sqlite:sessions.db'),
    synchronous: parseSynchronous(text('synchronous', 'normal')),
    basePath: text('base-path', ''),
    ttlMs: parseDuration(text('ttl', '30d')),
    corsOrigins: values['cors-origin'] ?? splitList(variable('cors-origin')),
    createOnAssociate: toggle('create', true),
    maxBodyBytes: parseInteger('--max-body', text('max-body', '16384'), 1, 1_048_576),
    metrics: toggle('metrics', true),
    quiet: toggle('quiet', false),
  }
}

function parseInteger(flag: string, text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new UsageError(`${flag} must be a whole number from ${min} to ${max}, not "${text}"`)
}

function parseHost(text: string): string {
  if (text) return text
  throw new UsageError('--host must be an address such as 127.0.0.1, or 0.0.0.0 for all')
}

const UNITS_MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

function parseDuration(text: string): number {
  const [, amount, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? []
  const ms = Number(amount) * (UNITS_MS[unit ?? ''] ?? Number.NaN)
  // How much is too much the handler says, which takes no number beyond the safe ones.
  if (ms >= 1) return Math.min(ms, Number.MAX_SAFE_INTEGER)
  throw new UsageError(`--ttl must be a number with s, m, h or d, such as 30d, not "${text}"`)
}

function parseSynchronous(text: string): 'normal' | 'full' {
  if (text === 'normal' || text === 'full') return text
  throw new UsageError(`--synchronous must be normal or full, not "${text}"`)
}

function parseToggle(flag: string, text: string | undefined, fallback: boolean): boolean {
  if (text === undefined) return fallback
  if (/^(true|1)$/i.test(text)) return true
  if (/^(false|0)$/i.test(text)) return false
  throw new UsageError(`STOREFRONT_SESSION_${flag.toUpperCase()} must be true or false, not "${text}"`)
}

const splitList = (text = ''): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
