// Finishes the declaration maps of a build: copies each source to which one leads into dist/src, so that the tarball has
// no other source. The code has no maps: it is published unminified, one file for each source.
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const dist = join(root, 'dist')
const read = (name) => readFileSync(join(dist, name), 'utf8')
const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).map((name) =>
  name.replaceAll('\\', '/'),
)

for (const name of files.filter((file) => file.endsWith('.map'))) {
  const map = JSON.parse(read(name))
  const folder = posix.dirname(name)
  // `../../src/core/session.ts` becomes `../src/core/session.ts`.
  map.sources = map.sources.map((source) => {
    const path = posix.relative('..', posix.join(folder, source))
    cpSync(join(root, path), join(dist, path))
    return posix.relative(folder, path)
  })
  writeFileSync(join(dist, name), JSON.stringify(map))
}
