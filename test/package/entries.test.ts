import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }

/** The file of each entry in `src/`, without its extension; `cli` is the command line. */
const entries = readdirSync(fileURLToPath(new URL('../../src', import.meta.url)))
  .flatMap((file) => /^(.+)\.tsx?$/.exec(file)?.[1] ?? [])
  .filter((name) => name !== 'cli')
  .sort()

test('package.json exports each entry of src/, with its types', () => {
  const expected = entries.map((name) => [
    name === 'index' ? '.' : `./${name}`,
    { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
  ])
  expect(manifest.exports).toEqual({
    ...Object.fromEntries(expected),
    './openapi.json': './src/server/openapi.json',
    './package.json': './package.json',
  })
})

test('F194: package.json names the types of each entry for moduleResolution node, too', () => {
  const expected = entries.filter((name) => name !== 'index').map((name) => [name, [`./dist/${name}.d.ts`]])
  expect(manifest.typesVersions).toEqual({
    '*': { ...Object.fromEntries(expected), 'openapi.json': ['./src/server/openapi.json'] },
  })
  expect([manifest.main, manifest.types]).toEqual(['./dist/index.js', './dist/index.d.ts'])
})

test('package.json makes every peer but React and TanStack Query optional', () => {
  const needed = Object.keys(manifest.peerDependencies).filter(
    (name) => !Object.hasOwn(manifest.peerDependenciesMeta, name),
  )
  expect(needed).toEqual(['@tanstack/react-query', 'react'])
})
