import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { run } from './support.ts'

const { devDependencies: now } = manifest
const TYPESCRIPTS = { '5.4': '5.4.5', '5.9': '5.9.3', '6': '6.0.3', '7': now.typescript }
const VITES = { '5': '5.4.21', '6': '6.4.6', '7': '7.3.8', '8': now.vite }
/** `moduleResolution` with the `module` that belongs to it. */
const RESOLUTIONS = { bundler: 'ESNext', node16: 'Node16', nodenext: 'NodeNext', node: 'ESNext' }
/** Entries that run in a browser must compile without the types of Node. */
const BROWSER = { types: [], files: ['main.tsx', 'component-test.tsx'] }
const NODE = { types: ['node'], files: ['server.ts', 'vite.config.ts'] }

const aliases = (name: string, versions: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(versions).map(([short, version]) => [`${name}-${short}`, `npm:${name}@${version}`]),
  )

let folder = ''
let app = ''
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'storefront-types-'))
  app = join(folder, 'app')
  cpSync(fileURLToPath(new URL('storefront', import.meta.url)), app, { recursive: true })
  writeFileSync(
    join(app, 'package.json'),
    JSON.stringify({
      private: true,
      type: 'module',
      dependencies: {
        'storefront-session': `file:${inject('tarball')}`,
        '@tanstack/react-query': now['@tanstack/react-query'],
        react: now.react,
        'react-dom': now['react-dom'],
      },
      devDependencies: {
        '@types/node': now['@types/node'],
        '@types/react': now['@types/react'],
        '@types/react-dom': now['@types/react-dom'],
        msw: now.msw,
        vite: now.vite,
        ...aliases('typescript', TYPESCRIPTS),
        ...aliases('vite', VITES),
      },
    }),
  )
  await run(app, 'npm install --no-audit --no-fund --ignore-scripts')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Writes the configuration of one strict consumer. Returns its name. */
function configure(
  typescript: keyof typeof TYPESCRIPTS,
  resolution: keyof typeof RESOLUTIONS,
  { types, files }: typeof NODE | typeof BROWSER,
  vite: keyof typeof VITES,
): string {
  const name = `typescript-${typescript}-${resolution}-${files[0]}-vite-${vite}`
  const compilerOptions = {
    target: 'ES2022',
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    module: RESOLUTIONS[resolution],
    moduleResolution: resolution,
    jsx: 'react-jsx',
    types,
    outDir: `out/${name}`,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noPropertyAccessFromIndexSignature: true,
    verbatimModuleSyntax: true,
    // The declarations of the library are checked, those of TypeScript are not.
    skipLibCheck: false,
    skipDefaultLibCheck: true,
    // TypeScript 6 deprecates `node`, TypeScript 7 removes it, and TypeScript 5 does not know this value.
    ...(typescript === '6' && { ignoreDeprecations: '6.0' }),
    paths: { vite: [`./node_modules/vite-${vite}/dist/node/index.d.ts`] },
  }
  writeFileSync(join(app, `${name}.json`), JSON.stringify({ compilerOptions, files }))
  return `${name}.json`
}

/**
 * What a version of TypeScript says of these configurations, compiled in one process. Errors inside the declarations of
 * other packages are left out: old versions of Vite do not compile in every strict mode.
 */
async function errorsOf(typescript: keyof typeof TYPESCRIPTS, ...configs: string[]): Promise<string[]> {
  try {
    await run(app, `node node_modules/typescript-${typescript}/bin/tsc -b --force`, ...configs)
    return []
  } catch (error) {
    const lines = String(error)
      .split('\n')
      .filter((line) => line.includes('error TS'))
    if (!lines.length) throw error
    return lines.filter((line) => !/^node_modules\/(?!storefront-session\/)/.test(line))
  }
}

const TYPESCRIPT = ['5.4', '5.9', '6', '7'] as const

test.each(TYPESCRIPT)(
  'F194: TypeScript %s resolves every browser entry under bundler, node16, nodenext and node, without the types of Node',
  async (typescript) => {
    const resolutions = [
      'bundler',
      'node16',
      'nodenext',
      ...(typescript === '7' ? [] : ['node' as const]),
    ] as const
    const configs = resolutions.map((resolution) => configure(typescript, resolution, BROWSER, '8'))
    expect(await errorsOf(typescript, ...configs)).toEqual([])
  },
)

test.each(TYPESCRIPT)(
  'F194: TypeScript %s resolves the entries for Node under nodenext and node',
  async (typescript) => {
    const configs = [configure(typescript, 'nodenext', NODE, '8')]
    // Of Vite, only version 5 has types for `node`.
    if (typescript !== '7') configs.push(configure(typescript, 'node', NODE, '5'))
    expect(await errorsOf(typescript, ...configs)).toEqual([])
  },
)

test('the packed library builds with Vite, and runs in plain Node', async () => {
  writeFileSync(join(app, 'index.html'), '<script type="module" src="/main.tsx"></script>')
  expect(await run(app, 'npx vite build')).toContain('built in')
  const config = configure('7', 'nodenext', NODE, '8')
  expect(await errorsOf('7', config)).toEqual([])
  expect(await run(app, `node out/${config.replace('.json', '')}/server.js`)).toBe('200 true true\n')
})

test('F194: the browser entries read no types of Node', async () => {
  const config = configure('7', 'bundler', BROWSER, '8')
  const files = await run(app, `node node_modules/typescript-7/bin/tsc --listFilesOnly -p ${config}`)
  expect(files).toContain('storefront-session/dist/testing.d.ts')
  expect(files).not.toContain('@types/node')
})

test.each(['5', '6', '7', '8'] as const)('sessionApi compiles with and runs in Vite %s', async (vite) => {
  expect(await errorsOf('7', configure('7', 'bundler', NODE, vite))).toEqual([])
  expect(await run(app, `node serve-with.js vite-${vite}`)).toBe(
    'development 200 200 closed 1\npreview 200 closed 1\n',
  )
})
