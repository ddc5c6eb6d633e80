import { redisStore } from 'storefront-session/server'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { hasRedisServer, type RedisServer, startRedis } from './support/redis-server.ts'

/** These servers keep no append-only file, which most tests need not hear. */
const onWarning = () => undefined

describe.runIf(hasRedisServer())('redisStore among values of another program', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedis('--appendonly', 'no')
  })
  afterEach(() => redis.cli('flushall'))
  afterAll(() => redis.remove())

  const keyOf = (sessionId: string) => redis.cli('keys', `*}${sessionId}`)

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
})
