import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { vi } from 'vitest'
import { run } from '../../package/support.ts'
import { freePort } from '../../server/support/redis-server.ts'

/** How an example is built and served, as its quick start says it. */
export interface Example {
  name: string
  build: string
  /** Node's arguments; PORT stands for a free port. */
  serve: string[]
  /** Whether it answers /api/cart itself; the others are a shop's front alone. */
  hasCart: boolean
  /** Whether it has a route with a loader that waits for the session, at /cart. */
  loader?: boolean
  /** The page that the server renders with `initialSession`. */
  personal?: string
  /** Whether its API is a process of its own, at the port that vite.config.ts names. */
  hasOwnApi?: boolean
}

const PREVIEW = [
  'node_modules/vite/bin/vite.js',
  'preview',
  '--host',
  '127.0.0.1',
  '--port',
  'PORT',
  '--strictPort',
]

export const EXAMPLES: Example[] = [
  { name: 'vite', build: 'npm run build', serve: PREVIEW, hasCart: false },
  { name: 'react-18', build: 'npm run build', serve: PREVIEW, hasCart: false, hasOwnApi: true },
  {
    name: 'next',
    build: 'npm run build',
    serve: ['node_modules/next/dist/bin/next', 'start', '-H', '127.0.0.1', '-p', 'PORT'],
    hasCart: true,
    personal: 'account',
  },
  {
    name: 'react-router',
    build: 'npm run typecheck && npm run build',
    serve: ['node_modules/@react-router/serve/bin.cjs', 'build/server/index.js'],
    hasCart: true,
    loader: true,
  },
  { name: 'tanstack-router', build: 'npm run build', serve: PREVIEW, hasCart: false, loader: true },
  { name: 'astro', build: 'npm run build', serve: ['dist/server/entry.mjs'], hasCart: false },
]

/** Builds an installed example and serves it. Gives its address, and the function that ends all of it. */
export async function startExample(example: Example, folder: string) {
  const processes: ChildProcess[] = []
  const node = (args: string[], port: number) => {
    const child = spawn(
      process.execPath,
      args.map((arg) => (arg === 'PORT' ? `${port}` : arg)),
      {
        cwd: folder,
        stdio: 'ignore',
        env: {
          ...process.env,
          NODE_ENV: 'production',
          NEXT_TELEMETRY_DISABLED: '1',
          ASTRO_TELEMETRY_DISABLED: '1',
          HOST: '127.0.0.1',
          PORT: `${port}`,
        },
      },
    )
    processes.push(child)
  }
  const close = async () => {
    for (const child of processes) {
      if (child.exitCode !== null) continue
      child.kill()
      await once(child, 'exit')
    }
  }
  if (example.hasOwnApi) {
    const port = await freePort()
    const config = join(folder, 'vite.config.ts')
    writeFileSync(config, readFileSync(config, 'utf8').replace('4000', `${port}`))
    const cli = 'node_modules/storefront-session/dist/cli.js'
    node([cli, 'serve', '--port', 'PORT', '--store', 'memory', '--base-path', '/gks-server/v1'], port)
  }
  for (const line of example.build.split(' && ')) await run(folder, line)
  const port = await freePort()
  node(example.serve, port)
  const url = `http://127.0.0.1:${port}/`
  try {
    await vi.waitUntil(
      () =>
        fetch(url)
          .then(({ ok }) => ok)
          .catch(() => false),
      {
        timeout: 60_000,
        interval: 200,
      },
    )
  } catch (cause) {
    await close()
    throw new Error(`The example ${example.name} does not answer at ${url}`, { cause })
  }
  return { url, close }
}
