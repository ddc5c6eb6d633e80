// Requests a second of PUT /sessions/new for each store, compared with the same HTTP server that answers a constant.
// A second process measures p50 and p99.
//
//   npm run bench:server [-- --seconds=3 --rounds=5 --connections=50 --write]
//
// Needs wrk; with redis-server installed it measures Redis too (append-only file, everysec).
import { join } from 'node:path'
import { isQuick } from '../support/quick.mjs'
import { goal, publish, table } from '../support/report.mjs'
import { inTurns, median, spread } from '../support/statistics.mjs'
import { benchmark, folder, load, page, setting, startRedis, startSubject } from './bench.mjs'

const [seconds, rounds, connections] = [
  setting('seconds', 3, 1),
  setting('rounds', 5, 1),
  setting('connections', 50),
]
const GOALS = { memory: 0.85, sqlite: 0.5 }

await benchmark(async () => {
  const redis = await startRedis('--appendonly', 'yes')
  const kinds = [
    ['constant answer', 'constant'],
    ['constant answer, mounted as ours', 'mounted-constant'],
    ['our handler, a store that keeps nothing', 'nothing'],
    ['memory', 'memory'],
    ['sqlite', `sqlite:${join(folder, 'normal.db')}`],
    ['sqlite, synchronous full', `sqlite:${join(folder, 'full.db')}?full`],
    ...(redis ? [['redis', redis.url]] : []),
  ]
  const subjects = []
  for (const [name, kind] of kinds) subjects.push({ name, ...(await startSubject(kind)) })

  const parts = []
  const met = []
  const loads = [
    ['with a customer id and a JSON body', 'ids.lua'],
    ['without either', 'bare.lua'],
  ]
  for (const [what, script] of loads.slice(0, isQuick ? 1 : undefined)) {
    if (!isQuick) for (const subject of subjects) await load(subject, { seconds: 1, connections, script })
    const results = await inTurns(subjects, rounds, (subject) =>
      load(subject, { seconds, connections, script }),
    )
    const [constant] = results.values()
    const mid = (runs, field) => median(runs.map((run) => run[field]))
    const rows = [...results].map(([{ name }, runs]) => {
      // Each round is compared with the constant of the same round, which ran under the same load.
      const share = median(runs.map(({ rate }, round) => rate / constant[round].rate))
      const cpuShare = mid(constant, 'cpuUs') / mid(runs, 'cpuUs')
      if (GOALS[name])
        met.push(
          goal(
            `${name}, ${what}: at least ${GOALS[name]} of the constant: ${share.toFixed(2)} by requests, ${cpuShare.toFixed(2)} by CPU`,
            share >= GOALS[name],
          ),
        )
      const rates = spread(
        runs.map(({ rate }) => rate),
        0,
      )
      const failures = runs.reduce((sum, run) => sum + run.failures, 0)
      return [
        name,
        rates,
        share.toFixed(2),
        mid(runs, 'cpuUs').toFixed(1),
        Math.round(1e6 / mid(runs, 'cpuUs')),
        cpuShare.toFixed(2),
        mid(runs, 'p50').toFixed(2),
        mid(runs, 'p99').toFixed(2),
        failures,
      ]
    })
    parts.push(
      `\`PUT /sessions/new\` ${what}:`,
      table(
        [
          'store',
          'requests/s',
          'of constant',
          'CPU µs',
          'requests/s and core',
          'of constant',
          'p50 ms',
          'p99 ms',
          'not 2xx',
        ],
        rows,
      ),
    )
  }
  publish(
    'requests',
    [
      `wrk, one thread, ${connections} connections, medians of ${rounds} rounds of ${seconds} s in turns. Held equal: Node's HTTP server, the connections, the request, reading its body, number and names of the headers of the answer, the length of its body (the ids of SQLite are eight characters longer). The CPU time is that of the server process, with kernel and garbage collector. wrk and Redis are other processes.`,
      ...parts,
      met.join('\n'),
    ],
    page,
  )
  redis?.client.disconnect()
})
