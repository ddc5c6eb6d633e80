import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { hasRedisServer, startRedis } from '../server/support/redis-server.ts'
import { withCommandLine } from './support/command-line.ts'

const command = withCommandLine()
const SHOPPERS = 30

/** Visitors who create sessions for customers of their own, and remember what was answered. */
function sendLoad(url: string) {
  const answered = new Map<string, string>()
  const statuses = new Set<number>()
  let isOver = false
  let count = 0
  const shopper = async () => {
    while (!isOver) {
      const customerId = `customer-${++count}`
      try {
        const answer = await fetch(`${url}/sessions/new`, {
          method: 'PUT',
          headers: { gkc_customerId: customerId },
        })
        const { response } = await answer.json()
        statuses.add(answer.status)
        if (answer.ok) answered.set(response.sessionId, customerId)
        // A store that is away is asked again, but not without a pause.
        else await new Promise((resolve) => setTimeout(resolve, 20))
      } catch (error) {
        // The server was killed; anything but a cut connection fails the test.
        expect(error).toBeInstanceOf(TypeError)
        return
      }
    }
  }
  const shoppers = Array.from({ length: SHOPPERS }, shopper)
  return {
    answered,
    statuses,
    end: async () => {
      isOver = true
      await Promise.all(shoppers)
    },
  }
}

/** The answered sessions that a server does not know, or knows without their customer. */
async function lostOf(url: string, answered: Map<string, string>): Promise<string[]> {
  const lost: string[] = []
  for (const [sessionId, customerId] of answered) {
    const { response } = await (await fetch(`${url}/sessions/${sessionId}`)).json()
    if (response?.customerId !== customerId) lost.push(customerId)
  }
  return lost
}

describe('on SQLite', () => {
  test('F125, F131: a server that is killed in the middle of load has every session that it answered', async () => {
    const killed = await command.serve(['--quiet', '--store', 'sqlite:shop.db'])
    const load = sendLoad(killed.url)
    await vi.waitUntil(() => load.answered.size > 2_000, { timeout: 60_000 })
    await killed.end('SIGKILL')
    await load.end()
    const again = await command.serve(['--quiet', '--store', 'sqlite:shop.db'])
    expect(await lostOf(again.url, load.answered)).toEqual([])
  })

  test('F129: two servers on one file lose nothing, and each knows what the other made', async () => {
    const [one, two] = [
      await command.serve(['--quiet', '--store', 'sqlite:shop.db']),
      await command.serve(['--quiet', '--store', 'sqlite:shop.db']),
    ]
    const loads = [sendLoad(one.url), sendLoad(two.url)] as const
    await vi.waitUntil(() => loads.every(({ answered }) => answered.size > 1_000), { timeout: 60_000 })
    await Promise.all(loads.map((load) => load.end()))
    for (const load of loads) expect([...load.statuses]).toEqual([200])
    expect(await lostOf(two.url, loads[0].answered)).toEqual([])
    expect(await lostOf(one.url, loads[1].answered)).toEqual([])
  })
})

/** How often a program waited for the disk, as `strace` counts it. */
async function countSyncs(pid: number | undefined, work: () => Promise<unknown>): Promise<number> {
  const tracer = spawn('strace', ['-f', '-e', 'trace=fsync,fdatasync', '-p', `${pid}`])
  let seen = ''
  tracer.stderr.on('data', (chunk) => {
    seen += chunk
  })
  await vi.waitUntil(() => seen.includes('attached'), { timeout: 10_000 })
  await work()
  tracer.kill()
  await once(tracer, 'close')
  return seen.match(/f(data)?sync\(/g)?.length ?? 0
}

function hasProgram(name: string, why: string): boolean {
  if (!spawnSync(name, ['-V']).error) return true
  console.warn(`${name} is not installed: ${why} is left out`)
  return false
}

test.runIf(hasProgram('strace', 'the count of waits for the disk')).each([
  ['--synchronous=full', 20],
  ['--synchronous=normal', 0],
])('serve %s waits for the disk %i times in 20 requests, one after the other', async (flag, expected) => {
  const serving = await command.serve(['--store', 'sqlite:shop.db', flag])
  const put = () => fetch(`${serving.url}/sessions/new`, { method: 'PUT' })
  // The first commit of a log also writes its head.
  await put()
  const syncs = await countSyncs(serving.process.pid, async () => {
    for (let round = 0; round < 20; round++) expect((await put()).status).toBe(200)
  })
  expect(syncs).toBe(expected)
})

describe('on a disk of 24 MB', () => {
  let disk: string
  let isMounted: boolean
  beforeAll(() => {
    disk = mkdtempSync(join(tmpdir(), 'disk-'))
    isMounted = !spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', disk]).status
    if (!isMounted) console.warn('no right to mount: the test of a full disk is left out')
  })
  afterAll(() => {
    if (isMounted) spawnSync('umount', [disk])
    rmSync(disk, { recursive: true })
  })

  test('F129: a full one means 503, keeps what was answered, and works again when there is room', async ({
    skip,
  }) => {
    skip(!isMounted, 'no right to mount')
    const serving = await command.serve(['--quiet', '--store', `sqlite:${join(disk, 'shop.db')}`])
    writeFileSync(join(disk, 'ballast'), new Uint8Array(24_000_000))
    const load = sendLoad(serving.url)
    await vi.waitUntil(() => load.statuses.has(503), { timeout: 60_000 })
    await load.end()
    expect([...load.statuses].sort()).toEqual([200, 503])
    rmSync(join(disk, 'ballast'))
    const put = () => fetch(`${serving.url}/sessions/new`, { method: 'PUT' })
    await vi.waitUntil(async () => (await put()).status === 200, { timeout: 5_000 })
    expect(await lostOf(serving.url, load.answered)).toEqual([])
    expect((await serving.end()).code).toBe(0)
  })
})

describe.runIf(hasRedisServer())('on Redis with its append-only file', () => {
  test('F125: killed and started again under load, it has every session that was answered, and answers within 5 s', async () => {
    const redis = await startRedis('--appendonly', 'yes')
    try {
      const serving = await command.serve(['--quiet', '--store', redis.url])
      const load = sendLoad(serving.url)
      await vi.waitUntil(() => load.answered.size > 2_000, { timeout: 60_000 })
      await redis.kill()
      await vi.waitUntil(() => load.statuses.has(503), { timeout: 10_000 })
      const before = load.answered.size
      await redis.restart()
      const isBack = performance.now()
      await vi.waitUntil(() => load.answered.size > before, { timeout: 20_000 })
      expect(performance.now() - isBack).toBeLessThan(5_000)
      await load.end()
      expect([...load.statuses].sort()).toEqual([200, 503])
      expect(await lostOf(serving.url, load.answered)).toEqual([])
    } finally {
      await redis.remove()
    }
  })
})
