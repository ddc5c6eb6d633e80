// tsc keeps `./file.ts` in declarations; those who install the package have `./file.js` and `./file.d.ts`.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const dist = new URL('../../dist/', import.meta.url)
for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.d.ts')) continue
  const file = new URL(join('./', name).replaceAll('\\', '/'), dist)
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(/((?:from|import\()\s*['"]\.{1,2}\/[^'"]+)\.tsx?(['"])/g, '$1.js$2'),
  )
}
