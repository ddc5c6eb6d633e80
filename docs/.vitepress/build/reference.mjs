// Writes docs/reference/api from the docstrings of the public entries: one page for each entry of package.json.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const root = here('../../../')
const out = here('../../reference/api/')

const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
/** `{ index: 'storefront-session', core: 'storefront-session/core', … }` */
const entries = Object.fromEntries(
  Object.keys(manifest.exports)
    .filter((name) => !name.endsWith('.json'))
    .map((name) => [name === '.' ? 'index' : name.slice(2), manifest.name + name.slice(1)]),
)
const fileOf = (entry) =>
  [`src/${entry}.ts`, `src/${entry}.tsx`].find((path) => existsSync(root + path)) ?? `src/${entry}.ts`

rmSync(out, { recursive: true, force: true })
const { status } = spawnSync(
  process.execPath,
  [
    '--import',
    here('typescript-6.mjs'),
    `${root}node_modules/typedoc/bin/typedoc`,
    '--options',
    here('typedoc.json'),
    '--out',
    out,
    ...Object.keys(entries).flatMap((entry) => ['--entryPoints', fileOf(entry)]),
  ],
  { cwd: root, stdio: 'inherit' },
)
if (status !== 0) throw new Error(`TypeDoc ended with ${status}`)

// TypeDoc names a page by its file; readers know the entry by what they import.
for (const file of readdirSync(out)) {
  const page = readFileSync(out + file, 'utf8')
  const entry = entries[file.replace(/\.md$/, '')]
  const named = entry
    ? page.replace(/^# .*$/m, `# ${entry}`)
    : page.replace(/\[([^\]]*)\]\(([\w-]+)\.md\)/g, (link, _, name) =>
        entries[name] ? `[${entries[name]}](./${name}.md)` : link,
      )
  writeFileSync(out + file, named.replaceAll('__namedParameters', 'options'))
}
