import { defineConfig } from 'vitest/config'
import { BaseSequencer } from 'vitest/node'
import base from '../../vite.config.ts'

/** The first failure decides: the model, which notices most, and then the quick ones. */
class QuickFirst extends BaseSequencer {
  override async sort(files: Parameters<BaseSequencer['sort']>[0]): ReturnType<BaseSequencer['sort']> {
    const quickFirst = (await super.sort(files)).reverse()
    const isModel = ({ moduleId }: { moduleId: string }) => Number(moduleId.includes('/model/'))
    return quickFirst.sort((one, other) => isModel(other) - isModel(one))
  }
}

const TESTS = {
  quick: {
    include: ['test/{core,model,wire}/*.test.ts', 'test/faults/options.test.ts'],
    // One looks into the source, which is another one here; one replaces modules, which others have loaded.
    exclude: ['test/core/*.dom.test.ts', 'test/core/cost.test.ts', 'test/model/replay.test.ts'],
  },
  page: {
    environment: 'jsdom',
    environmentOptions: { jsdom: { url: 'http://localhost:3000/' } },
    // Not once more what the quick round has run, some of which is about a server without a page.
    include: ['test/{promises,faults,react}/*.test.{ts,tsx}', 'test/core/*.dom.test.ts'],
    exclude: ['test/promises/09-server-rendering.test.ts'],
  },
  model: { include: ['test/model/tabs-model.test.ts'] },
}

/** One project, which is all that Stryker's runner knows. */
export default defineConfig(async (environment) => {
  const { plugins = [], resolve = {} } = await base(environment)
  return {
    plugins,
    resolve,
    test: {
      sequence: { sequencer: QuickFirst },
      // One page for all files: a new one for each is half of the time that a mutant takes.
      isolate: false,
      ...TESTS[process.env.MUTATION_TESTS as keyof typeof TESTS],
    },
  }
})
