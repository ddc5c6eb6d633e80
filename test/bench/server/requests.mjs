// Requests a second of PUT /sessions/new for each store, side by side with the same HTTP server that answers a
// constant; p50 and p99 as a second process sees them.
//
//   npm run build && node test/bench/server/requests.mjs [seconds=5] [rounds=3] [connections=50]
//
// Needs wrk; with redis-server installed it measures Redis too (append-only file, everysec).
import { execFileSync, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [seconds = 5, rounds = 3, connections = 50] = process.argv.slice(2).map(Number)
const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'bench-'))
const children = []

const kinds = [
  'constant',
  'memory',
  `sqlite:${join(folder, 'normal.db')}`,
  `sqlite:${join(folder, 'full.db')}?full`,
]
const redisPort = 16_379
try {
  const redis = [
    '--port',
    redisPort,
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'yes',
    '--dir',
    folder,
  ]
  const child = spawn('redis-server', redis.map(String), { stdio: 'ignore' })
  await once(child, 'spawn')
  children.push(child)
  kinds.push(`redis://127.0.0.1:${redisPort}`)
} catch {
  console.log('redis-server is not installed: Redis is left out')
}

const startSubject = async (kind) => {
  const child = fork(here('subject.mjs'), [kind], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  children.push(child)
  const [line] = await once(child.stdout, 'data')
  return { kind, port: Number(String(line)), rates: [], p50: [], p99: [], failures: 0 }
}

const toMs = (text = '') =>
  Number.parseFloat(text) * (text.endsWith('us') ? 0.001 : text.endsWith('ms') ? 1 : 1000)
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

const load = (subject, duration) => {
  const args = ['-t1', `-c${connections}`, `-d${duration}s`, '--latency', '-s', here('put.lua')]
  const output = execFileSync('wrk', [...args, `http://127.0.0.1:${subject.port}`], { encoding: 'utf8' })
  return {
    rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]),
    p50: toMs(/50%\s+(\S+)/.exec(output)?.[1]),
    p99: toMs(/99%\s+(\S+)/.exec(output)?.[1]),
    failures: Number(/Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1] ?? 0),
  }
}

try {
  const subjects = []
  for (const kind of kinds) subjects.push(await startSubject(kind))
  for (const subject of subjects) load(subject, 2)
  for (let round = 0; round < rounds; round++)
    for (const subject of subjects) {
      const { rate, p50, p99, failures } = load(subject, seconds)
      subject.rates.push(rate)
      subject.p50.push(p50)
      subject.p99.push(p99)
      subject.failures += failures
    }
  const constant = median([...subjects[0].rates])
  console.log(`PUT /sessions/new, ${connections} connections, median of ${rounds} rounds of ${seconds} s`)
  console.log('store           req/s   of constant   p50 ms   p99 ms   not 2xx   rounds')
  for (const { kind, rates, p50, p99, failures } of subjects) {
    const name = kind.replace(/:.*(\?full)?$/, (rest) => (rest.endsWith('?full') ? ' (full)' : ''))
    const rate = median([...rates])
    console.log(
      name.padEnd(14),
      rate.toFixed(0).padStart(6),
      (rate / constant).toFixed(2).padStart(12),
      median(p50).toFixed(2).padStart(9),
      median(p99).toFixed(2).padStart(8),
      String(failures).padStart(9),
      ' ',
      rates.map((value) => value.toFixed(0)).join(' '),
    )
  }
} finally {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
}
