// Bytes of a session and requests a second for each core with a million sessions in the store, and what that means for
// ten and a hundred million visitors.
//
//   npm run bench:capacity [-- --sessions=1000000 --seconds=4 --write]
import { execFileSync } from 'node:child_process'
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { redisStore, sqliteStore } from 'storefront-session/server'
import { isQuick } from '../support/quick.mjs'
import { publish, table } from '../support/report.mjs'
import { benchmark, fill, folder, load, page, setting, startRedis, startSubject } from './bench.mjs'

const [sessions, seconds] = [setting('sessions', 1_000_000, 2_000), setting('seconds', 4, 1)]
const TTL_MS = 2_592_000_000

/** Visit ids as long as a UUID for all visitors, a customer id for every fourth. */
const idsOf = (number) => ({
  visitId: `5f0c2f0e-8f5b-4f6d-9b1e-${String(number).padStart(12, '0')}`,
  globalVisitId: `0b6e1d52-3c77-4a53-8b0a-${String(number).padStart(12, '0')}`,
  ...(number % 4 === 0 && { customerId: `customer-${String(number).padStart(10, '0')}` }),
})
const bare = () => ({})

/** Assumptions about the visitors of a shop. The last table follows from these and from the measured figures. */
const MODEL = { visitsAMonth: 2, requestsAVisit: 3, peak: 10 }

await benchmark(async () => {
  const sizes = []
  const rates = []
  const measured = {}

  const measure = async (name, kind, ids, engineCpu) => {
    const paths = join(folder, 'paths')
    writeFileSync(paths, ids.map((id) => `/sessions/${id}\n`).join(''))
    const subject = await startSubject(kind)
    const costs = []
    for (const [method, script] of [
      ['PUT', 'ids.lua'],
      ['GET', 'sessions.lua'],
      ['POST', 'sessions.lua'],
    ]) {
      const options = { method, script, env: { PATHS: paths } }
      if (!isQuick) await load(subject, { ...options, seconds: 1 })
      const before = await engineCpu()
      const { rate, cpuUs, p50, p99, requests, failures } = await load(subject, { ...options, seconds })
      const engineUs = ((await engineCpu()) - before) / requests
      costs.push({ cpuUs, engineUs })
      rates.push([
        name,
        method,
        rate.toFixed(0),
        cpuUs.toFixed(1),
        Math.round(1e6 / cpuUs),
        engineUs ? engineUs.toFixed(1) : '–',
        p50.toFixed(2),
        p99.toFixed(2),
        failures,
      ])
    }
    const mean = (field) => costs.reduce((sum, cost) => sum + cost[field], 0) / costs.length
    measured[name] = { ...measured[name], cpuUs: mean('cpuUs'), engineUs: mean('engineUs') }
  }

  for (const [what, ids] of [
    ['no ids', bare],
    ['visit ids, every fourth a customer', idsOf],
  ]) {
    const path = join(folder, `${what.length}.db`)
    const store = sqliteStore({ path })
    const some = await fill(store, sessions, ids, TTL_MS)
    // Closing writes the log to the file.
    await store.close()
    const bytes = statSync(path).size / sessions
    sizes.push(['sqlite', what, bytes.toFixed(0), 'file'])
    measured.sqlite = { bytes }
    if (ids === idsOf) await measure('sqlite', `sqlite:${path}`, some, async () => 0)
  }

  const redis = await startRedis('--appendonly', 'yes')
  if (redis) {
    for (const [what, ids] of [
      ['no ids', bare],
      ['visit ids, every fourth a customer', idsOf],
    ]) {
      await redis.client.flushall()
      const before = await redis.info('used_memory')
      const store = redisStore({ url: redis.url })
      const some = await fill(store, sessions, ids, TTL_MS)
      await store.close()
      const bytes = ((await redis.info('used_memory')) - before) / sessions
      sizes.push(['redis', what, bytes.toFixed(0), 'used_memory'])
      measured.redis = { bytes }
      if (ids === idsOf)
        await measure(
          'redis',
          redis.url,
          some,
          async () => ((await redis.info('used_cpu_user')) + (await redis.info('used_cpu_sys'))) * 1e6,
        )
    }
    redis.client.disconnect()
  }

  const plans = []
  for (const visitors of [10e6, 100e6])
    for (const [name, { bytes, cpuUs, engineUs }] of Object.entries(measured)) {
      const average = (visitors * MODEL.visitsAMonth * MODEL.requestsAVisit) / (30 * 86_400)
      const peak = average * MODEL.peak
      plans.push([
        `${visitors / 1e6} million`,
        name,
        ((visitors * bytes) / 1e9).toFixed(1),
        average.toFixed(0),
        peak.toFixed(0),
        ((peak * cpuUs) / 1e6).toFixed(2),
        engineUs ? ((peak * engineUs) / 1e6).toFixed(2) : '–',
      ])
    }
  const versions = redis
    ? `${execFileSync('redis-server', ['--version'], { encoding: 'utf8' }).split(' ')[2]}`
    : ''
  publish(
    'capacity',
    [
      `${sessions.toLocaleString('en')} sessions in each store${versions && `; Redis ${versions.replace('v=', '')}, append-only file on`}.`,
      table(['store', 'ids of a session', 'bytes a session', 'counted as'], sizes),
      'With so many in the store, for sessions from all over it: wrk, one thread, 50 connections. "Engine": CPU of redis-server; SQLite works inside the server process. A GET writes nothing, unless it renews the session.',
      table(
        [
          'store',
          'method',
          'requests/s',
          'CPU µs',
          'requests/s and core',
          'engine CPU µs',
          'p50 ms',
          'p99 ms',
          'not 2xx',
        ],
        rates,
      ),
      `What follows, where each visitor comes ${MODEL.visitsAMonth} times in the 30 days that a session lives, makes ${MODEL.requestsAVisit} requests a visit (the client asks once in five minutes at most), and the peak is ${MODEL.peak} times the average:`,
      table(
        [
          'visitors',
          'store',
          'GB of sessions',
          'requests/s',
          'at the peak',
          'cores of servers at the peak',
          'cores of Redis',
        ],
        plans,
      ),
    ],
    page,
  )
})
