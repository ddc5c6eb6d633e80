import { createSessionIds } from '../session-id.ts'
import { endAfterUse, endAtCreation, isAlive } from '../session-lifetime.ts'
import {
  checkLimit,
  ERASED_MS,
  newSession,
  PAGE_SIZE,
  type SessionLimits,
  type SessionStore,
  type StoredSession,
} from '../session-store.ts'
import { adviseOn } from './redis-advice.ts'
import { createAsking } from './redis-asking.ts'
import { connectRedis, type OwnRedisClient, type RedisClient } from './redis-client.ts'
import { createRedisKeys } from './redis-keys.ts'
import { mastersOf } from './redis-nodes.ts'
import { scanKeys } from './redis-scan.ts'
import { createScripts } from './redis-script-cache.ts'
import { CREATE, INDEX, MERGE, READ, REMOVE, UNINDEX } from './redis-scripts.ts'
import { decode, encode, toPairs } from './redis-values.ts'

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
         * A `Redis` or `Cluster` of ioredis; `close()` leaves it open. Set `enableOfflineQueue: false`. For a `Redis`
         * also set `enableAutoPipelining: true` and `reconnectOnError: (error) => error.message.includes('READONLY')`,
         * or it stays with a master that has become a replica. A `Cluster` must not pipeline: while slots move,
         * operations would fail.
         */
        client: RedisClient
        url?: never
      }
  )

/** What both forms of {@link RedisStoreOptions} take. */
export interface RedisStoreSettings {
  /**
   * How every key begins.
   * @default 'storefront-session:'
   */
  keyPrefix?: string | undefined
  /**
   * How long an operation may take, in milliseconds; then it rejects, and the handler answers 503.
   * @default 1_000
   */
  timeoutMs?: number | undefined
  /**
   * The clock, in milliseconds since the epoch. Redis removes what has expired by a clock of its own.
   * @default Date.now
   */
  now?: (() => number) | undefined
  /**
   * Called once with each setting of Redis that puts sessions at risk: an eviction policy other than `noeviction`, a
   * missing append-only file.
   * @default console.warn
   */
  onWarning?: ((message: string) => void) | undefined
}

const KEY_PREFIX = 'storefront-session:'
const TIMEOUT_MS = 1_000
/** Lua reads no word for infinity. */
const NO_MAX_AGE = '1e300'

/**
 * A store in Redis (6.2 or later) or Valkey, for more than one machine. It runs on the npm package `ioredis`
 * (optional peer). Each operation is one atomic step and one round trip, on a cluster as well; only `find` makes two,
 * one for the ids and one for the sessions. While slots of a cluster move, an operation of a session with a customer may
 * wait for its slot, and a scan may miss sessions or give them twice.
 *
 * What survives a crash depends on Redis: see `appendonly` and `appendfsync` in its configuration. Set
 * `maxmemory-policy` to `noeviction`: every other policy removes sessions before their time. A Redis user with few
 * rights needs the keys `~PREFIX*` and the commands `+get +set +del +zadd +zrange +zrem +zscore +zremrangebyscore +pttl
 * +pexpire +eval +evalsha +scan`, and `+info` for the warnings at start.
 *
 * While there is no connection, operations reject with an `Error` of code `REDIS_UNREACHABLE` whose `cause` says why:
 * `cause.code` such as `ECONNREFUSED`, or the words of Redis, such as `WRONGPASS …`, in `cause.message`. With a client of
 * yours they reject with its error. An operation without an answer within `timeoutMs` rejects with `REDIS_TIMEOUT`.
 *
 * @throws Error if `ioredis` is not installed, TypeError for a malformed URL, or without URL and client
 */
