import { notifyManager } from '@tanstack/query-core'
import fc from 'fast-check'

/** How many schedules; `MODEL_RUNS=1000000` for a long run. */
export const RUNS = Number(process.env.MODEL_RUNS ?? 200)

/** What fast-check prints when it finds something, to see it again; with `MODEL_TRACE=1` it is told step by step. */
const { MODEL_SEED, MODEL_PATH, MODEL_TRACE } = process.env
export const replay = {
  ...(MODEL_SEED && { seed: Number(MODEL_SEED) }),
  ...(MODEL_PATH && { path: MODEL_PATH, endOnFailure: true }),
}
export const trace = MODEL_TRACE ? console.log : undefined

// Notifications on the real clock would make a schedule depend on the machine. TanStack Query 5.0.0, with which the
// component tests run, too, has no such setting.
if ('setScheduler' in notifyManager)
  notifyManager.setScheduler((callback) => void Promise.resolve().then(callback))

/** In what browsers and servers differ. */
export const conditions = fc.record({
  hasLocks: fc.boolean(),
  hasChannel: fc.boolean(),
  hearsAfterMs: fc.constantFrom(1, 40),
  create: fc.constantFrom('server', 'client'),
  isEchoing: fc.boolean(),
  unknown: fc.constantFrom('not-found', 'another'),
  createsOnAssociate: fc.boolean(),
  // What the app has chosen of the client.
  rotate: fc.constantFrom(undefined, 'on-sign-in'),
  eraseOnServer: fc.boolean(),
})

/** How the network delivers requests, in turn: one of these times each, and every tenth twice. */
export const deliveriesWithin = (...ms: number[]) =>
  fc.array(fc.record({ ms: fc.constantFrom(...ms), isTwice: fc.nat(9).map((number) => number === 0) }), {
    minLength: 1,
    maxLength: 5,
  })

/** Steps that concern the whole browser. */
export const one = <const Name extends string>(weight: number, ...names: Name[]) => ({
  weight,
  arbitrary: fc.record({ do: fc.constantFrom(...names) }),
})

/** Steps in one of the tabs. */
export const inTabOf =
  (tab: fc.Arbitrary<number>) =>
  <const Name extends string>(weight: number, ...names: Name[]) => ({
    weight,
    arbitrary: fc.record({ do: fc.constantFrom(...names), tab }),
  })
