import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { run } from './support.ts'

const storefront = fileURLToPath(new URL('storefront', import.meta.url))
const { devDependencies: now } = manifest

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'storefront-package-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const strict = (module: string, moduleResolution: string) => ({
  compilerOptions: {
    target: 'ES2022',
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    module,
    moduleResolution,
    jsx: 'react-jsx',
    types: ['node'],
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noPropertyAccessFromIndexSignature: true,
    verbatimModuleSyntax: true,
    // The types of the library are looked into, too.
    skipLibCheck: false,
  },
  include: ['*.ts', '*.tsx'],
})

/** types.slow.test.ts does the same with the newest of each. */
const OLD = { react: '18.3.1', types: '18.3.27', domTypes: '18.3.7', query: '5.0.0' }

test(`the packed library compiles and builds in a strict storefront with React ${OLD.react} and TanStack Query ${OLD.query}`, async () => {
  const app = join(folder, 'app')
  cpSync(storefront, app, { recursive: true })
  writeFileSync(join(app, 'index.html'), '<script type="module" src="/main.tsx"></script>')
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify(strict('ESNext', 'bundler')))
  writeFileSync(join(app, 'tsconfig.node.json'), JSON.stringify(strict('NodeNext', 'nodenext')))
  writeFileSync(
    join(app, 'package.json'),
    JSON.stringify({
      private: true,
      type: 'module',
      dependencies: {
        'storefront-session': `file:${inject('tarball')}`,
        '@tanstack/react-query': OLD.query,
        react: OLD.react,
        'react-dom': OLD.react,
      },
      devDependencies: {
        '@types/node': now['@types/node'],
        '@types/react': OLD.types,
        '@types/react-dom': OLD.domTypes,
        msw: now.msw,
        typescript: now.typescript,
        vite: now.vite,
      },
    }),
  )
  await run(app, 'npm install --no-audit --no-fund --ignore-scripts')
  expect(await run(app, 'npx tsc -p tsconfig.json')).toBe('')
  expect(await run(app, 'npx tsc -p tsconfig.node.json')).toBe('')
  expect(await run(app, 'npx vite build')).toContain('built in')
  // What runs on the server runs in plain Node.
  await run(app, 'npx tsc -p tsconfig.node.json --noEmit false --outDir out')
  expect((await run(app, 'node out/server.js')).trim()).toBe('200 true true')
})
