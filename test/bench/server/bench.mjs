// Shared by the benchmarks of the server: each server in a separate process, a Redis, and wrk as the load.
import { execFile, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import { amount } from '../support/quick.mjs'

export const here = (name) => fileURLToPath(new URL(name, import.meta.url))
export const page = here('README.md')
export const folder = mkdtempSync(join(tmpdir(), 'bench-'))
const REDIS_PORT = 16_379
export const children = []
/** Gives up after five seconds. */
const retryStrategy = (attempt) => (attempt > 50 ? null : 100)

/** Runs a benchmark. Ends the processes and removes the files that it has left. */
export async function benchmark(run) {
  // The benchmark before this one has removed it.
  mkdirSync(folder, { recursive: true })
  try {
    await run()
  } finally {
    for (const child of children.splice(0)) {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    }
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A Redis on loopback and its client. Says so and returns undefined if redis-server is not installed. */
export async function startRedis(...options) {
  const args = ['--port', `${REDIS_PORT}`, '--bind', '127.0.0.1', '--save', '', '--dir', folder, ...options]
  const child = spawn('redis-server', args, { stdio: 'ignore' })
  try {
    await once(child, 'spawn')
  } catch {
    console.error('redis-server is not installed: Redis is left out')
    return
  }
  children.push(child)
  const client = new Redis(REDIS_PORT, { enableAutoPipelining: true, retryStrategy })
  await client.ping()
  /** One number of `INFO`. */
  const info = async (name) =>
    Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(await client.info('everything'))?.[1])
  return { client, info, url: `redis://127.0.0.1:${REDIS_PORT}` }
}

/** Starts a server in a separate process. */
export async function startSubject(kind) {
  const child = fork(here('subject.mjs'), [kind], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    execArgv: ['--expose-gc'],
  })
  children.push(child)
  const [line] = await once(child.stdout, 'data')
  const use = async (what) => {
    child.send(what)
    const [answer] = await once(child, 'message')
    return answer
  }
  return { kind, url: `http://127.0.0.1:${Number(String(line))}`, use }
}

const toMs = (text = '') =>
  Number.parseFloat(text) * (text.endsWith('us') ? 0.001 : text.endsWith('ms') ? 1 : 1000)

/** Loads a subject from a second process. `cpuUs` is the CPU time of the server for one request. */
export async function load(subject, { seconds, connections = 50, method = 'PUT', script, env }) {
  const lua = ['-s', here(script ?? 'ids.lua')]
  const args = [
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    '--latency',
    ...lua,
    `${subject.url}/sessions/new`,
  ]
  const before = await subject.use('cpu')
  const { stdout } = await promisify(execFile)('wrk', args, {
    env: { ...process.env, METHOD: method, ...env },
  })
  const after = await subject.use('cpu')
  const requests = Number(/(\d+) requests in/.exec(stdout)?.[1])
  return {
    requests,
    rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
    cpuUs: (after.cpu - before.cpu) / requests,
    p50: toMs(/50%\s+(\S+)/.exec(stdout)?.[1]),
    p99: toMs(/99%\s+(\S+)/.exec(stdout)?.[1]),
    failures: Number(/Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1] ?? 0),
  }
}

/** Makes so many sessions, each with `ids(number)`. Returns some of their ids, spread over the whole store. */
export async function fill(store, sessions, ids, ttlMs) {
  const some = []
  let made = 0
  const worker = async () => {
    while (made < sessions) {
      const number = made++
      const { sessionId } = await store.create(ids(number), ttlMs)
      if (number % Math.ceil(sessions / 20_000) === 0) some.push(sessionId)
    }
  }
  await Promise.all(Array.from({ length: 500 }, worker))
  return some
}

/** The number of `--NAME=` on the command line, or the default of the benchmark. */
export function setting(name, full, quick = full) {
  const given = process.argv.find((argument) => argument.startsWith(`--${name}=`))
  return given ? Number(given.split('=')[1]) : amount(full, quick)
}
