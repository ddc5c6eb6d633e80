import { redisStore } from 'storefront-session/server'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { hasRedisServer, type RedisServer, startRedis } from './support/redis-server.ts'

/** This server keeps no append-only file, and the warning would fill the output of the tests. */
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
  ])(
    'F146: %s at the key of a session counts as no session, and an association replaces it',
    async (_, command, ...value) => {
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
    },
  )

  test('F146: an association fails where the session may not be read, and changes nothing', async () => {
    redis.cli('acl', 'setuser', 'writer', 'on', '>pw', '~*', '+@all', '-get')
    const store = redisStore({ url: redis.url, onWarning })
    const writer = redisStore({ url: redis.url.replace('//', '//writer:pw@') })
    const { sessionId } = await store.create({ customerId: 'c-1' }, 60_000)
    await expect(writer.associate(sessionId, { visitId: 'v-1' }, 60_000, true)).rejects.toThrow()
    expect(await store.get(sessionId, 60_000)).toMatchObject({ customerId: 'c-1' })
    await Promise.all([store.close(), writer.close()])
    redis.cli('acl', 'deluser', 'writer')
  })

  test('F146: redisStore leaves out a field that is no text', async () => {
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
