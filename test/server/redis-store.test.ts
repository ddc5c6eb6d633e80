import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { type RedisStoreOptions, redisStore } from 'storefront-session/server'
import { describe, expect, onTestFinished, test } from 'vitest'
import { freePort } from './support/redis-server.ts'

test('redisStore throws at once without a URL and without a client', () => {
  for (const nothing of [{}, { url: undefined }, { client: undefined }, { url: undefined, client: null }]) {
    // JavaScript does not check types, and an environment variable may not be set.
    const options = nothing as unknown as RedisStoreOptions
    expect(() => redisStore(options)).toThrow(TypeError)
    expect(() => redisStore(options)).toThrow(/redisStore needs a url or a client/)
  }
})

describe('F139: the code of an error tells that redisStore has no connection', () => {
  test.each([
    ['redis', '', { code: 'ECONNREFUSED' }],
    ['redis+cluster', '', { name: 'ClusterAllFailedError' }],
    ['redis+sentinel', '/shop', { message: expect.stringContaining('All sentinels are unreachable') }],
  ])('REDIS_UNREACHABLE, where no server listens: %s', async (scheme, path, cause) => {
    const store = redisStore({ url: `${scheme}://127.0.0.1:${await freePort()}${path}`, timeoutMs: 200 })
    for (let round = 0; round < 2; round++)
      await expect(store.create({}, 60_000)).rejects.toMatchObject({ code: 'REDIS_UNREACHABLE', cause })
    await store.close()
  })

  test.each([
    ['redis', ''],
    ['rediss', ''],
    ['redis+cluster', ''],
    ['redis+sentinel', '/shop'],
  ])('REDIS_UNREACHABLE, where a server listens but never answers: %s', async (scheme, path) => {
    const store = redisStore({ url: `${scheme}://127.0.0.1:${await openMutePort()}${path}`, timeoutMs: 50 })
    await expect(store.create({}, 60_000)).rejects.toMatchObject({
      code: 'REDIS_UNREACHABLE',
      cause: { code: 'REDIS_TIMEOUT' },
    })
    await store.close()
  })

  test('REDIS_TIMEOUT, where a client of the caller never answers', async () => {
    const never = () => new Promise<never>(() => undefined)
    const client = { set: never, zrange: never, evalsha: never, eval: never, scan: never, info: never }
    const store = redisStore({ client, timeoutMs: 20 })
    await expect(store.create({}, 60_000)).rejects.toMatchObject({
      code: 'REDIS_TIMEOUT',
      message: 'Redis did not answer within 20 ms',
    })
  })
})

/** A port that takes connections until the test has ended, and never answers. */
async function openMutePort(): Promise<number> {
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('error', () => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    for (const socket of open) socket.destroy()
  })
  // A TCP server's address is always an object.
  return (server.address() as AddressInfo).port
}
