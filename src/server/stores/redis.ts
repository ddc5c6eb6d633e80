import { createSessionIds } from '../session-id.ts'
import { addSessionIds, type SessionIds, type SessionStore, type StoredSession } from '../session-store.ts'
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
         * A `Redis` or `Cluster` of ioredis. Give it `enableOfflineQueue: false`; `close()` leaves it open.
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
const CREATED_AT = 't'

/**
 * Every operation in one round trip on one key: create if asked to, merge the fields, renew the time to live,
 * answer the whole. Redis runs it as one step, so nothing comes between. A hash without its time of creation is
 * no session of ours (edited by hand, or half written) and is begun anew. HSET has to be the first write: a full
 * Redis refuses it only while the script has written nothing.
 *
 * KEYS: the session. ARGV: time to live in ms, now in ms, '1' to create, then pairs of letter and value.
 */
const SCRIPT = `
local key = KEYS[1]
if redis.call('HEXISTS', key, '${CREATED_AT}') == 0 then
  if ARGV[3] ~= '1' then return false end
  if redis.call('EXISTS', key) == 1 then redis.call('DEL', key) end
  redis.call('HSET', key, '${CREATED_AT}', ARGV[2])
end
if ARGV[4] then redis.call('HSET', key, unpack(ARGV, 4)) end
redis.call('PEXPIRE', key, ARGV[1])
return redis.call('HGETALL', key)`

/**
 * A store in Redis or Valkey, for more than one machine. It runs on the npm package `ioredis` (optional peer).
 * Each operation is one command on one key, so any slot layout of a cluster works.
 *
 * What survives a crash is Redis's to decide: see `appendonly` and `appendfsync` in its configuration. Set
 * `maxmemory-policy` to `volatile-ttl` or `noeviction`, so that no session goes before its time.
 *
 * @throws Error if `ioredis` is not installed, TypeError for a malformed URL
 */
export function redisStore(options: RedisStoreOptions): SessionStore {
  const { keyPrefix = KEY_PREFIX, timeoutMs = TIMEOUT_MS } = options
  const own: OwnRedisClient | undefined =
    options.url === undefined ? undefined : connectRedis(options.url, timeoutMs)
  // The options are a union: without a URL there is a client.
  const client = own ?? (options.client as RedisClient)
  const sha = process.getBuiltinModule('node:crypto').createHash('sha1').update(SCRIPT).digest('hex')
  const newSessionId = createSessionIds()
  let connected = !own

  const run = async (sessionId: string, ids: SessionIds, ttlMs: number, create: boolean) => {
    if (!connected) {
      await own?.tried
      connected = true
    }
    const now = Date.now()
    const parameters = [
      keyPrefix + sessionId,
      String(ttlMs),
      String(now),
      create ? '1' : '0',
      ...toPairs(ids),
    ]
    const reply = await client.evalsha(sha, 1, ...parameters).catch((error: unknown) => {
      // A Redis that was restarted, or a node that is new in the cluster, has not seen the script yet.
      if (error instanceof Error && error.message.startsWith('NOSCRIPT'))
        return client.eval(SCRIPT, 1, ...parameters)
      throw error
    })
    return reply ? toSession(sessionId, reply, now + ttlMs) : null
  }

  const make = async (sessionId: string, ids: SessionIds, ttlMs: number): Promise<StoredSession> => {
    const session = await within(timeoutMs, run(sessionId, ids, ttlMs, true))
    if (!session) throw new Error('Redis answered nothing to a create')
    return session
  }

  return {
    create: (ids, ttlMs) => make(newSessionId(), ids, ttlMs),
    get: (sessionId, ttlMs) => within(timeoutMs, run(sessionId, {}, ttlMs, false)),
    associate: (sessionId, ids, ttlMs, create) => within(timeoutMs, run(sessionId, ids, ttlMs, create)),
    close: async () => own?.close(),
  }
}

const toPairs = (ids: SessionIds): string[] =>
  Object.entries(addSessionIds<SessionIds>({}, ids)).flatMap(([field, value]) => [
    LETTERS[field as keyof typeof LETTERS],
    value,
  ])

function toSession(sessionId: string, reply: unknown, expiresAt: number): StoredSession {
  if (!Array.isArray(reply)) throw new Error('Redis answered something else than the fields of a session')
  const fields = new Map<unknown, unknown>()
  for (let index = 0; index < reply.length; index += 2) fields.set(reply[index], reply[index + 1])
  const session: StoredSession = { sessionId, createdAt: Number(fields.get(CREATED_AT)), expiresAt }
  for (const [field, letter] of Object.entries(LETTERS)) {
    const value = fields.get(letter)
    if (typeof value === 'string') session[field as keyof typeof LETTERS] = value
  }
  return session
}

/** Rejects after `timeoutMs`, also where a client waits for better times. */
function within<Result>(timeoutMs: number, operation: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`Redis did not answer within ${timeoutMs} ms`)),
      timeoutMs,
    )
    operation.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