export function redisStore(options: RedisStoreOptions): SessionStore {
  const { keyPrefix = KEY_PREFIX, timeoutMs = TIMEOUT_MS, onWarning = console.warn } = options
  // A clock may count fractions, as `performance.now` does; the keys of Redis live for whole milliseconds.
  const time = () => Math.floor((options.now ?? Date.now)())
  if (options.url === undefined && !options.client)
    throw new TypeError('redisStore needs a url or a client; is an environment variable not set?')
  const own: OwnRedisClient | undefined =
    options.url === undefined ? undefined : connectRedis(options.url, timeoutMs)
  // The options are a union: without a URL there is a client.
  const client = own ?? (options.client as RedisClient)
  const keys = createRedisKeys(keyPrefix)
  const bucketBytes = `${keys.bucketBytes}`
  const newSessionId = createSessionIds()
  const scripts = createScripts(client)

  const advise = async () => {
    try {
      for (const advice of await adviseOn(mastersOf(client))) onWarning(advice)
    } catch {
      // A callback that throws must not end the process.
    }
  }
  const { ask, tried } = createAsking(own, timeoutMs, advise)

  const addToIndex = (sessionId: string, customerId: string, end: number, now: number) =>
    ask(() => scripts.run(INDEX, [keys.index(sessionId, customerId)], [sessionId, `${end}`, `${now}`]))
  const takeFromIndex = (sessionId: string, customerId: string) =>
    ask(() => scripts.run(UNINDEX, [keys.index(sessionId, customerId)], [sessionId]))

  const read = async (
    sessionId: string,
    now: number,
    ttlMs: number | null,
    limits: SessionLimits = {},
  ): Promise<StoredSession | null> => {
    const parameters = [`${now}`, ttlMs === null ? '' : `${ttlMs}`, ...limitsOf(limits), bucketBytes]
    const reply = await scripts.run(READ, [keys.session(sessionId)], parameters)
    const [value, toIndex] = Array.isArray(reply) ? reply : [reply]
    const session = decode(sessionId, value)
    if (!session || !isAlive(session, now, limits)) return null
    if (toIndex) await addToIndex(sessionId, toIndex, session.expiresAt, now)
    session.expiresAt = endAfterUse(session, now, null, limits)
    return session
  }

  return {
    create: async (ids, ttlMs, limits) => {
      const now = time()
      const session = newSession(newSessionId(), ids, now, endAtCreation(now, ttlMs, limits))
      const { sessionId, expiresAt, customerId } = session
      const key = keys.session(sessionId)
      await ask(() =>
        customerId === undefined
          ? client.set(key, encode(session), 'PX', expiresAt - now)
          : scripts.run(
              CREATE,
              [key, keys.index(sessionId, customerId)],
              [encode(session), sessionId, `${now}`, `${expiresAt}`],
            ),
      )
      return session
    },
    get: (sessionId, ttlMs, limits) => ask(() => read(sessionId, time(), ttlMs, limits)),
    associate: async (sessionId, ids, ttlMs, create, limits = {}) => {
      const now = time()
      const { customerId, tenantId = '' } = ids
      const index = customerId === undefined ? [] : [keys.index(sessionId, customerId)]
      const parameters = [
        `${now}`,
        `${ttlMs}`,
        ...limitsOf(limits),
        bucketBytes,
        create ? '1' : '0',
        tenantId,
      ]
      const reply = await ask(() =>
        scripts.run(MERGE, [keys.session(sessionId), ...index], [...parameters, ...toPairs(ids)]),
      )
      const [value, toIndex, toUnindex] = Array.isArray(reply) ? reply : [reply]
      const session = decode(sessionId, value)
      if (session && toIndex) await addToIndex(sessionId, toIndex, session.expiresAt, now)
      if (toUnindex) await takeFromIndex(sessionId, toUnindex)
      return session
    },
    remove: async (sessionId) => {
      const parameters = [`${time()}`, `${ERASED_MS}`, bucketBytes]
      const reply = await ask(() => scripts.run(REMOVE, [keys.session(sessionId)], parameters))
      const [wasAlive, toUnindex] = Array.isArray(reply) ? reply : [reply]
      if (toUnindex) await takeFromIndex(sessionId, toUnindex)
      return wasAlive === 1
    },
    find: async (customerId) => {
      const indexes = keys.indexes(customerId)
      const ids = (await ask(() => Promise.all(indexes.map((key) => client.zrange(key, '0', '-1'))))).flat()
      const now = time()
      const found = await ask(() => Promise.all(ids.map((id) => read(id, now, null))))
      // The index may still name a session that has begun anew.
      return found
        .filter((session) => session !== null)
        .filter((session) => session.customerId === customerId)
    },
    scan: async ({ after, limit = PAGE_SIZE } = {}) => {
      checkLimit(limit)
      await tried()
      const page = await scanKeys(
        mastersOf(client),
        (master, cursor, count) => ask(() => master.scan(cursor, 'MATCH', keys.pattern, 'COUNT', count)),
        limit,
        after,
      )
      const now = time()
      const found = await ask(() => Promise.all(page.keys.map((key) => read(keys.idIn(key), now, null))))
      const sessions = found.filter((session) => session !== null)
      return { sessions, ...(page.next !== undefined && { next: page.next }) }
    },
    close: async () => own?.close(),
  }
}

const limitsOf = ({ touchMs = 0, maxAgeMs }: SessionLimits): [touch: string, maxAge: string] => [
  `${touchMs}`,
  maxAgeMs === undefined ? NO_MAX_AGE : `${maxAgeMs}`,
]
