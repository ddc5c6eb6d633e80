import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, inject, test, vi } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { asking, exerciseApi } from '../server/support/exercise-api.ts'
import { exampleOf } from '../server/support/readme-example.ts'
import { freePort } from '../server/support/redis-server.ts'
import { run } from './support.ts'

const NEXT = '16.4.6'
const { devDependencies: now } = manifest
const folder = mkdtempSync(join(tmpdir(), 'storefront-next-'))
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }))

test(`Next.js ${NEXT} builds the packed library, serves the mounting of the docs, and renders the hooks`, async () => {
  const app = join(folder, 'app')
  const route = join(app, 'app/gks-server/v1/[...path]')
  cpSync(fileURLToPath(new URL('next-storefront', import.meta.url)), app, { recursive: true })
  mkdirSync(route, { recursive: true })
  const store = "import { memoryStore } from 'storefront-session/server'\nconst store = memoryStore()\n"
  writeFileSync(join(route, 'route.js'), store + exampleOf('Next.js'))
  writeFileSync(
    join(app, 'package.json'),
    JSON.stringify({
      private: true,
      dependencies: {
        'storefront-session': `file:${inject('tarball')}`,
        '@tanstack/react-query': now['@tanstack/react-query'],
        next: NEXT,
        react: now.react,
        'react-dom': now['react-dom'],
      },
    }),
  )
  await run(app, 'npm install --no-audit --no-fund --ignore-scripts')
  await run(app, 'npx next build')

  const port = await freePort()
  const server = spawn('node', ['node_modules/next/dist/bin/next', 'start', '-p', `${port}`], {
    cwd: app,
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  })
  try {
    const page = async () => (await fetch(`http://127.0.0.1:${port}/`)).text()
    const html = await vi.waitUntil(() => page().catch(() => undefined), { timeout: 30_000, interval: 200 })
    expect(html).toContain('<h1>A storefront</h1><p>pending nobody</p>')
    await exerciseApi(asking(port))
  } finally {
    server.kill()
    await once(server, 'exit')
  }
})
