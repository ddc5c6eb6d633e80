import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

const source = (file: string) => fileURLToPath(new URL(`../src/${file}`, import.meta.url))

/** The bundle of this import, without the packages of the app. */
async function bundle(file: string, names = '*') {
  const { metafile, outputFiles } = await build({
    stdin: { contents: `export ${names} from ${JSON.stringify(source(file))}`, resolveDir: source('') },
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
    metafile: true,
    jsx: 'automatic',
    external: ['react', 'react/jsx-runtime', '@tanstack/*', 'msw', 'vite', 'libsql', 'ioredis', 'node:*'],
  })
  const [output] = Object.values(metafile.outputs)
  return {
    bytes: outputFiles[0]?.contents.length ?? 0,
    text: outputFiles[0]?.text ?? '',
    packages: [...new Set(output?.imports.map(({ path }) => path))].sort(),
    files: Object.entries(output?.inputs ?? {})
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([path]) => path.replace(/^.*src\//, '')),
  }
}

test.each([
  ['storefront-session/core', ['SessionError', 'cookieStorage', 'createSessionClient', 'isSessionError']],
  [
    'storefront-session',
    [
      'SessionError',
      'SessionProvider',
      'cookieStorage',
      'createSessionClient',
      'isSessionError',
      'useAssociate',
      'useSession',
      'useSessionClient',
      'useSessionFetch',
    ],
  ],
  [
    'storefront-session/server',
    [
      'createMetrics',
      'createSessionAdmin',
      'createSessionHandler',
      'createSessionReader',
      'memoryStore',
      'redisStore',
      'serve',
      'sqliteStore',
      'toNodeListener',
    ],
  ],
  ['storefront-session/vite', ['sessionApi']],
  ['storefront-session/testing', ['createTestSession']],
  ['storefront-session/msw', ['sessionApiHandlers']],
  ['storefront-session/devtools', ['SessionDevtools', 'SessionDevtoolsPanel', 'sessionDevtoolsPlugin']],
  ['storefront-session/web-engagement', ['readVisitIds']],
])('%s exports just what the contract names', async (entry, names) => {
  expect(Object.keys(await import(entry)).sort()).toEqual(names)
})

test('the devtools entry imports React and TanStack Query alone, and names no Node builtin', async () => {
  const { packages } = await bundle('devtools.tsx')
  expect(packages.filter((name) => !/^(@tanstack\/|react)/.test(name))).toEqual([])
})

test('the core imports no React', async () => {
  expect((await bundle('core.ts')).packages).toEqual(['@tanstack/query-core'])
})

test('an app that does not import cookieStorage does not carry it', async () => {
  const { files } = await bundle('core.ts', '{ createSessionClient }')
  expect(files).not.toContain('core/cookie-storage.ts')
})

test('the React entry imports neither server nor test kit nor devtools', async () => {
  const { files, packages } = await bundle('index.ts')
  expect(files.filter((file) => !/^(core|react|wire)\//.test(file))).toEqual([])
  expect(packages).toEqual(['@tanstack/query-core', '@tanstack/react-query', 'react', 'react/jsx-runtime'])
})

test('F195: the testing entry imports neither MSW nor the server, and needs no TextDecoder', async () => {
  const { files, packages, text } = await bundle('testing.ts')
  expect(files.filter((file) => /^(msw|server|cli)\b/.test(file))).toEqual([])
  expect(packages.filter((name) => !/^(@tanstack\/|react)/.test(name))).toEqual([])
  expect(text).not.toContain('TextDecoder')
})

test('the MSW entry imports no server, no React and no TanStack Query', async () => {
  const { files, packages } = await bundle('msw.ts')
  expect(files.filter((file) => !/^(msw|wire)\//.test(file))).toEqual([])
  expect(packages).toEqual(['msw'])
})

test('the Vite entry imports Vite for its types only', async () => {
  const { packages } = await bundle('vite.ts')
  expect(packages.filter((name) => !name.startsWith('node:'))).toEqual([])
})

test('the web engagement entry imports nothing', async () => {
  expect((await bundle('web-engagement.ts')).files).toEqual(['web-engagement.ts'])
})

test.each(['SessionProvider', 'useSession', 'useAssociate', 'useSessionFetch'])(
  'an app that does not import %s does not bundle it',
  async (name) => {
    const all = ['SessionProvider', 'useSession', 'useAssociate', 'useSessionFetch']
    const [whole, rest] = await Promise.all([
      bundle('index.ts', `{ ${all.join(', ')} }`),
      bundle('index.ts', `{ ${all.filter((other) => other !== name).join(', ')} }`),
    ])
    expect(rest.bytes).toBeLessThan(whole.bytes)
  },
)

test('an app that imports only SessionError bundles no client', async () => {
  expect((await bundle('core.ts', '{ SessionError }')).files).toEqual(['wire/session-error.ts'])
})
