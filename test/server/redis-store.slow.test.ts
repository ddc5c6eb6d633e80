import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { inspect } from 'node:util'
import { Redis } from 'ioredis'
import { createSessionHandler, redisStore, type SessionStore } from 'storefront-session/server'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { describeStore } from './store-conformance.ts'
import { freePort, hasRedisServer, type RedisServer, startRedis } from './support/redis-server.ts'

/** These servers keep no append-only file, which most tests need not hear. */
const onWarning = () => undefined

describe.runIf(hasRedisServer())('redisStore on a real Redis', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedis('--appendonly', 'no')
  })
  afterEach(() => redis.cli('flushall'))
  afterAll(() => redis.remove())

  /** How often the data was changed, as Redis counts it. */
  const version = () => /rdb_changes_since_last_save:\d+/.exec(redis.cli('info', 'persistence'))?.[0]
  const keyOf = (sessionId: string) => redis.cli('keys', `*}${sessionId}`)

  describeStore('redisStore by URL', {
    open: (now) => redisStore({ url: redis.url, onWarning, timeoutMs: 10_000, now }),
    version,
  })

  describe('with a client of the caller', () => {
    let client: Redis
    beforeAll(() => {
      client = new Redis(redis.port, '127.0.0.1', { enableAutoPipelining: true })
    })
    afterAll(async () => {
      await client.quit()
    })
    describeStore('redisStore by client', {
      open: (now) => redisStore({ client, onWarning, timeoutMs: 10_000, now }),
      version,
    })

    test('close leaves the client open', async () => {
      await redisStore({ client }).close()
      expect(await client.ping()).toBe('PONG')
    })
  })

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

  test('a script cache that was emptied is filled again', async () => {
    const store = redisStore({ url: redis.url, onWarning })
    const associate = () => store.associate('an-id-of-a-session', { visitId: 'v-1' }, 60_000, true)
    await associate()
    redis.cli('script', 'flush')
    await expect(associate()).resolves.toHaveProperty('sessionId')
    await store.close()
  })

  test.each([
    ['a hash', 'hset', 'c', 'somebody'],
    ['a list', 'rpush', 'somebody'],
    ['a text', 'set', 'somebody'],
    ['half of a session', 'set', '{"t":17,"e":9000000000000,"c":"some'],
    ['JSON of another shape', 'set', '[{"t":17,"e":9000000000000,"c":"somebody"}]'],
    ['a session without its times', 'set', '{"c":"somebody"}'],
    ['a session without its end', 'set', '{"t":17,"c":"somebody"}'],
    ['null', 'set', 'null'],
    ['a hundred thousand brackets', 'set', '['.repeat(100_000)],
  ])('F146: %s at a key of ours is no session, and makes room for one', async (_, command, ...value) => {
    const store = redisStore({ url: redis.url, onWarning })
    await store.associate('edited-by-some-hand', {}, 60_000, true)
    const key = keyOf('edited-by-some-hand')
    redis.cli('del', key)
    redis.cli(command, key, ...value)
    expect(await store.get('edited-by-some-hand', 60_000)).toBeNull()
    expect(await store.associate('edited-by-some-hand', { visitId: 'v-1' }, 60_000, false)).toBeNull()
    const made = await store.associate('edited-by-some-hand', { visitId: 'v-1' }, 60_000, true)
    expect(made).toMatchObject({ visitId: 'v-1' })
    expect(made).not.toHaveProperty('customerId')
    expect(await store.get('edited-by-some-hand', 60_000)).toMatchObject({ visitId: 'v-1' })
    await store.close()
  })

  test('F146: a session that may not be read is not taken for none, and keeps what it has', async () => {
    redis.cli('acl', 'setuser', 'writer', 'on', '>pw', '~*', '+@all', '-get')
    const store = redisStore({ url: redis.url, onWarning })
    const writer = redisStore({ url: redis.url.replace('//', '//writer:pw@') })
    const { sessionId } = await store.create({ customerId: 'c-1' }, 60_000)
    await expect(writer.associate(sessionId, { visitId: 'v-1' }, 60_000, true)).rejects.toThrow()
    expect(await store.get(sessionId, 60_000)).toMatchObject({ customerId: 'c-1' })
    await Promise.all([store.close(), writer.close()])
    redis.cli('acl', 'deluser', 'writer')
  })

  test('F146: a field that is no text is left out of the session', async () => {
    const store = redisStore({ url: redis.url, onWarning })
    await store.associate('edited-by-some-hand', {}, 60_000, true)
    const value = '{"t":17,"e":9000000000000,"c":{"x":1},"v":7,"g":"g-1","z":"z"}'
    redis.cli('set', keyOf('edited-by-some-hand'), value)
    expect(await store.get('edited-by-some-hand', 60_000)).toEqual({
      sessionId: 'edited-by-some-hand',
      globalVisitId: 'g-1',
      createdAt: 17,
      expiresAt: expect.any(Number),
    })
    await store.close()
  })

  test('F128: a Redis that is full makes the operation fail, and the next one works again', async () => {
    const store = redisStore({ url: redis.url, onWarning })
    redis.cli('config', 'set', 'maxmemory', '1')
    await expect(store.create({}, 60_000)).rejects.toThrow(/OOM/)
    await expect(store.associate('an-id-of-a-session', {}, 60_000, true)).rejects.toThrow(/OOM/)
    redis.cli('config', 'set', 'maxmemory', '0')
    await expect(store.create({}, 60_000)).resolves.toHaveProperty('sessionId')
    await store.close()
  })

  test('F128: a Redis that is full is not called healthy, although it answers', async () => {
    const store = redisStore({ url: redis.url, onWarning })
    const handle = createSessionHandler({ store })
    const health = async () => (await handle(new Request('http://api.test/healthz'))).status
    expect(await health()).toBe(200)
    redis.cli('config', 'set', 'maxmemory', '1')
    expect(await health()).toBe(503)
    redis.cli('config', 'set', 'maxmemory', '0')
    expect(await health()).toBe(200)
    await store.close()
  })

  test('F128: a Redis that has become a replica makes writes fail, until it is the master again', async () => {
    const store = redisStore({ url: redis.url, onWarning })
    const { sessionId } = await store.create({ customerId: 'c-1' }, 60_000)
    redis.cli('replicaof', '127.0.0.1', '1')
    await expect(store.create({}, 60_000)).rejects.toThrow()
    await expect(store.get(sessionId, 60_000)).rejects.toThrow()
    redis.cli('replicaof', 'no', 'one')
    await expect
      .poll(() => store.get(sessionId, 60_000).catch(() => null))
      .toMatchObject({ customerId: 'c-1' })
    await store.close()
  })

  test('F128: a number of a database that is not there makes every operation fail, and nothing is written to another', async () => {
    redis.cli('config', 'resetstat')
    const store = redisStore({ url: `${redis.url}/99` })
    // The connection is tried again and again, and must not come up once without its database.
    await vi.waitUntil(
      async () => {
        await expect(store.create({}, 60_000)).rejects.toThrow()
        await expect(store.get('an-id-that-nobody-has', 60_000)).rejects.toThrow()
        await expect(store.associate('an-id-of-a-session', {}, 60_000, true)).rejects.toThrow()
        return callsOf('select') >= 4
      },
      { timeout: 10_000, interval: 5 },
    )
    expect(redis.cli('info', 'keyspace')).toBe('# Keyspace')
    await store.close()
  })

  test('F130: behind an address that stays, a failover is followed to the new master', async () => {
    const next = await startRedis()
    const address = await startAddress(redis.port)
    const store = redisStore({ url: address.url })
    await store.create({}, 60_000)
    redis.cli('replicaof', '127.0.0.1', `${next.port}`)
    address.port = next.port
    await expect(store.create({}, 60_000)).rejects.toThrow(/READONLY/)
    await vi.waitUntil(() => store.create({}, 60_000).catch(() => null), { timeout: 5_000 })
    expect(next.cli('dbsize')).not.toBe('0')
    await store.close()
    await address.close()
    redis.cli('replicaof', 'no', 'one')
    await next.remove()
  })

  test('F127: a Redis that hangs is given up on after timeoutMs, and used again when it goes on', async () => {
    const store = redisStore({ url: redis.url, timeoutMs: 200 })
    await store.create({}, 60_000)
    redis.process.kill('SIGSTOP')
    await expect(store.create({}, 60_000)).rejects.toMatchObject({ code: 'REDIS_TIMEOUT' })
    redis.process.kill('SIGCONT')
    await expect.poll(() => store.create({}, 60_000).catch(() => null), { timeout: 5_000 }).not.toBeNull()
    await store.close()
  })

  test('F126: without Redis every operation fails at once', async () => {
    const store = redisStore({ url: `redis://127.0.0.1:${await freePort()}` })
    await expect(store.create({}, 60_000)).rejects.toThrow()
    await expect(store.get('an-id-that-nobody-has', 60_000)).rejects.toThrow()
    await store.close()
  })

  describe('F139: what fails for want of a connection says why there is none', () => {
    const failure = (store: SessionStore) => store.create({}, 60_000).catch((error: unknown) => error)

    test('nobody listens, until somebody does', async () => {
      const own = await startRedis()
      await own.kill()
      const store = redisStore({ url: own.url })
      for (let round = 0; round < 2; round++)
        expect(await failure(store)).toMatchObject({ cause: { code: 'ECONNREFUSED' } })
      await own.restart()
      await vi.waitUntil(() => store.create({}, 60_000).catch(() => null), { timeout: 5_000 })
      own.cli('config', 'set', 'maxmemory', '1')
      const full = await failure(store)
      expect(full).toMatchObject({ message: expect.stringMatching(/^OOM/) })
      expect(full).not.toHaveProperty('cause')
      await store.close()
      await own.remove()
    })

    test.each([
      ['a wrong password', '', /^WRONGPASS/],
      ['a wrong password, and a database', '/3', /^WRONGPASS/],
    ])('%s, which is not repeated', async (_, path, message) => {
      redis.cli('acl', 'setuser', 'me', 'on', '>right', '~*', '+@all')
      const store = redisStore({ url: `${redis.url.replace('//', '//me:secret@')}${path}` })
      for (let round = 0; round < 2; round++) {
        const error = await failure(store)
        expect(error).toMatchObject({ cause: { message: expect.stringMatching(message) } })
        expect(inspect(error, { depth: 9 })).not.toContain('secret')
      }
      await store.close()
      redis.cli('acl', 'deluser', 'me')
    })

    test('a database that is not there', async () => {
      const store = redisStore({ url: `${redis.url}/99` })
      for (let round = 0; round < 2; round++)
        expect(await failure(store)).toMatchObject({
          cause: { message: expect.stringMatching(/DB index is out of range/) },
        })
      await store.close()
    })
  })
})

/** An address that stays while what is behind it changes, as of a load balancer or a service of Kubernetes. */
async function startAddress(port: number) {
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    const behind = connect(address.port, '127.0.0.1')
    for (const end of [socket, behind]) {
      open.add(end)
      end.on('error', () => end.destroy())
      end.on('close', () => open.delete(end))
    }
    socket.pipe(behind).pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A TCP server's address is always an object.
  const own = server.address() as AddressInfo
  const address = {
    port,
    url: `redis://127.0.0.1:${own.port}`,
    close: async () => {
      server.close()
      for (const socket of open) socket.destroy()
      await once(server, 'close')
    },
  }
  return address
}
