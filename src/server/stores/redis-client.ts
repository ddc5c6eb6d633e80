import type * as Ioredis from 'ioredis'
import { loadDriver } from './load-driver.ts'
import { parseRedisUrl } from './redis-url.ts'

/** What the store asks of one server. */
export interface RedisNode {
  /** `SCAN`: some of the keys that fit a pattern, and the cursor for more. */
  scan(
    cursor: string,
    match: 'MATCH',
    pattern: string,
    count: 'COUNT',
    keys: number,
  ): Promise<[cursor: string, keys: string[]]>
  /** `INFO`: what the server says of itself, as far as the user may know. */
  info(section: string): Promise<string>
  /** Where the server is. */
  options: { host?: string | undefined; port?: number | undefined }
}

/** What the store needs of a client; `Redis` and `Cluster` of ioredis have it. */
export interface RedisClient extends Omit<RedisNode, 'options'> {
  /** `SET` with a time to live. */
  set(key: string, value: string, px: 'PX', ttlMs: number): Promise<unknown>
  /** `ZRANGE`: the members of a sorted set. */
  zrange(key: string, start: string, stop: string): Promise<string[]>
  /** `EVALSHA`: runs a script that the server knows by its SHA-1. */
  evalsha(sha: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>
  /** `EVAL`: runs a script and makes it known to the server. */
  eval(script: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>
  /** The masters of a cluster; a client of one server has no such method. */
  nodes?(role: 'master'): RedisNode[]
}

/** A client that the store made, and has to close. */
export interface OwnRedisClient extends RedisClient {
  /** Resolves when the first attempt to connect has succeeded or failed. */
  tried: Promise<void>
  /** Why there is no connection: the last known reason, else `failure` itself. Undefined while there is one. */
  trouble(failure: unknown): unknown
  close(): Promise<void>
}

/** Pauses between attempts to connect again: a tenth of a second at first, never more than one. */
const RETRY_MIN_MS = 100
const RETRY_MAX_MS = 1_000

/**
 * Connects to one Redis, a cluster, or the master that sentinels name. While the connection is down, commands
 * fail at once instead of waiting in a queue; the client connects again by itself.
 *
 * @throws Error if `ioredis` is not installed, TypeError for a malformed URL
 */
export function connectRedis(url: string, timeoutMs: number): OwnRedisClient {
  const { kind, nodes, username, password, tls, db, masterName } = parseRedisUrl(url)
  // The module that `import * as` of its own types describes.
  const { Redis, Cluster } = loadDriver('redisStore', 'ioredis', '6') as typeof Ioredis

  const connection = {
    ...(username && { username }),
    ...(password && { password }),
    ...(tls && { tls: {} }),
    connectTimeout: timeoutMs * 2,
    // A connection without answers counts as dead, also where TCP has not noticed.
    socketTimeout: timeoutMs * 2,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
  }
  const retry = (times: number) => Math.min(RETRY_MIN_MS * 2 ** (times - 1), RETRY_MAX_MS)
  const single = {
    ...connection,
    db,
    enableOfflineQueue: false,
    retryStrategy: retry,
    // Behind an address that stays, a failover leaves the connection with the former master, which then answers
    // READONLY. Redis before 7 puts that word into the message of the script.
    reconnectOnError: (error: Error) => error.message.includes('READONLY'),
    // The commands of one turn of the event loop are sent in one write. A cluster does without: while slots move,
    // ioredis follows no redirection of a single command in a pipeline, and the operation fails with MOVED.
    enableAutoPipelining: true,
  }
  const [node] = nodes

  const client =
    kind === 'cluster'
      ? new Cluster(nodes, {
          enableOfflineQueue: false,
          clusterRetryStrategy: retry,
          slotsRefreshTimeout: timeoutMs * 2,
          redisOptions: connection,
        })
      : kind === 'sentinel'
        ? new Redis({
            ...single,
            sentinels: nodes,
            name: masterName ?? '',
            sentinelRetryStrategy: retry,
            ...(tls && { enableTLSForSentinelMode: true }),
          })
        : new Redis({ ...single, ...node })

  const trouble = watchConnection(client)
  const tried = new Promise<void>((resolve) => {
    client.once('ready', resolve)
    client.once('close', resolve)
  })
  return {
    tried,
    trouble: (failure) => trouble() ?? (client.status === 'ready' || isReply(failure) ? undefined : failure),
    set: (key, value, px, ttlMs) => client.set(key, value, px, ttlMs),
    zrange: (key, start, stop) => client.zrange(key, start, stop),
    scan: (cursor, match, pattern, count, keys) => client.scan(cursor, match, pattern, count, keys),
    info: (section) => client.info(section),
    ...(client instanceof Cluster && { nodes: (role: 'master') => client.nodes(role) }),
    evalsha: (sha, count, ...rest) => client.evalsha(sha, count, ...rest),
    eval: (script, count, ...rest) => client.eval(script, count, ...rest),
    close: async () => {
      // Redis answers earlier commands before QUIT. Without a connection there is nothing to wait for.
      if (client.status === 'ready') await client.quit().catch(() => undefined)
      client.disconnect()
    },
  }
}

/** An answer of Redis came by a connection, though that may be gone by now. */
const isReply = (error: unknown): boolean => error instanceof Error && error.name === 'ReplyError'

interface ConnectionError extends Error {
  /** The command that Redis refused. */
  command?: { name: string }
  /** The error of the last node that a cluster tried. */
  lastNodeError?: ConnectionError
}

/** Keeps the reason why there is no connection, and closes a connection on which Redis refused the database. */
function watchConnection(client: Ioredis.Redis | Ioredis.Cluster): () => unknown {
  let trouble: unknown
  // ioredis 5 emits 'ready' also for a connection whose AUTH or SELECT was refused.
  let isRefused = false
  client.on('connect', () => {
    isRefused = false
  })
  client.on('ready', () => {
    if (!isRefused) trouble = undefined
  })
  // Without a listener a lost connection would end the process. The commands that fail report it.
  client.on('error', (error: ConnectionError) => {
    // ioredis would go on without SELECT, and write to database 0, which another program may use.
    if (error.command?.name === 'select') client.disconnect(true)
    // This error only follows from a connection that was closed; the reason came before it.
    if (error.message.startsWith("Stream isn't writeable")) return
    // For a node that was not reached, ioredis reports only that the connection is closed.
    const reason = error.lastNodeError?.command ? error.lastNodeError : error
    isRefused = reason.command !== undefined
    // The arguments of AUTH have the password, and a log of an error has its cause.
    if (reason.command) reason.command = { name: reason.command.name }
    trouble = reason
  })
  return () => trouble
}
