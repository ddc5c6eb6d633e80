import { describe, expect, test } from 'vitest'
import { parseRedisUrl } from '../../src/server/stores/redis-url.ts'

describe('a Redis URL', () => {
  test('names one Redis, with user, password, database and TLS', () => {
    expect(parseRedisUrl('redis://localhost')).toEqual({
      kind: 'single',
      nodes: [{ host: 'localhost', port: 6379 }],
      tls: false,
      db: 0,
    })
    expect(parseRedisUrl('rediss://me:p%40ss:word@[::1]:7000/3')).toEqual({
      kind: 'single',
      nodes: [{ host: '::1', port: 7000 }],
      username: 'me',
      password: 'p@ss:word',
      tls: true,
      db: 3,
    })
  })

  test('names a cluster by some of its nodes', () => {
    expect(parseRedisUrl('redis+cluster://:secret@a:1,b:2')).toMatchObject({
      kind: 'cluster',
      nodes: [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
      ],
      password: 'secret',
    })
  })

  test('names a master by its sentinels', () => {
    expect(parseRedisUrl('redis+sentinel://a,b:2/mymaster')).toMatchObject({
      kind: 'sentinel',
      nodes: [
        { host: 'a', port: 26379 },
        { host: 'b', port: 2 },
      ],
      masterName: 'mymaster',
      db: 0,
    })
  })

  test.each([
    'http://localhost',
    'redis://',
    'redis://:secret@a,b',
    'redis://:secret@localhost/x',
    'redis://:secret@localhost:99999',
    'redis+sentinel://:secret@a:1',
    'redis+cluster://:secret@a:1/2',
    'redis+other://:secret@a',
  ])('is refused when malformed, without repeating a password: %s', (url) => {
    expect(() => parseRedisUrl(url)).toThrow(TypeError)
    expect(() => parseRedisUrl(url)).not.toThrow(/secret/)
  })

  test.each([
    'redis://:secret%zz@localhost',
    'redis://secret%:x@localhost',
    'redis://me:100%secret@localhost',
  ])('with a bare percent sign in user or password says how to write one: %s', (url) => {
    expect(() => parseRedisUrl(url)).toThrow(TypeError)
    expect(() => parseRedisUrl(url)).toThrow(/%25/)
    expect(() => parseRedisUrl(url)).not.toThrow(/secret/)
  })
})
