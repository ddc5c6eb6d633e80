import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'
import { redisStore } from 'storefront-session/server'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { describeStore } from './store-conformance.ts'
import { hasRedisServer, type RedisServer, startRedis } from './support/redis-server.ts'

const run = promisify(execFile)

describe.runIf(hasRedisServer())('redisStore on a Redis Cluster of three masters', () => {
  let nodes: RedisServer[] = []
  const addresses = () => nodes.map(({ port }) => `127.0.0.1:${port}`)
  const url = () => `redis+cluster://${addresses().join(',')}`

  beforeAll(async () => {
    for (let node = 0; node < 3; node++)
      nodes.push(
        await startRedis('--appendonly', 'no', '--cluster-enabled', 'yes', '--cluster-node-timeout', '5000'),
      )
    execFileSync('redis-cli', ['--cluster', 'create', ...addresses(), '--cluster-yes'], { stdio: 'ignore' })
    await vi.waitUntil(() => nodes.every(({ cli }) => cli('cluster', 'info').includes('cluster_state:ok')), {
      timeout: 20_000,
    })
  }, 60_000)
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.remove()))
    nodes = []
  })

  /** A store below a prefix that no other test has. */
  let opened = 0
  const open = (now = Date.now) =>
    redisStore({
      url: url(),
      keyPrefix: `shop-${++opened}:`,
      onWarning: () => undefined,
      timeoutMs: 10_000,
      now,
    })
  /** How often the data of each node was changed, as Redis counts it. */
  const version = () =>
    nodes.map(({ cli }) => /rdb_changes_since_last_save:\d+/.exec(cli('info', 'persistence'))?.[0])

  describeStore('redisStore by cluster URL', { open, version })

  test('F201: a warning names the node of the cluster', async () => {
    const warnings: string[] = []
    const store = redisStore({ url: url(), onWarning: (message) => warnings.push(message) })
    await store.create({}, 60_000)
    await vi.waitUntil(() => warnings.length === 3, { timeout: 5_000 })
    for (const address of addresses())
      expect(warnings).toContainEqual(
        expect.stringContaining(`Redis at ${address} keeps no append-only file`),
      )
    await store.close()
  })

  describe('while slots move to and fro', () => {
    let isMoving = true
    let moved = 0
    let moving: Promise<void>
    const move = async () => {
      const [one, other] = nodes.map(({ cli }) => cli('cluster', 'myid'))
      const [first] = addresses()
      if (!one || !other || !first) throw new Error('the cluster did not start')
      for (let route = [one, other] as const; isMoving; route = [route[1], route[0]]) {
        const [from, to] = route
        const options = [
          '--cluster-from',
          from,
          '--cluster-to',
          to,
          '--cluster-slots',
          '200',
          '--cluster-yes',
        ]
        await run('redis-cli', ['--cluster', 'reshard', first, ...options])
        moved++
      }
    }
    beforeAll(() => {
      moving = move()
    })
    afterAll(async () => {
      isMoving = false
      await moving
      expect(moved).toBeGreaterThan(0)
    }, 60_000)
    describeStore('redisStore by cluster URL', { open, keysMove: true })
  })

  test('F128: while slots move from node to node every operation succeeds, and nothing is lost', async () => {
    const store = open()
    const [from, to] = nodes.map(({ cli }) => cli('cluster', 'myid'))
    const [first] = addresses()
    if (!from || !to || !first) throw new Error('the cluster did not start')
    const known = new Map<string, string>()
    let isMoving = true
    let count = 0
    const visitor = async () => {
      while (isMoving) {
        const customerId = `customer-${++count}`
        const { sessionId } = await store.create({ customerId }, 60_000)
        await store.associate(sessionId, { visitId: `visit-${customerId}` }, 60_000, false)
        known.set(sessionId, customerId)
      }
    }
    const visitors = Array.from({ length: 10 }, visitor)
    await vi.waitUntil(() => known.size > 200, { timeout: 20_000 })
    const before = known.size
    const route = ['--cluster-from', from, '--cluster-to', to, '--cluster-slots', '300', '--cluster-yes']
    await run('redis-cli', ['--cluster', 'reshard', first, ...route])
    isMoving = false
    await Promise.all(visitors)
    // Work was done while they moved.
    expect(known.size).toBeGreaterThan(before)
    for (const [sessionId, customerId] of known)
      expect(await store.get(sessionId, 60_000)).toMatchObject({ customerId, visitId: `visit-${customerId}` })
    for (const [sessionId, customerId] of [...known].slice(-50))
      expect(await store.find(customerId)).toMatchObject([{ sessionId }])
    await store.close()
  })
})
