import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, copyFileSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { afterAll, afterEach, beforeEach, vi } from 'vitest'

const here = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))
const BUILT = here('dist/cli.js')

/** What a process left behind. */
export interface Outcome {
  code: number | null
  stdout: string
  stderr: string
}

/** One line of the log of `serve`. */
interface LogLine extends Record<string, unknown> {
  time: string
  event: string
}

/** A `serve` that listens. */
export interface Serving {
  /** With the base path. */
  url: string
  port: number
  process: ChildProcess
  /** The log so far. */
  lines(): LogLine[]
  /** All that it wrote so far. */
  output(): string
  /** Sends a signal and waits for the end. */
  end(signal?: NodeJS.Signals): Promise<Outcome & { ms: number }>
}

/**
 * The real command line in processes of its own, each test in an empty folder: from `dist` where
 * `STOREFRONT_SESSION_DIST` is 1, else bundled from the sources.
 */
export function withCommandLine() {
  const cli = process.env.STOREFRONT_SESSION_DIST === '1' ? BUILT : bundleCommandLine()
  let folder = ''
  let children: ChildProcess[] = []

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'storefront-cli-'))
  })
  afterEach(async () => {
    for (const child of children) await ended(child, 'SIGKILL')
    children = []
    rmSync(folder, { recursive: true, force: true })
  })
  afterAll(() => {
    if (cli !== BUILT) rmSync(cli)
  })

  const start = (args: string[], env: Record<string, string> = {}, stdout: 'pipe' | number = 'pipe') => {
    const child = spawn(process.execPath, [cli, ...args], {
      cwd: folder,
      // Nothing of the surroundings may decide a test.
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', stdout, 'pipe'],
    })
    children.push(child)
    const written = { stdout: '', stderr: '' }
    child.stdout?.on('data', (chunk) => {
      written.stdout += chunk
    })
    child.stderr?.on('data', (chunk) => {
      written.stderr += chunk
    })
    return { child, written }
  }

  return {
    /** The empty folder that the processes of this test run in. */
    folder: () => folder,
    /** Runs it to its end. */
    run: async (args: string[], env?: Record<string, string>): Promise<Outcome> => {
      const { child, written } = start(args, env)
      const [code] = await once(child, 'close')
      return { code, ...written }
    },
    /** Runs it to its end, with a stdout whose reader has gone before the first word. */
    runUnread: async (args: string[]): Promise<Outcome> => {
      const { child, written } = start(args)
      child.stdout?.destroy()
      const [code] = await once(child, 'close')
      return { code, ...written }
    },
    /** Runs it to its end, with its stdout in a file. */
    runInto: async (file: string, args: string[]): Promise<Outcome> => {
      const stdout = openSync(file, 'w')
      try {
        const { child, written } = start(args, {}, stdout)
        const [code] = await once(child, 'close')
        return { code, ...written }
      } finally {
        closeSync(stdout)
      }
    },
    /** Runs `serve` on a free port, and resolves when it listens. */
    serve: async (args: string[], env?: Record<string, string>): Promise<Serving> => {
      const { child, written } = start(['serve', '--port', '0', ...args], env)
      // What stands behind the last line break is a line that has not arrived completely.
      const lines = () => written.stdout.split('\n').slice(0, -1).map(parseLine)
      const listening = () => lines().find(({ event }) => event === 'listening')
      await vi.waitUntil(() => listening() ?? child.exitCode !== null, { timeout: 20_000, interval: 10 })
      const url = listening()?.url
      if (typeof url !== 'string') throw new Error(`serve did not start: ${written.stderr}`)
      return {
        url,
        port: Number(new URL(url).port),
        process: child,
        lines,
        output: () => written.stdout + written.stderr,
        end: async (signal = 'SIGTERM') => {
          const start = performance.now()
          const code = await ended(child, signal)
          return { code, ms: performance.now() - start, ...written }
        },
      }
    },
  }
}

/** The command line in one file, bundled from the sources. */
export function bundleCommandLine(): string {
  if (!existsSync(here('node_modules'))) throw new Error('npm ci has not run')
  // Inside node_modules, so that it finds the packages of the stores as an installed one does.
  const cache = here('node_modules/.cache/storefront-session')
  const outfile = `${cache}/bundled/cli-${process.pid}-${performance.now()}.mjs`
  buildSync({
    entryPoints: [here('src/cli.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  })
  // Where the command looks for the version: one folder up, as from `dist`.
  copyFileSync(here('package.json'), `${cache}/package.json`)
  return outfile
}

/** Runs a script of Node in a folder to its end. */
export async function runNode(cwd: string, args: string[]): Promise<Outcome> {
  const child = spawn(process.execPath, args, { cwd, env: { PATH: process.env.PATH } })
  const written = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    written.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    written.stderr += chunk
  })
  const [code] = await once(child, 'close')
  return { code, ...written }
}

/** Every line of the log must be an object: a line that is not fails the test here. */
function parseLine(line: string): LogLine {
  const parsed: unknown = JSON.parse(line)
  if (typeof parsed !== 'object' || !parsed || !('event' in parsed) || !('time' in parsed))
    throw new Error(`not a line of the log: ${line}`)
  // The two fields that every line has were just looked for.
  return parsed as LogLine
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const closed = once(child, 'close')
  child.kill(signal)
  await closed
  return child.exitCode
}
