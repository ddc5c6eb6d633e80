import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

const source = (file: string) => fileURLToPath(new URL(`../src/${file}`, import.meta.url))

/** What a bundler takes for this import, with the packages of the app left outside. */
async function bundle(file: string, names = '*') {
  const { metafile, outputFiles } = await build({
    stdin: { contents: `export ${names} from ${JSON.stringify(source(file))}`, resolveDir: source('') },
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
    metafile: true,
    jsx: 'automatic',
    external: ['react', 'react/jsx-runtime', '@tanstack/*', 'msw', 'libsql', 'ioredis', 'node:*'],
  })
  const [output] = Object.values(metafile.outputs)
  return {
    bytes: outputFiles[0]?.contents.length ?? 0,
    packages: [...new Set(output?.imports.map(({ path }) => path))].sort(),
    files: Object.entries(output?.inputs ?? {})
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([path]) => path.replace(/^.*src\//, '')),
  }
}

test.each([
  ['storefront-session/core', ['SessionError', 'createSessionClient']],
  [
    'storefront-session',
    [
      'SessionError',
      'SessionProvider',
      'createSessionClient',
      'useAssociate',
      'useSession',
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
  ['storefront-session/testing', ['createTestSession', 'sessionApiHandlers']],
  ['storefront-session/devtools', ['SessionDevtools']],
  ['storefront-session/web-engagement', ['readVisitIds']],
])('%s exports just what the contract names', async (entry, names) => {
  expect(Object.keys(await import(entry)).sort()).toEqual(names)
})

test('the core knows no React', async () => {
  expect((await bundle('core.ts')).packages).toEqual(['@tanstack/query-core'])
})

test('the React entry brings nothing of server, test kit or devtools along', async () => {
  const { files, packages } = await bundle('index.ts')
  expect(files.filter((file) => !/^(core|react|wire)\//.test(file))).toEqual([])
  expect(packages).toEqual(['@tanstack/query-core', '@tanstack/react-query', 'react', 'react/jsx-runtime'])
})

test('visit ids cost nothing but themselves', async () => {
  expect((await bundle('web-engagement.ts')).files).toEqual(['web-engagement.ts'])
})

test.each(['SessionProvider', 'useSession', 'useAssociate', 'useSessionFetch'])(
  'an app that does not import %s does not carry it',
  async (name) => {
    const all = ['SessionProvider', 'useSession', 'useAssociate', 'useSessionFetch']
    const [whole, rest] = await Promise.all([
      bundle('index.ts', `{ ${all.join(', ')} }`),
      bundle('index.ts', `{ ${all.filter((other) => other !== name).join(', ')} }`),
    ])
    expect(rest.bytes).toBeLessThan(whole.bytes)
  },
)

test('an error alone costs no client', async () => {
  expect((await bundle('core.ts', '{ SessionError }')).files).toEqual(['wire/session-error.ts'])
})
