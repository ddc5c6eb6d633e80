import { mkdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { codeBlocks, pagePaths } from '../../docs/support/markdown-pages.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const built = process.env.STOREFRONT_SESSION_DIST === '1'

/** The code of a page of the docs whose first line is a comment that begins with `title`. */
export function exampleOf(title: string): string {
  for (const { language, code } of pagePaths().flatMap(codeBlocks))
    if (language === 'js' && code.startsWith(`// ${title}`)) return code
  throw new Error(`The docs show nothing for ${title}`)
}

/**
 * An example of the docs as a module: as it stands there, but for the port, and for the store, which is a
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
