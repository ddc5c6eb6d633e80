import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { Http2SecureServer } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, createServer, preview } from 'vite'

const configFile = fileURLToPath(new URL('../../vite.config.ts', import.meta.url))

/** The demo, on a free port and with databases of its own. */
export interface Demo {
  url: string
  close(): Promise<void>
}

/** The demo as `npm run demo` starts it. */
export async function startDemo(): Promise<Demo & { save(path: string): boolean }> {
  const folder = await makeFolder()
  const server = await createServer({
    mode: 'demo',
    configFile,
    cacheDir: join(folder, 'vite'),
    logLevel: 'error',
    server: { port: 0, host: '127.0.0.1' },
  })
  await server.listen()
  return {
    url: addressOf(server.httpServer),
    /** As if somebody had saved the file, by its path in the repository: the page gets the module anew. */
    save: (path: string) =>
      server.watcher.emit('change', fileURLToPath(new URL(`../../${path}`, import.meta.url))),
    close: () => server.close().then(() => removeFolder(folder)),
  }
}

/** The production build of the demo, with the same server. */
export async function startBuiltDemo(): Promise<Demo & { folder: string }> {
  const folder = await makeFolder()
  const outDir = join(folder, 'dist')
  // A test runs in another mode than a build.
  const { NODE_ENV } = process.env
  process.env.NODE_ENV = 'production'
  const shared = { mode: 'demo', configFile, logLevel: 'error' } as const
  await build({ ...shared, build: { outDir } })
  const server = await preview({
    ...shared,
    build: { outDir },
    preview: { port: 0, host: '127.0.0.1' },
  })
  if (NODE_ENV === undefined) delete process.env.NODE_ENV
  else process.env.NODE_ENV = NODE_ENV
  return {
    url: addressOf(server.httpServer),
    folder: outDir,
    close: () => server.close().then(() => removeFolder(folder)),
  }
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'storefront-demo-'))
  process.env.DEMO_DATA_DIR = folder
  return folder
}

const removeFolder = (folder: string) => rm(folder, { recursive: true, force: true, maxRetries: 5 })

function addressOf(server: Server | Http2SecureServer | null): string {
  const address = server?.address()
  if (!address || typeof address === 'string') throw new Error('The demo has no port')
  return `http://127.0.0.1:${address.port}`
}
