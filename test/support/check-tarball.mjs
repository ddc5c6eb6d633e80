// Checks what npm would publish of the built package: its size, that its maps lead to the right place in sources of
// the tarball, and that each source has a map that leads to it.
//
//   npm run build && node test/support/check-tarball.mjs
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'

const MAX_BYTES = 250_000
const root = new URL('../../', import.meta.url)
const [{ size, files }] = JSON.parse(
  // A shell, because npm is a script on Windows.
  execFileSync('npm pack --dry-run --json --ignore-scripts', {
    cwd: fileURLToPath(root),
    shell: true,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }),
)
const packed = new Set(files.map(({ path }) => path))
const { exports } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))

const faults = []
if (size > MAX_BYTES) faults.push(`The tarball has ${size} bytes; at most ${MAX_BYTES} are allowed.`)
for (const target of Object.values(exports).flatMap((entry) => Object.values(Object(entry))))
  if (typeof target === 'string' && target.startsWith('./dist') && !packed.has(posix.normalize(target)))
    faults.push(`package.json exports ${target}, which the tarball lacks. Run npm run build.`)
for (const path of [...packed].filter((path) => path.endsWith('.js'))) {
  const [, map] = /\/\/# sourceMappingURL=(\S+)/.exec(readFileSync(new URL(path, root), 'utf8')) ?? []
  if (map && !packed.has(posix.join(posix.dirname(path), map)))
    faults.push(`${path} names the map ${map}, which the tarball lacks.`)
}
const maps = [...packed].filter((path) => path.endsWith('.map'))
const mapped = new Set()
if (!maps.some((path) => path.endsWith('.d.ts.map'))) faults.push('The tarball has no declaration maps.')
for (const path of maps) {
  const { sources, sourcesContent } = JSON.parse(readFileSync(new URL(path, root), 'utf8'))
  if (sourcesContent) faults.push(`${path} repeats its sources in sourcesContent.`)
  for (const source of sources.map((name) => posix.join(posix.dirname(path), name))) {
    if (!packed.has(source)) faults.push(`${path} leads to ${source}, which the tarball lacks.`)
    mapped.add(source)
  }
}
/** Names that a declaration file exports, which "go to definition" does not find in the source. */
function lostNames(path) {
  const map = new SourceMap(JSON.parse(readFileSync(new URL(`${path}.map`, root), 'utf8')))
  const lines = readFileSync(new URL(path, root), 'utf8').split('\n')
  return lines.flatMap((line, number) => {
    const [whole, name] =
      /^export (?:declare )?(?:const|function|class|type|interface) (\w+)/.exec(line) ?? []
    if (!name) return []
    const { originalSource, originalLine } = map.findEntry(number, whole.length - name.length)
    const source = originalSource && new URL(originalSource, new URL(path, root))
    return source && readFileSync(source, 'utf8').split('\n')[originalLine]?.includes(name) ? [] : [name]
  })
}
for (const path of [...packed].filter((path) => path.endsWith('.d.ts')))
  for (const name of lostNames(path)) faults.push(`The declaration map of ${path} does not lead to ${name}.`)
for (const path of packed)
  if (/(?<!\.d)\.tsx?$/.test(path) && !mapped.has(path))
    faults.push(`The tarball has ${path}, to which no map leads.`)

console.log(
  faults.join('\n') ||
    `The tarball has ${size} bytes of ${MAX_BYTES}, and every map leads to a source in it.`,
)
if (faults.length) process.exitCode = 1
