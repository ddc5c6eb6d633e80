import { describe, expect, test, vi } from 'vitest'
import { openConnection } from '../server/support/raw-connection.ts'
import { hasRedisServer, startRedis } from '../server/support/redis-server.ts'
import { withCommandLine } from './support/command-line.ts'

const command = withCommandLine()
const hasRedis = hasRedisServer()

test('F131: SIGTERM under load: every request that was answered got its answer through', async () => {
  const serving = await command.serve(['--store', 'sqlite:load.db'])
  let arrived = 0
  const shopper = async () => {
    try {
      for (;;) {
        const answer = await fetch(`${serving.url}/sessions/new`, { method: 'PUT' })
        expect((await answer.json()).statusCode).toBe(0)
        arrived++
      }
    } catch (error) {
      // Refused, once it listens no more; anything else fails the test.
      expect(error).toBeInstanceOf(TypeError)
    }
  }
  const shoppers = Array.from({ length: 50 }, shopper)
  await vi.waitUntil(() => arrived > 1_000, { timeout: 60_000 })
  const { code, ms } = await serving.end()
  await Promise.all(shoppers)
  const answered = serving.lines().filter(({ event, status }) => event === 'request' && status === 200)
  expect(answered).toHaveLength(arrived)
  expect(code).toBe(0)
  expect(ms).toBeLessThan(10_000)
})

test('F131: SIGTERM with a request that never ends: exits with 0 within ten seconds', async () => {
  const serving = await command.serve(['--store', 'memory'])
  const stuck = await openConnection(serving.port)
  stuck.send('PUT /sessions/new HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{')
  const { code, ms } = await serving.end()
  expect(code).toBe(0)
  expect(ms).toBeLessThan(10_000)
  await stuck.closed
})

test('keeps some megabytes of its log for a reader that hangs, and no more', async () => {
  const serving = await command.serve(['--store', 'memory'])
  serving.process.stdout?.pause()
  const shopper = async () => {
    for (let round = 0; round < 1_000; round++)
      await (await fetch(`${serving.url}/sessions/new`, { method: 'PUT' })).text()
  }
  await Promise.all(Array.from({ length: 50 }, shopper))
  serving.process.stdout?.resume()
  const size = () => serving.output().length
  await vi.waitUntil(() => size() > 4_000_000, { timeout: 10_000 })
  await serving.end()
  expect(size()).toBeLessThan(5_500_000)
  expect(serving.lines().at(-1)?.event).toBe('stopped')
})

describe.runIf(hasRedis)('serve on Redis', () => {
  test('F124: finds a Redis that starts after it', async () => {
    const redis = await startRedis()
    try {
      await redis.kill()
      const serving = await command.serve(['--store', redis.url])
      const put = () => fetch(`${serving.url}/sessions/new`, { method: 'PUT' })
      expect((await put()).status).toBe(503)
      await redis.restart()
      await vi.waitUntil(async () => (await put()).status === 200, { timeout: 5_000 })
    } finally {
      await redis.remove()
    }
  })

  test('F201: warns in its log of an eviction policy and a missing append-only file', async () => {
    const redis = await startRedis('--appendonly', 'no', '--maxmemory-policy', 'volatile-ttl')
    try {
      const serving = await command.serve(['--store', redis.url])
      const warnings = () => serving.lines().filter(({ event }) => event === 'store-warning')
      await vi.waitUntil(() => warnings().length === 2, { timeout: 5_000 })
      expect(warnings()[0]?.warning).toMatch(
        /^Redis has maxmemory-policy volatile-ttl: .* Set it to noeviction\.$/,
      )
      expect(warnings()[1]?.warning).toMatch(/^Redis keeps no append-only file: .* Set appendonly to yes\.$/)
    } finally {
      await redis.remove()
    }
  })

  test('names in its log what Redis refuses with, and nothing else of the message', async () => {
    const redis = await startRedis()
    try {
      const serving = await command.serve(['--store', redis.url])
      redis.cli('config', 'set', 'maxmemory', '1')
      const headers = { gkc_customerId: 'canary' }
      expect((await fetch(`${serving.url}/sessions/new`, { method: 'PUT', headers })).status).toBe(503)
      const failure = serving.lines().find(({ event }) => event === 'store-error')
      expect(failure).toEqual({ time: failure?.time, event: 'store-error', error: 'ReplyError OOM' })
    } finally {
      await redis.remove()
    }
  })

  test('F127: answers 503 within two seconds while Redis hangs, and recovers when it goes on', async () => {
    const redis = await startRedis()
    try {
      const serving = await command.serve(['--store', redis.url])
      const put = () => fetch(`${serving.url}/sessions/new`, { method: 'PUT' })
      expect((await put()).status).toBe(200)
      redis.process.kill('SIGSTOP')
      for (let round = 0; round < 3; round++) {
        const begin = performance.now()
        const answers = await Promise.all(Array.from({ length: 50 }, put))
        expect(performance.now() - begin).toBeLessThan(2_000)
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]))
        expect(answers[0]?.headers.get('retry-after')).toBe('1')
      }
      redis.process.kill('SIGCONT')
      await vi.waitUntil(async () => (await put()).status === 200, { timeout: 5_000 })
    } finally {
      await redis.remove()
    }
  })

  test('F127, F131: SIGTERM with a request that never ends while Redis hangs: exits with 0 within ten seconds', async () => {
    const redis = await startRedis()
    try {
      const serving = await command.serve(['--store', redis.url])
      expect((await fetch(`${serving.url}/sessions/new`, { method: 'PUT' })).status).toBe(200)
      const stuck = await openConnection(serving.port)
      stuck.send('PUT /sessions/new HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{')
      redis.process.kill('SIGSTOP')
      const { code, ms } = await serving.end()
      expect(code).toBe(0)
      expect(ms).toBeLessThan(9_500)
      expect(serving.lines().at(-1)?.event).toBe('stopped')
    } finally {
      await redis.remove()
    }
  })

  test('F125: answers 503 while Redis is away, and recovers by itself; /healthz says so', async () => {
    const redis = await startRedis()
    try {
      const serving = await command.serve(['--store', redis.url])
      const statuses = async () => {
        const made = await fetch(`${serving.url}/sessions/new`, { method: 'PUT' })
        return [made.status, (await fetch(`${serving.url}/healthz`)).status].join()
      }
      expect(await statuses()).toBe('200,200')
      await redis.kill()
      expect(await statuses()).toBe('503,503')
      expect(serving.lines().some(({ event }) => event === 'store-error')).toBe(true)
      await redis.restart()
      await vi.waitUntil(async () => (await statuses()) === '200,200', { timeout: 20_000 })
      const metrics = await (await fetch(`${serving.url}/metrics`)).text()
      expect(metrics).toMatch(/^storefront_session_store_errors_total [1-9]/m)
      expect((await serving.end()).code).toBe(0)
    } finally {
      await redis.remove()
    }
  })
})
