import { createSessionIds } from '../session-id.ts'
import {
  addSessionIds,
  newSession,
  type SessionIds,
  type SessionStore,
  type StoredSession,
} from '../session-store.ts'
import { connectRedis, type OwnRedisClient, type RedisClient } from './redis-client.ts'

/** Options of {@link redisStore}: a URL, or a client that is yours to configure and to close. */
export type RedisStoreOptions = RedisStoreSettings &
  (
    | {
        /**
         * `redis://user:password@host:port/db`, `redis+cluster://host:port,host:port` or
         * `redis+sentinel://host:port,host:port/master-name`; `rediss…` for TLS.
         */
        url: string
        client?: never
      }
    | {
        /**
         * A `Redis` or `Cluster` of ioredis; `close()` leaves it open. Give it `enableOfflineQueue: false`, and a
         * `Redis` `reconnectOnError: (error) => error.message.includes('READONLY')`, without which it stays with a
         * master that has become a replica, and `enableAutoPipelining: true`. Not the latter to a `Cluster`: moving
         * slots would fail operations.
         */
        client: RedisClient
        url?: never
      }
  )

/** What both forms of {@link RedisStoreOptions} take. */
export interface RedisStoreSettings {
  /**
   * Begin of every key; the session id follows.
   * @default 'storefront-session:'
   */
  keyPrefix?: string | undefined
  /**
   * How long an operation may take, in milliseconds; then it rejects, and the handler answers 503.
   * @default 1_000
   */
  timeoutMs?: number | undefined
}

const KEY_PREFIX = 'storefront-session:'
const TIMEOUT_MS = 1_000

/** One letter for each field: with ten million sessions every byte of a name costs ten megabytes. */
const LETTERS = { customerId: 'c', agentId: 'a', visitId: 'v', globalVisitId: 'g' } as const

/** What stands at a key, as JSON: the time of creation, and the ids by their letters. */
interface Stored extends Partial<Record<(typeof LETTERS)[keyof typeof LETTERS], string>> {
  t: number
}

/**
 * The merge of an association, which Redis runs as one step, so that nothing comes between. A value that is no
 * session of ours (edited by hand, of another program) counts as none, and is begun anew. One that can't be read, as
 * for want of a right, is left alone.
 *
 * KEYS: the session. ARGV: time to live in ms, now in ms, '1' to create, then pairs of letter and value.
 */
const MERGE = `
local stored = redis.pcall('GET', KEYS[1])
if type(stored) == 'table' and stored.err and not string.find(stored.err, '^-?WRONGTYPE') then return stored end
local known, session = pcall(cjson.decode, stored)
if not known or type(session) ~= 'table' or type(session.t) ~= 'number' then
  if ARGV[3] ~= '1' then return false end
  session = { t = tonumber(ARGV[2]) }
end
for index = 4, #ARGV, 2 do session[ARGV[index]] = ARGV[index + 1] end
local value = cjson.encode(session)
redis.call('SET', KEYS[1], value, 'PX', ARGV[1])
return value`

/**
 * A store in Redis (6.2 or later) or Valkey, for more than one machine. It runs on the npm package `ioredis`
 * (optional peer). Each operation is one command on one key, so any slot layout of a cluster works.
 *
 * What survives a crash is Redis's to decide: see `appendonly` and `appendfsync` in its configuration. Set
 * `maxmemory-policy` to `volatile-ttl` or `noeviction`, so that no session goes before its time.
 *
 * While there is no connection, operations reject with an `Error` of code `REDIS_UNREACHABLE` whose `cause` says why:
 * `cause.code` such as `ECONNREFUSED`, or Redis's own word, such as `WRONGPASS …`, in `cause.message`. A client of
 * yours tells it itself. What a connection does not answer within `timeoutMs` rejects with the code `REDIS_TIMEOUT`.
 *
 * @throws Error if `ioredis` is not installed, TypeError for a malformed URL, or without URL and client
 */
