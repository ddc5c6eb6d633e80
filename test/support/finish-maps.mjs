// Finishes the maps of a build, so that the tarball has each source once, and only sources that a map leads to. A shop
// minifies what it sends to browsers, and needs maps of it. The server, the command line and the test kits run as they
// are published, unminified: they have declaration maps only. Sources are copied into dist/src.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

const RUNS_AS_PUBLISHED = /^(cli|server|vite|testing|msw)(\/.*)?\.js$/
const COMMENT = /\n?\/\/# sourceMappingURL=\S+\s*$/

const root = fileURLToPath(new URL('../../', import.meta.url))
const dist = join(root, 'dist')
const read = (name) => readFileSync(join(dist, name), 'utf8')
const filesOf = () =>
  readdirSync(dist, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'))

for (const name of filesOf().filter((file) => RUNS_AS_PUBLISHED.test(file))) {
  writeFileSync(join(dist, name), read(name).replace(COMMENT, '\n'))
  rmSync(join(dist, `${name}.map`), { force: true })
}
for (const name of filesOf().filter((file) => file.endsWith('.map'))) {
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
