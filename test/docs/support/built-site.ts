import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from '../../package/support.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const BASE = '/storefront-session/'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

/** The docs site, as GitHub Pages would show it. */
export interface BuiltSite {
  /** Paths of the pages below the base, without `.html`. */
  pages: string[]
  urlOf(page: string): string
  /** Whether there is such a file, and what stands in it. */
  read(path: string): string | undefined
  close(): Promise<void>
}

/** Builds the site into a folder and serves it on a free port. */
export async function buildSite(folder: string): Promise<BuiltSite> {
  await run(root, 'node docs/.vitepress/build/reference.mjs')
  await run(root, 'npx vitepress build docs --outDir', folder)
  const files = new Set(
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/')),
  )
  const fileOf = (path: string) =>
    [path, `${path}.html`, `${path}index.html`].find((name) => extname(name) && files.has(name))
  const read = (path: string) => {
    const file = fileOf(path)
    return file === undefined ? undefined : readFileSync(join(folder, file), 'utf8')
  }

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://x')
    const file = pathname.startsWith(BASE) ? fileOf(decodeURI(pathname.slice(BASE.length))) : undefined
    if (file === undefined) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
    response.end(readFileSync(join(folder, file)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a TCP server's address is an object
  return {
    pages: [...files]
      .filter((file) => file.endsWith('.html') && file !== '404.html')
      .map((file) => file.replace(/(^|\/)index\.html$/, '$1').replace(/\.html$/, ''))
      .sort(),
    urlOf: (page) => `http://127.0.0.1:${port}${BASE}${page}`,
    read,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
