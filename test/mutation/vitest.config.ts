import { defineConfig } from 'vitest/config'
import base from '../../vite.config.ts'

/** The tests of the client, in one project, which is all that Stryker's runner knows; no others, for their time. */
export default defineConfig(async (environment) => {
  const { plugins = [], resolve = {} } = await base(environment)
  return {
    plugins,
    resolve,
    test: {
      // One page for all files: a new one for each is half of the time that a mutant takes.
      isolate: false,
      environment: 'jsdom',
      environmentOptions: { jsdom: { url: 'http://localhost:3000/' } },
      include: ['test/{core,model,wire,promises,faults,react}/*.test.{ts,tsx}'],
      exclude: ['test/promises/09-server-rendering.test.ts'],
    },
  }
})
