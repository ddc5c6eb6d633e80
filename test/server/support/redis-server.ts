import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'

/** A real redis-server on loopback. */
export interface RedisServer {
  port: number
  url: string
  process: ChildProcess
  /** Runs `redis-cli` against it and gives what it prints. */
  cli(...args: string[]): string
  /** Ends it the hard way, as a crash would. */
  kill(): Promise<void>
  /** Starts it again on the same port and files. */
  restart(): Promise<void>
  /** Ends it and removes its files. */
  remove(): Promise<void>
}

/** Whether the binary is there; tests that need it say so when it is not. */
export function hasRedisServer(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    console.warn('redis-server is not installed: the tests against a real Redis are left out')
    return false
  }
}

/** A TCP port that is free now. Below 55,536, because a cluster node also takes port + 10,000. */
export async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer()
    const port = await new Promise<number>((resolve) =>
      // A TCP server's address is always an object.
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
    )
    await new Promise((resolve) => server.close(resolve))
    if (port < 55_536) return port
  }
}

export async function startRedis(...options: string[]): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'redis-'))
  const port = await freePort()
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', folder, ...options]
  const cli = (...rest: string[]) =>
    execFileSync('redis-cli', ['-p', `${port}`, ...rest], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  const answers = () => {
    try {
      return cli('ping') === 'PONG'
    } catch {
      // Not up yet: redis-cli exits with an error.
      return false
    }
  }
  const start = async () => {
    const child = spawn('redis-server', args, { stdio: 'ignore' })
    await vi.waitUntil(answers, { timeout: 10_000, interval: 20 })
    return child
  }
  const end = (child: ChildProcess, signal: NodeJS.Signals) =>
    new Promise<void>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve()
      child.once('exit', () => resolve())
      child.kill(signal)
    })

  const server: RedisServer = {
    port,
    url: `redis://127.0.0.1:${port}`,
    process: await start(),
    cli,
    kill: () => end(server.process, 'SIGKILL'),
    restart: async () => {
      server.process = await start()
    },
    remove: async () => {
      await end(server.process, 'SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return server
}
