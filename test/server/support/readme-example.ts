import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const built = process.env.STOREFRONT_SESSION_DIST === '1'

/** The code of docs/server.md whose first line is a comment that begins with `title`. */
export function exampleOf(title: string): string {
  const readme = readFileSync(`${root}docs/server.md`, 'utf8')
  for (const [, code = ''] of readme.matchAll(/```js\n(.*?)```/gs))
    if (code.startsWith(`// ${title}`)) return code
  throw new Error(`docs/server.md shows nothing for ${title}`)
}

/**
 * An example of docs/server.md as a module: as it stands there, but for the port, and for the store, which is a
 * `memoryStore()`.
 */
export async function loadExample(title: string, port: number): Promise<Record<string, unknown>> {
  const store = `import { memoryStore as makeStore } from 'storefront-session/server'\nconst store = makeStore()\n`
  const code = exampleOf(title).replace('4000', `${port}`)
  // Inside node_modules, where it finds the frameworks.
  const folder = `${root}node_modules/.cache/storefront-session`
  const file = `${folder}/example-${process.pid}-${title.replace(/\W/g, '')}.mjs`
  mkdirSync(folder, { recursive: true })
  await build({
    stdin: { contents: /\{ store[ ,]/.test(code) ? store + code : code, resolveDir: root },
    alias: { 'storefront-session/server': `${root}${built ? 'dist/server.js' : 'src/server.ts'}` },
    outfile: file,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  })
  try {
    return await import(/* @vite-ignore */ createRequire(import.meta.url).resolve(file))
  } finally {
    rmSync(file)
  }
}
