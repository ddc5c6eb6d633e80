import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { redisStore } from 'storefront-session/server'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { describeStore } from './store-conformance.ts'
import { freePort, hasRedisServer, type RedisServer, startRedis } from './support/redis-server.ts'

const onWarning = () => undefined

/** A sentinel that watches the master at `masterPort` under the name `shop`, and acts after half a second of silence. */
async function startSentinel(masterPort: number) {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-'))
  const port = await freePort()
  const file = join(folder, 'sentinel.conf')
  writeFileSync(
    file,
    `port ${port}
bind 127.0.0.1
dir ${folder}
sentinel monitor shop 127.0.0.1 ${masterPort} 1
sentinel down-after-milliseconds shop 500
sentinel failover-timeout shop 2000
`,
  )
  const child = spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' })
  return {
    url: `redis+sentinel://127.0.0.1:${port}/shop`,
    port,
    remove: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true })
    },
  }
}

describe.runIf(hasRedisServer())('redisStore by sentinel URL', () => {
  const started: { remove(): Promise<void> }[] = []
  afterEach(async () => {
    for (const { remove } of started.splice(0)) await remove()
  })

  test('F130: redisStore follows the sentinels to the replica when the master dies, and finds the replicated sessions', async () => {
    const master = await startRedis()
    const replica = await startRedis('--replicaof', '127.0.0.1', `${master.port}`)
    const sentinel = await startSentinel(master.port)
    started.push(master, replica, sentinel)
    const knowsReplica = () => replicasOf(master.cli('info', 'replication')) === 1
    await vi.waitUntil(knowsReplica, { timeout: 20_000 })

    const store = redisStore({ url: sentinel.url, onWarning })
    const create = () => store.create({ customerId: 'c-1' }, 60_000).catch(() => null)
    await vi.waitUntil(create, { timeout: 10_000 })
    const { sessionId } = await store.create({ customerId: 'c-2' }, 60_000)
    expect(master.cli('dbsize')).not.toBe('0')
    // The replica may lack what the master has just answered, and a master that dies now would lose it.
    expect(master.cli('wait', '1', '5000')).toBe('1')
    const asked = () => sentinelKnows(sentinel.port, replica.port)
    await vi.waitUntil(asked, { timeout: 20_000 })

    await master.kill()
    await vi.waitUntil(create, { timeout: 20_000, interval: 50 })
    expect(replica.cli('role').split('\n')[0]).toBe('master')
    expect(await store.get(sessionId, 60_000)).toMatchObject({ customerId: 'c-2' })
    await store.close()
  })

  describe('with one master', () => {
    let master: RedisServer
    let sentinel: Awaited<ReturnType<typeof startSentinel>>
    let opened = 0
    beforeAll(async () => {
      master = await startRedis()
      sentinel = await startSentinel(master.port)
    })
    afterAll(async () => {
      await sentinel.remove()
      await master.remove()
    })
    describeStore('redisStore by sentinel URL', {
      // A store below a prefix that no other test has.
      open: (now) =>
        redisStore({ url: sentinel.url, keyPrefix: `shop-${++opened}:`, onWarning, timeoutMs: 10_000, now }),
    })
  })

  const replicasOf = (replication: string) => Number(/connected_slaves:(\d+)/.exec(replication)?.[1])
  const sentinelKnows = async (port: number, replicaPort: number) => {
    const client = new Redis(port, '127.0.0.1')
    const replicas = await client.call('sentinel', 'replicas', 'shop')
    client.disconnect()
    return JSON.stringify(replicas).includes(`"${replicaPort}"`)
  }
})
