// A flood of requests from one address: how long do the others wait for their answers?
//
//   npm run bench:flood [-- --seconds=10 --connections=50 --write]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { goal, publish, table } from '../support/report.mjs'
import { at, median } from '../support/statistics.mjs'
import { benchmark, children, folder, load, page, setting } from './bench.mjs'

const seconds = setting('seconds', 10, 1)
const connections = setting('connections', 50)
const ROUNDS = setting('rounds', 5, 1)
/** Visitors, each with an address and a connection, and how many requests they make in a second, all together. */
const VISITORS = 20
const RATE = 200
const cli = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url))

async function startServer() {
  const flags = [
    '--port',
    '0',
    '--store',
    `sqlite:${join(folder, 'sessions.db')}`,
    '--quiet',
    '--host',
    '127.0.0.1',
  ]
  const limits = ['--limit-create', '60/1m', '--limit-use', '600/1m']
  const child = spawn(process.execPath, [cli, 'serve', ...flags, ...limits], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const [line] = await once(child.stdout, 'data')
  return new URL(/http:[^"]+/.exec(String(line))[0])
}

/** One visitor: answers how long one request takes, in milliseconds. Every other machine of the loopback has an address. */
function createVisitor(url, number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, localAddress: `127.0.0.${number + 2}` })
  const ask = async (method, path) => {
    const start = performance.now()
    const asked = request(new URL(path, url), { method, agent }).end()
    const [answer] = await once(asked, 'response')
    let text = ''
    for await (const chunk of answer) text += chunk
    if (answer.statusCode !== 200) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`)
    return { ms: performance.now() - start, session: JSON.parse(text).response }
  }
  let id
  return {
    /** A visitor makes a session at first, and uses it then. */
    async use() {
      const { ms, session } = id ? await ask('GET', `sessions/${id}`) : await ask('PUT', 'sessions/new')
      id = session.sessionId
      return ms
    },
    leave: () => agent.destroy(),
  }
}

/** All visitors at the same rate, whatever the answers take. Answers the waits. */
async function visit(visitors) {
  const waits = []
  const end = performance.now() + seconds * 1_000
  let due = performance.now()
  const asked = []
  for (let turn = 0; due < end; turn++) {
    due += 1_000 / RATE
    await new Promise((resolve) => setTimeout(resolve, due - performance.now()))
    asked.push(visitors[turn % VISITORS].use().then((ms) => waits.push(ms)))
  }
  await Promise.all(asked)
  return waits
}

await benchmark(async () => {
  const url = await startServer()
  const visitors = Array.from({ length: VISITORS }, (_, number) => createVisitor(url, number))
  for (const visitor of visitors) await visitor.use()
  const quiet = []
  const noisy = []
  let flood
  // Its CPU does not matter here.
  const flooded = { url: url.origin, use: async () => ({ cpu: 0 }) }
  for (let round = 0; round < ROUNDS; round++) {
    quiet.push(await visit(visitors))
    const flooding = load(flooded, { seconds: seconds + 1, connections })
    await new Promise((resolve) => setTimeout(resolve, 500))
    noisy.push(await visit(visitors))
    flood = await flooding
  }
  for (const { leave } of visitors) leave()
  const middle = (rounds, share) => median(rounds.map((waits) => at(waits, share)))
  const row = (name, rounds) => [name, middle(rounds, 0.5).toFixed(2), middle(rounds, 0.99).toFixed(2)]
  const factor = middle(noisy, 0.99) / middle(quiet, 0.99)
  if (!flood.failures) throw new Error('The flood was not limited')
  publish(
    'flood',
    [
      `\`storefront-session serve\` on SQLite with \`--limit-create 60/1m --limit-use 600/1m\`. ${VISITORS} visitors of other addresses make ${RATE} requests a second, all together. wrk floods it from one address over ${connections} connections: ${flood.rate.toFixed(0)} requests a second, of which 60 a minute are served. Medians of ${ROUNDS} rounds in turns.`,
      table(['the other visitors', 'p50 ms', 'p99 ms'], [row('quiet', quiet), row('in the flood', noisy)]),
      goal(
        `the p99 of the others in the flood is within 2 times of the quiet one: ${factor.toFixed(2)}`,
        factor <= 2,
      ),
    ],
    page,
  )
})
