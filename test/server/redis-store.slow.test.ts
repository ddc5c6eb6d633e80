import { Redis } from 'ioredis'
import { redisStore } from 'storefront-session/server'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { describeStore } from './store-conformance.ts'
import { freePort, hasRedisServer, type RedisServer, startRedis } from './support/redis-server.ts'

describe.runIf(hasRedisServer())('redisStore on a real Redis', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedis('--appendonly', 'no')
  })
  afterEach(() => redis.cli('flushall'))
  afterAll(() => redis.remove())

  describeStore('redisStore by URL', { open: () => redisStore({ url: redis.url }), hasClock: false })

  describe('with a client of the caller', () => {
    let client: Redis
    beforeAll(() => {
      client = new Redis(redis.port, '127.0.0.1', { enableAutoPipelining: true })
    })
    afterAll(async () => {
      await client.quit()
    })
    describeStore('redisStore by client', { open: () => redisStore({ client }), hasClock: false })

    test('close leaves the client open', async () => {
      await redisStore({ client }).close()
      expect(await client.ping()).toBe('PONG')
    })
  })

  const callsOf = (command: string) =>
    Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(redis.cli('info', 'commandstats'))?.[1] ?? 0)

  test('every operation is exactly one command on one key', async () => {
    const store = redisStore({ url: redis.url })
    await store.create({}, 60_000)
    redis.cli('config', 'resetstat')
    const { sessionId } = await store.create({ customerId: 'c-1' }, 60_000)
    await store.get(sessionId, 60_000)
    await store.associate(sessionId, { visitId: 'v-1' }, 60_000, true)
    await store.get('an-id-that-nobody-has', 60_000)
    expect(callsOf('evalsha')).toBe(4)
    expect(callsOf('eval')).toBe(0)
    expect(redis.cli('keys', '*').split('\n')).toHaveLength(2)
    await store.close()
  })

  test('a key expires with its session, from the same step that writes it', async () => {
    const store = redisStore({ url: redis.url, keyPrefix: 'shop:' })
    const { sessionId } = await store.create({ customerId: 'c-1' }, 60_000)
    expect(Number(redis.cli('pttl', `shop:${sessionId}`))).toBeGreaterThan(50_000)
    await store.get(sessionId, 120_000)
    expect(Number(redis.cli('pttl', `shop:${sessionId}`))).toBeGreaterThan(110_000)
    await store.close()
  })

  test('a script cache that was emptied is filled again', async () => {
    const store = redisStore({ url: redis.url })
    await store.create({}, 60_000)
    redis.cli('script', 'flush')
    await expect(store.create({}, 60_000)).resolves.toHaveProperty('sessionId')
    await store.close()
  })

  test('a hash that is no session of ours is no session', async () => {
    const store = redisStore({ url: redis.url })
    const key = 'storefront-session:edited-by-some-hand'
    redis.cli('hset', key, 'c', 'somebody', 'x', 'y')
    expect(await store.get('edited-by-some-hand', 60_000)).toBeNull()
    const made = await store.associate('edited-by-some-hand', { visitId: 'v-1' }, 60_000, true)
    expect(made).not.toHaveProperty('customerId')
    await store.close()
  })

  test.each([
    ['a key of another type', () => redis.cli('set', 'storefront-session:key-of-another-type', 'x')],
    ['a Redis that is full', () => redis.cli('config', 'set', 'maxmemory', '1')],
  ])('%s makes the operation fail, and the next one works again', async (_, spoil) => {
    const store = redisStore({ url: redis.url })
    spoil()
    await expect(store.associate('key-of-another-type', {}, 60_000, true)).rejects.toThrow(/WRONGTYPE|OOM/)
    redis.cli('config', 'set', 'maxmemory', '0')
    await expect(store.create({}, 60_000)).resolves.toHaveProperty('sessionId')
    await store.close()
  })

  test('a Redis that hangs is given up on after timeoutMs, and used again when it goes on', async () => {
    const store = redisStore({ url: redis.url, timeoutMs: 200 })
    await store.create({}, 60_000)
    redis.process.kill('SIGSTOP')
    await expect(store.create({}, 60_000)).rejects.toThrow()
    redis.process.kill('SIGCONT')
    await expect.poll(() => store.create({}, 60_000).catch(() => null), { timeout: 5_000 }).not.toBeNull()
    await store.close()
  })

  test('without Redis every operation fails at once', async () => {
    const store = redisStore({ url: `redis://127.0.0.1:${await freePort()}` })
    await expect(store.create({}, 60_000)).rejects.toThrow()
    await expect(store.get('an-id-that-nobody-has', 60_000)).rejects.toThrow()
    await store.close()
  })
})
