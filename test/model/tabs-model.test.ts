import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isOverPace } from '../support/pace.ts'
import { catchUncaught } from '../support/uncaught.ts'
import { FIELDS } from './ledger.ts'
import { conditions, deliveriesWithin, RUNS, replay, trace } from './schedules.ts'
import { createTabsRun, TIMEOUT_MS } from './tabs-run.ts'
import { SLEEP, schedule } from './tabs-steps.ts'

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
        const { world, open } = run
        for (const step of steps) await run.take(step)

        await run.end()

        for (const tab of run.tabs) {
          // Whatever fails, no page hurries, and none names a session that it knows to be left.
          expect([tab.hurried, tab.unwanted, tab.late]).toEqual([[], [], []])
          expect(isOverPace(tab.requests, run.asks)).toBe(false)
        }
        expect([world.loops, world.server.crossed]).toEqual([[], []])
        // No id that was known before a sign-in reads anything after it.
        if (conditions.rotate) expect(world.server.fixed).toEqual([])

        const did = (...names: string[]) => steps.some((step) => names.includes(step.do))
        const isStorageFaulty = did('full', 'unreadable', 'promises')
        const hasSlept = did(...SLEEP) || run.hasReacted('disable', 'restart')
        const hasClosed = did('crash', 'leave', 'reload')
        if (!hasClosed) expect(run.unsettled()).toBe(0)

        for (const { key, tenant, ledger } of run.visits()) {
          const states = open.filter((page) => page.tenant === tenant).map(({ client }) => client.getState())
          const [id, ...others] = new Set(states.map(({ sessionId }) => sessionId))
          expect(others).toEqual([])
          expect(id).toEqual(expect.any(String))
          expect(world.storage.get(key)).toBe(id)
          for (const state of states) expect(state).toMatchObject({ error: null, isAssociating: false })

          const known = world.server.sessions.get(String(id))
          // With a full storage a tab that sleeps, or has no channel, can't hear of a sign-out; one that can't read its
          // storage takes what was removed for lost.
          // A tab that hears late of a forgetting may have made a session by then: for the first visit, or a lost one.
          const isPrompt = conditions.hearsAfterMs === 1 || !(did('forget') || run.hasReacted('forget'))
          const isHeard = isPrompt && (!hasSlept || (!isStorageFaulty && !run.isTraceless()))
          if (isHeard && !did('unreadable', 'promises') && (!did('full') || conditions.hasChannel))
            for (const value of Object.values(known ?? {})) expect([...ledger.left]).not.toContain(value)

          // A server that forgot after the last word, or storage that lost it with its only tab, is nobody's promise.
          if (!known || did('forgets', 'clear') || isStorageFaulty || (hasClosed && !durable)) continue
          // Without locks, or in the last words of a page, what two tabs say of one field may arrive in either order.
          // So may a request that was given up after its time, or whose answer the app kept to itself, and arrives
          // all the same; and what one tab says before it hears that another one has said it later, and had it sent.
          const isTimely = !steps.some((step) => step.do === 'latency' && step.ms > TIMEOUT_MS)
          const isOrdered =
            isTimely &&
            durable &&
            conditions.hasLocks &&
            conditions.hearsAfterMs === 1 &&
            !hasClosed &&
            !hasSlept &&
            !did('misbehave') &&
            !deliveries.some(({ isTwice }) => isTwice)
          const said = ledger.said()
          for (const field of FIELDS) {
            if (!said[field] || ledger.isEither(said[field]) || ledger.isEither(known[field])) continue
            if (isOrdered) expect(known[field]).toBe(said[field])
            else expect(ledger.spoken(field)).toContain(known[field])
          }
        }
      },
    ),
    { numRuns: RUNS, ...replay },
  )
}, 36_000_000)
