// Finishes the declarations of `tsc -p src`. tsc keeps `./file.ts` in them; an installed package has `./file.js`.
// Declarations that no entry reaches, such as those of the command line, are removed.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, posix } from 'node:path'

const dist = new URL('../../dist/', import.meta.url)
const { exports } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const IMPORTS = /((?:from|import\()\s*['"])(\.{1,2}\/[^'"]+)\.tsx?(['"])/g

const reached = new Set()
function finish(name) {
  if (reached.has(name)) return
  reached.add(name)
  const file = new URL(name, dist)
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace(IMPORTS, '$1$2.js$3'))
  for (const [, , path] of text.matchAll(IMPORTS)) finish(posix.join(posix.dirname(name), `${path}.d.ts`))
}

for (const { types } of Object.values(exports)) if (types) finish(posix.relative('./dist', types))
for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
  const path = join('./', name).replaceAll('\\', '/')
  if (/\.d\.ts(\.map)?$/.test(path) && !reached.has(path.replace(/\.map$/, ''))) rmSync(new URL(path, dist))
}
