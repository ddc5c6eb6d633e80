// Checks what npm would publish of the built package: its size, and that its maps lead to sources in the tarball.
//
//   npm run build && node test/support/check-tarball.mjs
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'

const MAX_BYTES = 340_000
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
const maps = [...packed].filter((path) => path.endsWith('.map'))
if (!maps.some((path) => path.endsWith('.d.ts.map'))) faults.push('The tarball has no declaration maps.')
for (const path of maps) {
  const { sources, sourcesContent } = JSON.parse(readFileSync(new URL(path, root), 'utf8'))
  if (sourcesContent) faults.push(`${path} repeats its sources in sourcesContent.`)
  for (const source of sources)
    if (!packed.has(posix.join(posix.dirname(path), source)))
      faults.push(`${path} leads to ${source}, which the tarball lacks.`)
}

console.log(
  faults.join('\n') ||
    `The tarball has ${size} bytes of ${MAX_BYTES}, and every map leads to a source in it.`,
)
if (faults.length) process.exitCode = 1
