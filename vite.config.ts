import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The public entries: `storefront-session/NAME` is `src/NAME.ts(x)`. */
const entries = {
  index: here('src/index.ts'),
  core: here('src/core.ts'),
  server: here('src/server.ts'),
  vite: here('src/vite.ts'),
  testing: here('src/testing.ts'),
  msw: here('src/msw.ts'),
  devtools: here('src/devtools.tsx'),
  'web-engagement': here('src/web-engagement.ts'),
  cli: here('src/cli.ts'),
}

/** Tests and the demo import the library by its public name; `.ci/run` points the names at `dist`. */
const built = process.env.STOREFRONT_SESSION_DIST === '1'
const alias = Object.entries(entries).map(([name, file]) => ({
  find: name === 'index' ? /^storefront-session$/ : new RegExp(`^storefront-session/${name}$`),
  replacement: built ? here(`dist/${name}.js`) : file,
}))

const manifest: { dependencies: object; peerDependencies: object } = JSON.parse(
  readFileSync(here('package.json'), 'utf8'),
)
const external = [
  /^node:/,
  ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).map(
    (name) => new RegExp(`^${name}(/|$)`),
  ),
]

const jsdom = {
  environment: 'jsdom',
  environmentOptions: { jsdom: { url: 'http://localhost:3000/' } },
}

/** Compiles `*.compiled.tsx` as a storefront does that uses React Compiler. */
const reactCompiler: Plugin = {
  name: 'react-compiler',
  enforce: 'pre',
  async transform(code, id) {
    if (!id.endsWith('.compiled.tsx')) return
    // Loaded here, because the demo and the build need no Babel.
    const { transformAsync } = await import('@babel/core')
    const compiled = await transformAsync(code, {
      filename: id,
      babelrc: false,
      configFile: false,
      sourceMaps: 'inline',
      parserOpts: { plugins: ['typescript', 'jsx'] },
      plugins: [['babel-plugin-react-compiler', { panicThreshold: 'all_errors' }]],
    })
    return compiled?.code ?? undefined
  },
}

/** Half of the tests wait for a timer or for another process at any time: one worker more than there are processors. */
const maxWorkers = availableParallelism() + 1

export default defineConfig(async ({ mode }): Promise<ViteUserConfig> => {
  if (mode === 'demo') {
    const { demoServer } = await import('./demo/server.ts')
    return {
      root: here('demo'),
      plugins: [react(), demoServer()],
      resolve: { alias },
      build: {
        outDir: here('demo/dist'),
        emptyOutDir: true,
        rolldownOptions: {
          input: ['index', 'probe', 'rendered'].map((name) => here(`demo/${name}.html`)),
        },
      },
    }
  }
  return {
    plugins: [react(), reactCompiler],
    resolve: { alias },
    build: {
      lib: { entry: entries, formats: ['es'] },
      target: 'es2022',
      minify: false,
      rolldownOptions: {
        external,
        // No comments that name the source of each module: its file does.
        experimental: { attachDebugInfo: 'none' },
        output: {
          entryFileNames: '[name].js',
          preserveModules: true,
          preserveModulesRoot: 'src',
          // Docstrings stand in the declarations.
          comments: { jsdoc: false },
        },
      },
    },
    test: {
      projects: [
        {
          extends: true,
          test: {
            name: 'unit',
            maxWorkers,
            include: ['test/**/*.test.ts'],
            exclude: ['test/browser/**', 'test/**/*.dom.test.ts', 'test/**/*.slow.test.ts'],
          },
        },
        {
          extends: true,
          test: {
            name: 'dom',
            include: ['test/**/*.test.tsx', 'test/**/*.dom.test.ts'],
            maxWorkers,
            // jsdom and React are loaded once for each worker, which halves the time; each file has a window of its own.
            isolate: false,
            ...jsdom,
          },
        },
        {
          extends: true,
          test: {
            name: 'slow',
            include: ['test/**/*.slow.test.ts'],
            exclude: ['test/package/**', 'test/docs/**'],
            testTimeout: 120_000,
            fileParallelism: false,
          },
        },
        {
          extends: true,
          test: {
            name: 'package',
            include: ['test/package/*.slow.test.ts'],
            globalSetup: ['test/support/find-browser.ts', 'test/support/pack-library.ts'],
            testTimeout: 240_000,
            hookTimeout: 240_000,
            // They wait for npm and for pages most of the time.
            maxWorkers: 2,
          },
        },
        {
          extends: true,
          test: {
            name: 'docs',
            include: ['test/docs/*.slow.test.ts'],
            globalSetup: ['test/support/find-browser.ts', 'test/support/pack-library.ts'],
            testTimeout: 240_000,
            hookTimeout: 480_000,
            // They wait for npm and for pages most of the time.
            maxWorkers: 2,
            // Examples that wait for their turn to be installed count, too.
            maxConcurrency: 10,
          },
        },
        {
          extends: true,
          test: {
            name: 'browser',
            include: ['test/browser/**/*.browser.test.ts'],
            globalSetup: ['test/support/find-browser.ts'],
            testTimeout: 60_000,
            hookTimeout: 120_000,
            fileParallelism: false,
          },
        },
        {
          extends: true,
          test: {
            name: 'engines',
            include: ['test/browser/**/*.engine.test.ts'],
            testTimeout: 60_000,
            hookTimeout: 120_000,
            fileParallelism: false,
          },
        },
      ],
    },
  }
})
