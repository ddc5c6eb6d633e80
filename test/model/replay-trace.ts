import './schedules.ts' // sets the scheduler of TanStack Query, so that a schedule is the same each time
import { brokenPromises } from './tabs-promises.ts'
import { createTabsRun } from './tabs-run.ts'
import type { Step } from './tabs-steps.ts'
import { type PlayableTrace, parseTrace, playableTrace } from './trace-steps.ts'

/** What came of one schedule. */
interface Outcome {
  /** What the tabs did, line by line. */
  log: string[]
  broken: string[]
}

/** The first schedule is the trace itself; the others shift its times, because a race may need other ones. */
const SCHEDULES = 40

/** The clock of the world begins here. */
const BEGIN = 1_000_000

/**
 * Plays a trace of the devtools in the simulated world, and schedules near it. `print` gets what the client does in the
 * first one that breaks a promise, or in the trace itself. Returns whether all promises hold.
 */
export async function replayTrace(text: string, print: (line: string) => void): Promise<boolean> {
  const playable = playableTrace(parseTrace(text))
  const outcomes: Outcome[] = []
  for (let index = 0; index < SCHEDULES; index++) outcomes.push(await play(shifted(playable, index)))
  const failed = outcomes.flatMap(({ broken }, index) => (broken.length ? index : []))
  const [told = 0] = failed

  for (const remark of playable.remarks) print(`Not played: ${remark}`)
  print(told === 0 ? 'The trace itself:' : `Schedule ${told} near the trace:`)
  for (const line of outcomes[told]?.log ?? []) print(`  ${line}`)
  for (const promise of outcomes[told]?.broken ?? []) print(`BROKEN: ${promise}`)
  print(
    failed.length
      ? `Promises break in ${failed.length} of ${SCHEDULES} schedules.`
      : `All promises of the model hold in ${SCHEDULES} schedules.`,
  )
  return failed.length === 0
}

async function play({ conditions, deliveries, steps }: PlayableTrace): Promise<Outcome> {
  const log: string[] = []
  const schedule = { moods: [true], reactions: [undefined] }
  const trace = (...what: unknown[]) => log.push(what.map(lineOf).filter(Boolean).join(' '))
  const run = createTabsRun({ conditions, durable: true, deliveries, schedule, trace })
  try {
    for (const step of steps) await run.take(step)
    await run.end()
    return { log, broken: brokenPromises({ run, conditions, durable: true, deliveries, steps }) }
  } catch (error) {
    return { log, broken: [error instanceof Error ? error.message : String(error)] }
  }
}

const lineOf = (value: unknown): string => {
  if (typeof value === 'number') return `${value - BEGIN} ms`
  if (value instanceof Headers) return JSON.stringify(Object.fromEntries(value))
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

const FACTORS = [1, 0, 0.3, 0.6, 1, 1.5, 3]

/** Other times, the same each time. Every second schedule also hears late of other tabs. */
function shifted(playable: PlayableTrace, index: number): PlayableTrace {
  if (index === 0) return playable
  let state = index
  const factor = () => {
    state = (state * 48_271) % 2_147_483_647
    return FACTORS[state % FACTORS.length] ?? 1
  }
  const stretch = (step: Step): Step =>
    step.do === 'pass' ? { do: 'pass', ms: Math.round(step.ms * factor()) } : step
  return {
    ...playable,
    conditions: { ...playable.conditions, hearsAfterMs: index % 2 ? 1 : 40 },
    deliveries: playable.deliveries.map(({ ms, isTwice }) => ({ ms: Math.round(ms * factor()), isTwice })),
    steps: playable.steps.map(stretch),
  }
}
