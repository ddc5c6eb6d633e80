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

  test('a script cache that was emptied is filled again', async () => {
    const store = redisStore({ url: redis.url, onWarning })
    const associate = () => store.associate('an-id-of-a-session', { visitId: 'v-1' }, 60_000, true)
    await associate()
    redis.cli('script', 'flush')
    await expect(associate()).resolves.toHaveProperty('sessionId')
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
    // A replica may lack the latest sessions, so it must not answer that there is none.
    await expect(store.get('an-id-that-nobody-has', null)).rejects.toThrow()
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
