import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createServer } from 'vite'

/** Starts the real demo on a free port with a database of its own. */
export async function startDemo() {
  const dataDir = await mkdtemp(join(tmpdir(), 'storefront-demo-'))
  process.env.DEMO_DATA_DIR = dataDir
  const server = await createServer({
    mode: 'demo',
    configFile: fileURLToPath(new URL('../../vite.config.ts', import.meta.url)),
    cacheDir: join(dataDir, 'vite'),
    logLevel: 'error',
    server: { port: 0, host: '127.0.0.1' },
  })
  await server.listen()
  const address = server.httpServer?.address()
  if (!address || typeof address === 'string') throw new Error('The demo has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    /** As if somebody had saved the file, by its path in the repository: the page gets the module anew. */
    save: (path: string) =>
      server.watcher.emit('change', fileURLToPath(new URL(`../../${path}`, import.meta.url))),
    close: async () => {
      await server.close()
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
