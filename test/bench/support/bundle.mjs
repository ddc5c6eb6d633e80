// Bundles for the browser as a production build does. Our code is the built package (`npm run build`), imported by its
// public name. All other packages come from the folder of the peers, so that all share one React and one TanStack Query.
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'
import { installPeers } from './peers.mjs'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const FRAMEWORK = ['react', 'react-dom', 'react/jsx-runtime', 'react-dom/client']
const QUERY = ['@tanstack/query-core', '@tanstack/react-query']

const publicNames = {
  name: 'public-names',
  setup({ onResolve, resolve }) {
    const peers = installPeers()
    onResolve({ filter: /^[^./]/ }, async ({ path, kind, importer, pluginData }) => {
      if (pluginData === 'here' || kind === 'entry-point') return
      const isOurs = path.startsWith('storefront-session')
      if (!isOurs && importer.startsWith(peers)) return
      return await resolve(path, { kind, resolveDir: isOurs ? root : peers, pluginData: 'here' })
    })
  },
}

/**
 * Bundles `source`, a module's text, or the file that it names.
 *
 * @param without packages to leave out: 'framework' (React), 'query' (TanStack Query)
 */
export async function bundle(source, options) {
  return (await bundleWithFiles(source, options)).text
}

/** The same, with its exports and with the names of the files that contribute code to the bundle. */
export async function bundleWithFiles(source, { without = [], format = 'esm', ...options } = {}) {
  const { outputFiles, metafile } = await build({
    ...(source.includes('\n') || source.includes(' ')
      ? { stdin: { contents: source, resolveDir: root, loader: 'jsx', sourcefile: 'bench.jsx' } }
      : { entryPoints: [source] }),
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format,
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
    external: [
      // Packages of test kits and servers, which no storefront contains.
      ...['msw', 'vite', 'node:*', 'ioredis', 'libsql'],
      ...(without.includes('framework') ? FRAMEWORK : []),
      ...(without.includes('query') ? QUERY : []),
    ],
    plugins: [publicNames],
    ...options,
  })
  const [output] = Object.values(metafile.outputs)
  const inputs = Object.entries(output.inputs)
  return {
    text: outputFiles[0].text,
    exports: output.exports,
    files: new Set(inputs.filter(([, { bytesInOutput }]) => bytesInOutput).map(([name]) => name)),
  }
}

export const brotli = (text) => brotliCompressSync(text).length
