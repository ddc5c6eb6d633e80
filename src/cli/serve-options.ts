import type { SessionHandlerOptions } from '../server/handler-options.ts'
import { parseChoice, parseDuration, parseInteger, parseToggle, splitList } from './parse-value.ts'
import { readFlags } from './read-flags.ts'
import { readStoreChoice, type StoreChoice } from './store-choice.ts'
import { UsageError } from './usage-error.ts'

/** Options of the handler that a command line can express. */
type HandlerArguments = Omit<
  SessionHandlerOptions,
  'store' | 'verifyCustomer' | 'onAssociate' | 'onRequest' | 'onError'
>

/** What `serve` was asked to do, from flags and environment variables. */
export interface ServeArguments extends StoreChoice {
  port: number
  host: string
  synchronous: 'normal' | 'full'
  maxConnections: number | undefined
  drainDelayMs: number
  metrics: boolean
  quiet: boolean
  handler: HandlerArguments & { basePath: string }
}

const TEXTS = {
  port: { type: 'string' },
  host: { type: 'string' },
  store: { type: 'string' },
  'store-file': { type: 'string' },
  synchronous: { type: 'string' },
  'base-path': { type: 'string' },
  ttl: { type: 'string' },
  touch: { type: 'string' },
  'max-age': { type: 'string' },
  'max-body': { type: 'string' },
  'limit-create': { type: 'string' },
  'limit-use': { type: 'string' },
  'trust-proxy': { type: 'string' },
  'cookie-name': { type: 'string' },
  'cookie-max-age': { type: 'string' },
  'cookie-same-site': { type: 'string' },
  'cookie-domain': { type: 'string' },
  'max-connections': { type: 'string' },
  'drain-delay': { type: 'string' },
} as const

const SWITCHES = {
  create: { type: 'boolean' },
  deletable: { type: 'boolean' },
  cookie: { type: 'boolean' },
  'cookie-secure': { type: 'boolean' },
  metrics: { type: 'boolean' },
  quiet: { type: 'boolean' },
} as const

const FLAGS = {
  ...TEXTS,
  ...SWITCHES,
  'cors-origin': { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h' },
} as const

const SAME_SITES = ['strict', 'lax', 'none'] as const
const MAX_SECONDS = 2_147_483_647

/** The settings by their flags: a flag wins over its variable, and an empty variable counts as unset. */
interface Settings {
  text(flag: keyof typeof TEXTS): string | undefined
  toggle(flag: keyof typeof SWITCHES): boolean | undefined
}

/**
 * Reads the command line of `serve`; null means that help was asked for.
 *
 * @throws UsageError with one line that names the flag
 */
export function parseServeArguments(args: string[], env: NodeJS.ProcessEnv): ServeArguments | null {
  const { values } = readFlags('serve', { args, options: FLAGS, allowNegative: true })
  if (values.help) return null
  const nameOf = (flag: string) => `STOREFRONT_SESSION_${flag.toUpperCase().replaceAll('-', '_')}`
  // Compose writes an empty variable for `${NAME:-}`, and an empty address would mean all of them.
  const variable = (flag: string) => env[nameOf(flag)] || undefined
  const settings: Settings = {
    text: (flag) => values[flag] ?? variable(flag),
    toggle: (flag) => {
      const text = variable(flag)
      return values[flag] ?? (text === undefined ? undefined : parseToggle(nameOf(flag), text))
    },
  }
  const { text, toggle } = settings
  const corsOrigins = values['cors-origin'] ?? splitList(variable('cors-origin'))
  return {
    port: parseInteger('--port', text('port') ?? '4000', 0, 65_535),
    host: parseHost(text('host') ?? '127.0.0.1'),
    ...readStoreChoice(values, variable),
    synchronous: parseChoice('--synchronous', text('synchronous') ?? 'normal', ['normal', 'full']),
    maxConnections: ifGiven(text('max-connections'), (given) =>
      parseInteger('--max-connections', given, 1, 1_000_000),
    ),
    drainDelayMs: parseDuration('--drain-delay', text('drain-delay') ?? '0s', 0),
    metrics: toggle('metrics') ?? true,
    quiet: toggle('quiet') ?? false,
    handler: {
      basePath: text('base-path') ?? '',
      ttlMs: parseDuration('--ttl', text('ttl') ?? '30d'),
      touchMs: ifGiven(text('touch'), (given) => parseDuration('--touch', given, 0)),
      maxAgeMs: ifGiven(text('max-age'), (given) => parseDuration('--max-age', given)),
      cors: corsOrigins.length ? { origins: corsOrigins } : undefined,
      createOnAssociate: toggle('create') ?? true,
      deletable: toggle('deletable') ?? false,
      maxBodyBytes: parseInteger('--max-body', text('max-body') ?? '16384', 1, 1_048_576),
      limit: readLimit(settings),
      cookie: readCookie(settings),
    },
  }
}

const ifGiven = <Value>(text: string | undefined, parse: (text: string) => Value): Value | undefined =>
  text === undefined ? undefined : parse(text)

function parseHost(text: string): string {
  if (text) return text
  throw new UsageError('--host must be an address such as 127.0.0.1, or 0.0.0.0 for all')
}

function readLimit({ text }: Settings): SessionHandlerOptions['limit'] {
  const create = text('limit-create')
  const use = text('limit-use')
  const trustProxy = parseInteger('--trust-proxy', text('trust-proxy') ?? '0', 0, 100)
  return create === undefined && use === undefined ? undefined : { create, use, trustProxy }
}

function readCookie({ text, toggle }: Settings): SessionHandlerOptions['cookie'] {
  const cookie = {
    name: text('cookie-name'),
    maxAgeSec: ifGiven(text('cookie-max-age'), (given) =>
      Math.min(parseDuration('--cookie-max-age', given) / 1_000, MAX_SECONDS),
    ),
    sameSite: ifGiven(text('cookie-same-site'), (given) =>
      parseChoice('--cookie-same-site', given, SAME_SITES),
    ),
    domain: text('cookie-domain'),
    secure: toggle('cookie-secure'),
  }
  if (toggle('cookie')) return cookie
  // In silence, a setting of the cookie would look as if there were one.
  if (Object.values(cookie).some((value) => value !== undefined))
    throw new UsageError('the flags and variables of --cookie-… need --cookie')
  return undefined
}
