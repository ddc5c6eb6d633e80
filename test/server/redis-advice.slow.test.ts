import { Redis } from 'ioredis'
import { type RedisStoreOptions, redisStore } from 'storefront-session/server'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { hasRedisServer, type RedisServer, startRedis } from './support/redis-server.ts'

const ON = ['--appendonly', 'yes']

describe.runIf(hasRedisServer())('F201: redisStore and settings of Redis that put sessions at risk', () => {
  let redis: RedisServer
  afterEach(() => redis.remove())
  /** What a store says of the server after some operations. */
  const warningsOf = async (options: RedisStoreOptions) => {
    const warnings: string[] = []
    const store = redisStore({ ...options, onWarning: (message) => warnings.push(message) })
    for (let round = 0; round < 3; round++) await store.create({}, 60_000)
    // INFO is answered before what is asked later on the same connection.
    await store.scan()
    await store.close()
    return warnings
  }

  test.each(['allkeys-lru', 'volatile-ttl', 'volatile-lfu', 'allkeys-random'])(
    'it warns once of the eviction policy %s',
    async (policy) => {
      redis = await startRedis(...ON, '--maxmemory-policy', policy)
      expect(await warningsOf({ url: redis.url })).toEqual([
        `Redis has maxmemory-policy ${policy}: when memory is full, it removes sessions before their time. Set it to noeviction.`,
      ])
    },
  )

  test('it warns of a missing append-only file', async () => {
    redis = await startRedis('--appendonly', 'no')
    expect(await warningsOf({ url: redis.url })).toEqual([
      'Redis keeps no append-only file: a crash loses all sessions since its last snapshot. Set appendonly to yes.',
    ])
  })

  test('it warns of both, also by a client of the caller', async () => {
    redis = await startRedis('--appendonly', 'no', '--maxmemory-policy', 'allkeys-lru')
    const client = new Redis(redis.port, '127.0.0.1')
    expect(await warningsOf({ client })).toHaveLength(2)
    await client.quit()
  })

  test('it says nothing of safe settings, and nothing where its user may not read them', async () => {
    redis = await startRedis(...ON)
    expect(await warningsOf({ url: redis.url })).toEqual([])
    redis.cli('config', 'set', 'maxmemory-policy', 'allkeys-lru')
    redis.cli('acl', 'setuser', 'shop', 'on', '>pw', '~*', '+@all', '-info')
    expect(await warningsOf({ url: redis.url.replace('//', '//shop:pw@') })).toEqual([])
  })

  test('it warns when Redis comes up later, and a callback that throws harms nothing', async () => {
    redis = await startRedis('--appendonly', 'no')
    await redis.kill()
    const onWarning = vi.fn(() => {
      throw new Error('the log is full')
    })
    const store = redisStore({ url: redis.url, onWarning })
    await expect(store.create({}, 60_000)).rejects.toThrow()
    expect(onWarning).not.toHaveBeenCalled()
    await redis.restart()
    await vi.waitUntil(() => store.create({}, 60_000).catch(() => null), { timeout: 5_000 })
    await vi.waitUntil(() => onWarning.mock.calls.length === 1, { timeout: 5_000 })
    await store.close()
  })

  test('a user with the documented rights can do everything', async () => {
    redis = await startRedis(...ON)
    const rights =
      '+get +set +del +zadd +zrange +zrem +zscore +zremrangebyscore +pttl +pexpire +eval +evalsha +scan +info'
    redis.cli(
      'acl',
      'setuser',
      'shop',
      'on',
      '>pw',
      'resetkeys',
      '~storefront-session:*',
      ...rights.split(' '),
    )
    const store = redisStore({ url: redis.url.replace('//', '//shop:pw@') })
    const { sessionId } = await store.create({ customerId: 'ada' }, 60_000)
    expect(await store.get(sessionId, 120_000)).not.toBeNull()
    expect(await store.associate(sessionId, { customerId: 'bob' }, 60_000, true)).not.toBeNull()
    expect(await store.associate(sessionId, { visitId: 'v-1' }, 60_000, true)).not.toBeNull()
    expect(await store.find('bob')).toHaveLength(1)
    expect((await store.scan()).sessions).toHaveLength(1)
    expect(await store.get('an-id-that-nobody-has', 60_000)).toBeNull()
    expect(await store.remove(sessionId)).toBe(true)
    await store.close()
  })
})
