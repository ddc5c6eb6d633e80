import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { ApiServer } from './api-server.ts'

const core = fileURLToPath(new URL('../../src/core.ts', import.meta.url))

/** Lets the API server serve a page that starts a client, from the same origin and thus the same storage. */
export async function serveTabPage(api: ApiServer): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { createSessionClient } from ${JSON.stringify(core)}
        window.events = []
        window.client = createSessionClient({ baseUrl: '/gks-server/v1', timeoutMs: 3000, onEvent: (event) => window.events.push(event) })
        window.client.start()`,
      resolveDir: fileURLToPath(new URL('../..', import.meta.url)),
    },
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
  })
  const script = outputFiles[0]?.text ?? ''
  api.fault = ({ path }) =>
    path === '/tab'
      ? new Response('<!doctype html><title>tab</title><script src="/tab.js"></script>', {
          headers: { 'content-type': 'text/html' },
        })
      : path === '/tab.js'
        ? new Response(script, { headers: { 'content-type': 'text/javascript' } })
        : undefined
  return `${api.origin}/tab`
}
