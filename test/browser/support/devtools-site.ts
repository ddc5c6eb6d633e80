import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { ApiServer } from '../../support/api-server.ts'
import { html } from '../../support/tab-page.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const source = (file: string) => JSON.stringify(`${root}src/${file}`)

/** A small shop with the devtools; their props are the page's query. */
const APP = `
  import { createRoot } from 'react-dom/client'
  import { SessionProvider, createSessionClient } from ${source('index.ts')}
  import { SessionDevtools, sessionDevtoolsPlugin } from ${source('devtools.tsx')}
  import { TanStackDevtools } from '@tanstack/react-devtools'
  const { nonce = undefined, host, ...props } = Object.fromEntries(new URLSearchParams(location.search))
  window.client = createSessionClient({ baseUrl: '/gks-server/v1' })
  createRoot(document.getElementById('root')).render(
    <SessionProvider client={window.client}>
      <main><h1>The shop</h1></main>
      {host === 'tanstack' ? (
        <TanStackDevtools plugins={[{ ...sessionDevtoolsPlugin(), defaultOpen: true }]} config={{ defaultOpen: true, theme: 'dark' }} />
      ) : (
        <SessionDevtools initialIsOpen nonce={nonce} {...props} />
      )}
    </SessionProvider>,
  )
`

/** Styles without this nonce do nothing here. */
export const NONCE = 'b1Xy'
const POLICY = `default-src 'self'; style-src 'nonce-${NONCE}'`

/** Serves the shop below the API's origin, once as it is (\`/shop\`) and once under a strict policy (\`/strict\`). */
export async function serveDevtools(api: ApiServer): Promise<void> {
  const { outputFiles } = await build({
    stdin: { contents: APP, resolveDir: root, loader: 'tsx' },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    conditions: ['development'],
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"development"' },
  })
  const script = outputFiles[0]?.text
  const shop =
    '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>The shop</title><body><div id="root"></div><script type="module" src="/shop.js"></script>'
  const pages: Record<string, () => Response> = {
    '/shop': () => html(shop),
    '/dark': () => html(shop.replace('<meta', '<meta name="color-scheme" content="dark"><meta')),
    '/strict': () => {
      const page = html(shop)
      page.headers.set('content-security-policy', POLICY)
      return page
    },
    '/shop.js': () => new Response(script, { headers: { 'content-type': 'text/javascript' } }),
  }
  api.pages = (path) => pages[path]?.()
}
