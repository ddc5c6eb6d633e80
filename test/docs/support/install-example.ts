import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from '../../package/support.ts'

const examples = fileURLToPath(new URL('../../../docs/examples/', import.meta.url))

/** Copies one of docs/examples into a scratch folder and installs it with the packed library. Returns its folder. */
export async function installExample(name: string, scratch: string, tarball: string): Promise<string> {
  const folder = join(scratch, name)
  // What a developer's own try has left there is no part of the example.
  const isSource = (path: string) =>
    !/[\\/](node_modules|dist|build|\.next|\.astro|\.react-router)([\\/]|$)/.test(path.slice(examples.length))
  cpSync(join(examples, name), folder, { recursive: true, filter: isSource })
  const file = join(folder, 'package.json')
  const manifest = JSON.parse(readFileSync(file, 'utf8'))
  manifest.dependencies['storefront-session'] = `file:${tarball}`
  writeFileSync(file, JSON.stringify(manifest))
  // The peers of a peer (Next.js for an auth library) are not what the example is about.
  await run(folder, 'npm install --no-audit --no-fund --ignore-scripts --legacy-peer-deps')
  return folder
}

/** The names of the examples. */
export const exampleNames = (): string[] =>
  readdirSync(examples, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
