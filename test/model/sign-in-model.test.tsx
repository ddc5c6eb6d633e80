import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isOverPace } from '../support/pace.ts'
import { catchUncaught } from '../support/uncaught.ts'
import { conditions, deliveriesWithin, RUNS, replay, trace } from './schedules.ts'
import { createSignInRun } from './sign-in-run.tsx'
import { schedule } from './sign-in-steps.ts'

test('F17, F24, F177, F179, F182, F183, F185: whoever signs in and out in whatever tab, no session is ever two customers’, and in the end it is the right one’s', async () => {
  catchUncaught()
  await fc.assert(
    fc.asyncProperty(
      // Of a server that does not tell whose session it is nobody can know it.
      conditions.map((some) => ({ ...some, isEchoing: true })),
      deliveriesWithin(2, 10, 50, 300),
      schedule,
      async (conditions, deliveries, schedule) => {
        const run = createSignInRun({ conditions, deliveries, schedule, trace })
        const { world, open, tabs, asks } = run
        for (const step of schedule.steps) await run.take(step)

        await run.end()

        const ids = new Set(open.map(({ client }) => client.getState().sessionId))
        for (const page of [...open]) run.close(page, false)
        for (const [id, customers] of run.customersOf)
          expect([id, [...customers]]).toEqual([id, [expect.any(String)]])
        expect(ids.size).toBe(1)
        const [id] = ids
        const { customerId } = world.server.sessions.get(String(id)) ?? {}
        // Where the app itself leaves the session, saying the same customer again signs nobody in.
        const mayBeNobodys = run.hasReacted('reset', 'forget') && customerId === undefined
        // A page without consent keeps nothing and tells nobody, so a sign-out there ends in no other page.
        const isUnheard = run.wasUnheard(customerId)
        if (!mayBeNobodys && !isUnheard) expect(customerId).toBe(run.signedIn())

        // No id that was known before a sign-in reads anything after it.
        if (conditions.rotate) expect(world.server.fixed).toEqual([])
        expect(world.loops).toEqual([])
        for (const tab of tabs) {
          expect([tab.unwanted, tab.late]).toEqual([[], []])
          expect(isOverPace(tab.requests, asks)).toBe(false)
        }
      },
    ),
    { numRuns: RUNS, ...replay },
  )
}, 36_000_000)
