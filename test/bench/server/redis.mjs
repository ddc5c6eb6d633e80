// Operations a second of redisStore, compared with raw calls of the same client at the same concurrency. The client
// pipelines both. Also: how many commands one operation takes.
//
//   npm run bench:server [-- --operations=40000 --rounds=5 --write]
import { redisStore } from 'storefront-session/server'
import { goal, publish, table } from '../support/report.mjs'
import { afterWarmUp, inTurns, median, spread } from '../support/statistics.mjs'
import { benchmark, page, setting, startRedis } from './bench.mjs'

const [operations, rounds] = [setting('operations', 40_000, 400), setting('rounds', 5, 1)]
const TTL_MS = 2_592_000_000
const VALUE = '{"t":1764031200000,"e":1766623200000,"c":"customer-4711","v":"visit-1"}'
const VISIT = { visitId: 'visit-1' }
const IDS = { customerId: 'customer-4711', ...VISIT }
const MERGE = `redis.call('GET', KEYS[1]) redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) return ARGV[1]`
const NOT_DUE = { touchMs: TTL_MS / 100 }

await benchmark(async () => {
  const redis = await startRedis('--appendonly', 'yes')
  if (!redis) return
  const { client } = redis
  const store = redisStore({ url: redis.url })
  const { sessionId } = await store.create(VISIT, TTL_MS)
  const [key] = await client.keys(`*}${sessionId}`)
  const sha = await client.script('LOAD', MERGE)
  let made = 0
  const subjects = [
    ['create', () => store.create(VISIT, TTL_MS), () => client.set(`raw:${made++}`, VALUE, 'PX', TTL_MS)],
    ['get', () => store.get(sessionId, TTL_MS, NOT_DUE), () => client.get(key)],
    ['get that renews', () => store.get(sessionId, TTL_MS), () => client.getex(key, 'PX', TTL_MS)],
    [
      'associate',
      () => store.associate(sessionId, VISIT, TTL_MS, true, NOT_DUE),
      () => client.evalsha(sha, 1, `raw:${sessionId}`, VALUE, TTL_MS),
    ],
    [
      'associate a customer',
      () => store.associate(sessionId, IDS, TTL_MS, true, NOT_DUE),
      () => client.evalsha(sha, 1, `raw:${sessionId}`, VALUE, TTL_MS),
    ],
  ].flatMap(([name, ours, raw]) => [
    { name, call: raw },
    { name, call: ours },
  ])

  const run = async (call, concurrency) => {
    let left = operations
    const worker = async () => {
      while (left-- > 0) await call()
    }
    const start = performance.now()
    await Promise.all(Array.from({ length: concurrency }, worker))
    return (operations / (performance.now() - start)) * 1000
  }

  const rows = []
  const shares = []
  for (const concurrency of [50, 200]) {
    const results = [...(await inTurns(subjects, rounds + 1, ({ call }) => run(call, concurrency)))]
    for (let index = 0; index < results.length; index += 2) {
      const [raw, ours] = [afterWarmUp(results[index][1]), afterWarmUp(results[index + 1][1])]
      const share = median(ours) / median(raw)
      shares.push(share)
      rows.push([results[index][0].name, concurrency, spread(raw, 0), spread(ours, 0), share.toFixed(2)])
    }
  }

  /** Calls of the client. Redis also counts the calls inside a script; they are left out. */
  const commands = async (call) => {
    await client.config('RESETSTAT')
    for (let count = 0; count < 100; count++) await call()
    const statistics = await client.info('commandstats')
    const calls = (name) => Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(statistics)?.[1] ?? 0)
    return (calls('evalsha') + calls('eval') || calls('set') + calls('getex')) / 100
  }
  const each = []
  for (const { call } of subjects.filter((_, index) => index % 2)) each.push(await commands(call))
  publish(
    'redis',
    [
      `The store without HTTP, against calls of the same ioredis (auto pipelining on, append-only file on) that do the same to Redis: SET with a time to live, GET, GETEX, and a script of GET and SET without the merge and the index by customer. ${operations.toLocaleString('en')} operations, medians of ${rounds} rounds in turns.`,
      table(['operation', 'at once', 'raw calls/s', 'redisStore/s', 'of raw'], rows),
      [
        goal(
          `at least 0.6 of the raw calls at the same concurrency: ${Math.min(...shares).toFixed(2)} at the least`,
          Math.min(...shares) >= 0.6,
        ),
        goal(
          `one command an operation: ${each.join(', ')}`,
          each.every((count) => count === 1),
        ),
      ].join('\n'),
    ],
    page,
  )
  await store.close()
  client.disconnect()
})
