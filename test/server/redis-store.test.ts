import { type RedisStoreOptions, redisStore } from 'storefront-session/server'
import { expect, test } from 'vitest'

test('redisStore without a URL and without a client is refused at once', () => {
  for (const nothing of [{}, { url: undefined }, { client: undefined }, { url: undefined, client: null }]) {
    // What JavaScript lets through, such as an environment variable that is not set.
    const options = nothing as unknown as RedisStoreOptions
    expect(() => redisStore(options)).toThrow(TypeError)
    expect(() => redisStore(options)).toThrow(/redisStore needs a url or a client/)
  }
})
