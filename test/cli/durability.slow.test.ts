import { describe, expect, test, vi } from 'vitest'
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
  test('a server that is killed in the middle of load has every session that it answered', async () => {
    const killed = await command.serve(['--quiet', '--store', 'sqlite:shop.db'])
    const load = sendLoad(killed.url)
    await vi.waitUntil(() => load.answered.size > 2_000, { timeout: 60_000 })
    await killed.end('SIGKILL')
    await load.end()
    const again = await command.serve(['--quiet', '--store', 'sqlite:shop.db'])
    expect(await lostOf(again.url, load.answered)).toEqual([])
  })

  test('two servers on one file lose nothing, and each knows what the other made', async () => {
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

describe.runIf(hasRedisServer())('on Redis with its append-only file', () => {
  test('killed and started again under load, it has every session that was answered, and answers within 5 s', async () => {
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
