// Plays a trace that the devtools exported in the simulated world of the models: `npm run replay trace.json`. With
// `--fault NAME` a fault of `fault-list.mjs` is put into the client first: would this trace have found it? Ends with 1
// where a promise does not hold.
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createServer } from 'vite'
import { FAULTS } from './fault-list.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))

const { values, positionals } = parseArgs({ allowPositionals: true, options: { fault: { type: 'string' } } })
const [path] = positionals
const fault = FAULTS.find(({ name }) => name === values.fault)
if (!path || (values.fault && !fault)) {
  console.error('Usage: npm run replay -- trace.json [--fault NAME]')
  console.error(`NAME is one of ${FAULTS.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}

/** Changes the sources as they are loaded; the files stay as they are. */
const plant = {
  name: 'plant-a-fault',
  enforce: 'pre',
  transform(code, id) {
    const changes = (fault?.changes ?? []).filter(({ file }) => id === resolve(root, file))
    return changes.reduce((text, { file, find, replace }) => {
      if (!text.includes(find)) throw new Error(`${fault?.name}: ${file} does not have this text:\n${find}`)
      return text.replace(find, () => replace)
    }, code)
  },
}

const text = readFileSync(path, 'utf8')
const server = await createServer({
  root,
  configFile: resolve(root, 'vite.config.ts'),
  cacheDir: resolve(dirname(fileURLToPath(import.meta.url)), '../../node_modules/.vite-replay'),
  appType: 'custom',
  logLevel: 'error',
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, hmr: false, watch: null, ws: false },
  plugins: [plant],
})
try {
  const { replayTrace } = await server.ssrLoadModule('/test/model/replay-trace.ts')
  process.exitCode = (await replayTrace(text, console.log)) ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
} finally {
  await server.close()
}
