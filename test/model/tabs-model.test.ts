import fc from 'fast-check'
import { expect, test } from 'vitest'
import { catchUncaught } from '../support/uncaught.ts'
import { conditions, deliveriesWithin, RUNS, replay, trace } from './schedules.ts'
import { brokenPromises } from './tabs-promises.ts'
import { createTabsRun } from './tabs-run.ts'
import { schedule } from './tabs-steps.ts'

test('F16-F18, F25, F26, F32, F33, F41, F47, F52, F59, F60, F179, F182-F184: whatever tabs, network, server and the code of the app do: one id when all is quiet, nothing accepted is lost, and no page asks without a pause', async () => {
  catchUncaught()
  await fc.assert(
    fc.asyncProperty(
      conditions,
      fc.nat(3).map((number) => number > 0),
      deliveriesWithin(2, 10, 10, 10, 50, 300, 2_000),
      schedule,
      async (conditions, durable, deliveries, schedule) => {
        const { steps } = schedule
        const run = createTabsRun({ conditions, durable, deliveries, schedule, trace })
        for (const step of steps) await run.take(step)

        await run.end()

        expect(brokenPromises({ run, conditions, durable, deliveries, steps })).toEqual([])
      },
    ),
    { numRuns: RUNS, ...replay },
  )
}, 36_000_000)
