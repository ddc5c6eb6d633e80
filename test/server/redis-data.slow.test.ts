import { redisStore } from 'storefront-session/server'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { hasRedisServer, type RedisServer, startRedis } from './support/redis-server.ts'

/** These servers keep no append-only file, which most tests need not hear. */
const onWarning = () => undefined

describe.runIf(hasRedisServer())('what redisStore keeps in Redis', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedis('--appendonly', 'no')
  })
  afterEach(() => redis.cli('flushall'))
  afterAll(() => redis.remove())

  const keyOf = (sessionId: string) => redis.cli('keys', `*}${sessionId}`)

  const callsOf = (command: string) =>
    Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(redis.cli('info', 'commandstats'))?.[1] ?? 0)

  test('every operation but find is one command, and a renewal that is due costs none', async () => {
    const store = redisStore({ url: redis.url, onWarning })
    const known = await store.create({ customerId: 'c-1' }, 60_000)
    await store.get(known.sessionId, 60_000)
    await store.associate(known.sessionId, { visitId: 'v-1' }, 60_000, true)
    await store.remove('an-id-that-nobody-has')
    const commandsOf = async (work: () => Promise<unknown>) => {
      redis.cli('config', 'resetstat')
      await work()
      // What scripts do inside is no command of a client, but counts in the statistics.
      return ['set', 'get', 'evalsha', 'eval', 'script'].map((command) => `${command} ${callsOf(command)}`)
    }
    const script = expect.arrayContaining(['evalsha 1', 'eval 0', 'script 0'])
    expect(await commandsOf(() => store.create({}, 60_000))).toEqual(
      expect.arrayContaining(['set 1', 'evalsha 0']),
    )
    for (const work of [
      () => store.create({ customerId: 'c-1' }, 60_000),
      () => store.get(known.sessionId, 120_000, { touchMs: 1 }),
      () => store.get(known.sessionId, 120_000, { touchMs: 60_000 }),
      () => store.get(known.sessionId, null),
      () => store.get('an-id-that-nobody-has', 60_000),
      () => store.associate(known.sessionId, { visitId: 'v-2' }, 60_000, true),
      () => store.associate(known.sessionId, { customerId: 'c-2' }, 60_000, true),
      () => store.associate(known.sessionId, { visitId: 'v-3' }, 60_000, true),
      () => store.remove(known.sessionId),
    ])
      expect(await commandsOf(work)).toEqual(script)
    await store.close()
  })

  test('F123: the key of a session and its index expire with it, from the same step that writes them', async () => {
    const store = redisStore({ url: redis.url, keyPrefix: 'shop:', onWarning })
    const { sessionId } = await store.create({ customerId: 'ada' }, 60_000)
    const keys = redis.cli('keys', '*').split('\n')
    expect(keys.map((key) => key.replace(/^shop:\{[0-9a-v]{2}\}/, '')).sort()).toEqual(
      [':ada', sessionId].sort(),
    )
    const lives = () => keys.map((key) => Number(redis.cli('pttl', key)))
    for (const left of lives()) expect(left).toBeGreaterThan(50_000)
    await store.get(sessionId, 120_000)
    for (const left of lives()) expect(left).toBeGreaterThan(110_000)
    await store.associate(sessionId, { visitId: 'v-1' }, 180_000, false)
    for (const left of lives()) {
      expect(left).toBeGreaterThan(170_000)
      expect(left).toBeLessThanOrEqual(180_000)
    }
    await store.close()
  })

  test('F210: of an erased session nothing is left but a mark of its id, for ten minutes', async () => {
    const store = redisStore({ url: redis.url, onWarning })
    const { sessionId } = await store.create({ customerId: 'ada', visitId: 'v-1' }, 3_600_000)
    await store.remove(sessionId)
    expect(redis.cli('keys', '*')).toBe(keyOf(sessionId))
    expect(redis.cli('get', keyOf(sessionId))).toMatch(/^erased \d+$/)
    expect(Number(redis.cli('pttl', keyOf(sessionId)))).toBeGreaterThan(590_000)
    expect(Number(redis.cli('pttl', keyOf(sessionId)))).toBeLessThanOrEqual(600_000)
    await store.close()
  })

  test('F210: a session can be erased where the memory of Redis is full', async () => {
    const store = redisStore({ url: redis.url, onWarning })
    const { sessionId } = await store.create({ customerId: 'ada' }, 60_000)
    redis.cli('config', 'set', 'maxmemory', '1')
    expect(await store.remove(sessionId)).toBe(true)
    redis.cli('config', 'set', 'maxmemory', '0')
    expect(await store.get(sessionId, null)).toBeNull()
    await store.close()
  })

  test('an index that was lost is made again by the next renewal and the next association', async () => {
    const store = redisStore({ url: redis.url, onWarning })
    const { sessionId } = await store.create({ customerId: 'ada' }, 60_000)
    for (const use of [
      () => store.get(sessionId, 120_000),
      () => store.associate(sessionId, { visitId: 'v-1' }, 60_000, false),
    ]) {
      redis.cli('del', redis.cli('keys', '*:ada'))
      expect(await store.find('ada')).toEqual([])
      await use()
      expect(await store.find('ada')).toMatchObject([{ sessionId }])
    }
    redis.cli('del', redis.cli('keys', '*:ada'))
    expect(await store.associate(sessionId, { customerId: 'bob' }, 60_000, false)).not.toBeNull()
    redis.cli('del', redis.cli('keys', '*:bob'))
    expect(await store.remove(sessionId)).toBe(true)
    await store.close()
  })

  test('a session that gets another customer leaves nothing of the first one', async () => {
    const store = redisStore({ url: redis.url, onWarning })
    const { sessionId } = await store.create({ customerId: 'ada' }, 60_000)
    await store.associate(sessionId, { customerId: 'bob' }, 60_000, false)
    expect(redis.cli('keys', '*:ada')).toBe('')
    expect(redis.cli('get', keyOf(sessionId))).not.toContain('ada')
    await store.close()
  })

  test('find leaves out a session that an index names but that has another customer', async () => {
    const store = redisStore({ url: redis.url, onWarning })
    const { sessionId } = await store.create({ customerId: 'ada' }, 60_000)
    redis.cli('zadd', keyOf(sessionId).replace(sessionId, ':bob'), '9000000000000', sessionId)
    expect(await store.find('bob')).toEqual([])
    expect(await store.find('ada')).toMatchObject([{ sessionId }])
    await store.close()
  })

  test('a page of a scan has at most a thousand sessions, whatever was asked for', async () => {
    const store = redisStore({ url: redis.url, onWarning, timeoutMs: 10_000 })
    await Promise.all(Array.from({ length: 1_500 }, () => store.create({}, 60_000)))
    expect((await store.scan({ limit: 1_000_000 })).sessions.length).toBeLessThanOrEqual(1_000)
    await store.close()
  })

  test('an index drops the sessions that ended more than a day ago', async () => {
    const store = redisStore({ url: redis.url, onWarning })
    const { sessionId } = await store.create({ customerId: 'ada' }, 60_000)
    const index = redis.cli('keys', '*:ada')
    redis.cli('zadd', index, `${Date.now() - 86_500_000}`, 'long-gone', `${Date.now() - 80_000_000}`, 'gone')
    await store.associate(sessionId, { customerId: 'ada' }, 60_000, false)
    expect(redis.cli('zrange', index, '0', '-1').split('\n')).toEqual(['gone', sessionId])
    expect(await store.find('ada')).toMatchObject([{ sessionId }])
    await store.close()
  })

  test('a scan passes over keys of other programs, of other prefixes and of the index', async () => {
    const store = redisStore({ url: redis.url, keyPrefix: 'a*[b]?', onWarning })
    const made = await store.create({ customerId: 'ada' }, 60_000)
    const other = redisStore({ url: redis.url, keyPrefix: 'axxb!', onWarning })
    await other.create({}, 60_000)
    redis.cli('set', 'a*[b]?somebody', 'x')
    redis.cli('hset', 'a*[b]?{00}somebody', 'c', 'x')
    redis.cli('set', 'a*[b]?{00}somebody-else', 'x')
    for (let number = 0; number < 200; number++) redis.cli('set', `foreign-${number}`, 'x')
    const found = []
    let after: string | undefined
    do {
      const page = await store.scan({ limit: 5, ...(after !== undefined && { after }) })
      found.push(...page.sessions)
      after = page.next
    } while (after !== undefined)
    expect(found).toEqual([made])
    await Promise.all([store.close(), other.close()])
  })

  test.each(['x', '{}', '["a",1,[]]', '["a","0",[1]]', '[]'])(
    'a scan after %s, which no page gave, is refused',
    async (after) => {
      const store = redisStore({ url: redis.url, onWarning })
      await expect(store.scan({ after })).rejects.toThrow(TypeError)
      await store.close()
    },
  )
})