export function redisStore(options: RedisStoreOptions): SessionStore {
  const { keyPrefix = KEY_PREFIX, timeoutMs = TIMEOUT_MS } = options
  if (options.url === undefined && !options.client)
    throw new TypeError('redisStore needs a url or a client; is an environment variable not set?')
  const own: OwnRedisClient | undefined =
    options.url === undefined ? undefined : connectRedis(options.url, timeoutMs)
  // The options are a union: without a URL there is a client.
  const client = own ?? (options.client as RedisClient)
  const sha = process.getBuiltinModule('node:crypto').createHash('sha1').update(MERGE).digest('hex')
  const newSessionId = createSessionIds()
  let firstAttempt = own?.tried.finally(() => {
    firstAttempt = undefined
  })

  /** Runs one command; at the start not before the first attempt to connect has ended. */
  const ask = <Reply>(command: () => Promise<Reply>): Promise<Reply> =>
    withTimeout(timeoutMs, firstAttempt ? firstAttempt.then(command) : command(), explain)

  /** What fails for want of a connection says why there is none: a wrong password is not a Redis that is away. */
  const explain = (error: unknown): unknown => {
    const cause = own?.trouble(error)
    return cause === undefined
      ? error
      : withCode('REDIS_UNREACHABLE', new Error('There is no connection to Redis', { cause }))
  }

  const merge = (...parameters: string[]) =>
    client.evalsha(sha, 1, ...parameters).catch((error: unknown) => {
      // A Redis that was restarted, or a node that is new in the cluster, has not seen the script yet.
      if (error instanceof Error && error.message.startsWith('NOSCRIPT'))
        return client.eval(MERGE, 1, ...parameters)
      throw error
    })

  return {
    create: async (ids, ttlMs) => {
      const now = Date.now()
      const session = newSession(newSessionId(), ids, now, now + ttlMs)
      await ask(() => client.set(keyPrefix + session.sessionId, encode(session), 'PX', ttlMs))
      return session
    },
    get: async (sessionId, ttl) => {
      const ttlMs = ttl ?? 1
      const expiresAt = Date.now() + ttlMs
      const reply = await ask(() => client.getex(keyPrefix + sessionId, 'PX', ttlMs).catch(noneIfForeign))
      return decode(sessionId, reply, expiresAt)
    },
    associate: async (sessionId, ids, ttlMs, create) => {
      const now = Date.now()
      const settings = [keyPrefix + sessionId, `${ttlMs}`, `${now}`, create ? '1' : '0']
      const reply = await ask(() => merge(...settings, ...toPairs(ids)))
      return decode(sessionId, reply, now + ttlMs)
    },
    // The rest of version 2 follows.
    remove: async (sessionId) =>
      (await ask(() => client.eval("return redis.call('DEL', KEYS[1])", 1, keyPrefix + sessionId))) === 1,
    find: () => Promise.reject(new Error('redisStore: find is not built yet')),
    scan: () => Promise.reject(new Error('redisStore: scan is not built yet')),
    close: async () => own?.close(),
  }
}

const encode = ({ createdAt, customerId, agentId, visitId, globalVisitId }: StoredSession): string =>
  JSON.stringify({
    t: createdAt,
    c: customerId,
    a: agentId,
    v: visitId,
    g: globalVisitId,
  } satisfies Record<keyof Stored, unknown>)

const toPairs = (ids: SessionIds): string[] =>
  Object.entries(addSessionIds<SessionIds>({}, ids)).flatMap(([field, value]) => [
    LETTERS[field as keyof typeof LETTERS],
    value,
  ])

/** A session from what stands at its key; null where nothing does, or what is no session of ours. */
function decode(sessionId: string, value: unknown, expiresAt: number): StoredSession | null {
  const stored = typeof value === 'string' ? parse(value) : null
  if (!stored) return null
  const { t, c, a, v, g } = stored
  return newSession(
    sessionId,
    { customerId: textOf(c), agentId: textOf(a), visitId: textOf(v), globalVisitId: textOf(g) },
    t,
    expiresAt,
  )
}

/** A list or a hash at the key is somebody else's, and no session. */
const noneIfForeign = (error: unknown): null => {
  if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return null
  throw error
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

function parse(text: string): Stored | null {
  try {
    const value = JSON.parse(text)
    return typeof value?.t === 'number' ? value : null
  } catch {
    // Not ours: somebody else wrote below our prefix.
    return null
  }
}

/** Who logs no messages, since those of Redis may quote a command, tells our errors apart by their code. */
const withCode = (code: 'REDIS_UNREACHABLE' | 'REDIS_TIMEOUT', error: Error): Error =>
  Object.assign(error, { code })

/** Rejects after `timeoutMs`, also where a client waits for better times. */
const withTimeout = <Result>(
  timeoutMs: number,
  operation: Promise<Result>,
  explain: (error: unknown) => unknown,
): Promise<Result> =>
  new Promise((resolve, reject) => {
    const giveUp = () => {
      const silence = new Error(`Redis did not answer within ${timeoutMs} ms`)
      reject(explain(withCode('REDIS_TIMEOUT', silence)))
    }
    const timer = setTimeout(giveUp, timeoutMs)
    operation.then(
      (result) => {
        clearTimeout(timer)
        resolve(result)
      },
      (error) => {
        clearTimeout(timer)
        reject(explain(error))
      },
    )
  })
