import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Trace, TraceNote } from '../../src/devtools/trace.ts'
import { FAULTS } from './fault-list.mjs'
import { replayTrace } from './replay-trace.ts'
import { parseTrace, playableTrace } from './trace-steps.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
/** One tab signs out while another one associates ids. */
const RACE = here('traces/sign-out-during-association.json')

const npmRunReplay = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [here('replay.mjs'), ...args], {
    encoding: 'utf8',
    // As a person runs it: vitest's own settings are not meant for it.
    env: { ...process.env, NODE_ENV: 'development', VITEST: '' },
  })
  return { status, lines: stdout.trim().split('\n'), stderr }
}

const traceOf = (...tabs: Partial<TraceNote>[][]): Trace => ({
  format: 'storefront-session trace',
  version: 1,
  conditions: { hasLocks: true, hasChannel: true, persistence: 'local' },
  stored: [],
  tabs: tabs.map((notes, index) => ({
    name: `tab ${index + 1}`,
    status: 'ready',
    session: 'session 1',
    notes: notes as TraceNote[], // each test gives the fields that count
  })),
})
const stepsOf = (...tabs: Partial<TraceNote>[][]) =>
  playableTrace(traceOf(...tabs))
    .steps.filter((step) => step.do !== 'pass')
    .map((step) =>
      Object.values(step)
        .flat()
        .filter((value) => value !== undefined)
        .join(' '),
    )

test('with the client as it is, the promises hold in a trace and in the schedules near it', () => {
  const { status, lines } = npmRunReplay(RACE)
  expect(lines).toContain('All promises of the model hold in 40 schedules.')
  expect(lines.filter((line) => line.includes('PUT /api/sessions/new'))).toHaveLength(2)
  expect(status).toBe(0)
}, 60_000)

test('a race that is put into the client by hand is found again by the trace', () => {
  const { status, lines } = npmRunReplay(RACE, '--fault', 'answer-after-reset')
  expect(lines).toContain('BROKEN: the session has an id that was signed out: customerId-1')
  expect(lines.at(-1)).toMatch(/^Promises break in \d+ of 40 schedules\.$/)
  expect(status).toBe(1)
}, 60_000)

test.each(FAULTS)('the fault $name has its place in the client', ({ changes }) => {
  for (const { file, find } of changes)
    expect(readFileSync(here(`../../${file}`), 'utf8').split(find), file).toHaveLength(2)
})

test.each([[], ['/nowhere/at-all.json'], [RACE, '--fault', 'no-such-fault'], [here('../../package.json')]])(
  'npm run replay says what is wrong with %j',
  (...args) => {
    const { status, stderr } = npmRunReplay(...args)
    expect(stderr).toMatch(/Usage: npm run replay|ENOENT|is not a trace/)
    expect(status).not.toBe(0)
  },
  60_000,
)

test('two replays of one trace do the same', async () => {
  const text = readFileSync(RACE, 'utf8')
  const [one, other]: string[][] = [[], []]
  await replayTrace(text, (line) => one?.push(line))
  await replayTrace(text, (line) => other?.push(line))
  expect(one).toEqual(other)
}, 30_000)

test('requests and associations of each tab become steps in the order of time', () => {
  expect(
    stepsOf(
      [
        { type: 'called', method: 'PUT', at: 30, ms: 30 },
        { type: 'created', at: 31, session: 'session 1' },
        { type: 'called', method: 'POST', at: 500, ms: 100 },
        { type: 'associated', at: 501, fields: ['visitId', 'of-another-version'] },
      ],
      [
        { type: 'restored', at: 60 },
        { type: 'attached', at: 450, method: 'GET', path: '/api/cart' },
      ],
    ),
  ).toEqual(['open', 'open', 'associate 0 visitId', 'shop 1'])
})

test('a run of failed calls is one outage, and what it held up was asked for before', () => {
  expect(
    stepsOf([
      { type: 'called', method: 'PUT', at: 30, ms: 30 },
      { type: 'created', at: 31 },
      { type: 'called', method: 'POST', at: 500, ms: 100, code: 'http' },
      { type: 'called', method: 'POST', at: 2_000, ms: 100, code: 'network' },
      { type: 'called', method: 'POST', at: 4_000, ms: 100 },
      { type: 'associated', at: 4_001, fields: ['visitId'] },
    ]),
  ).toEqual(['open', 'associate 0 visitId', 'down', 'up'])
})

test('a sign-out that all tabs tell of is one step, in the tab that told it first', () => {
  const left = { type: 'reset', session: 'session 1' }
  expect(stepsOf([{ ...left, at: 110 }], [{ ...left, at: 100 }])).toEqual(['open', 'open', 'reset 0'])
})

test('a lost session is a server that forgets, before the request that finds it out', () => {
  expect(
    stepsOf([
      { type: 'restored', at: 1, session: 'session 1' },
      { type: 'called', method: 'GET', at: 50, ms: 40, code: 'session-not-found' },
      { type: 'lost', at: 50, session: 'session 1' },
    ]),
  ).toEqual(['open', 'leave 0', 'open', 'forgets'])
})

test('consent that was withdrawn is given again where the trace goes on', () => {
  expect(
    stepsOf([
      { type: 'forgotten', at: 1, session: 'session 1' },
      { type: 'called', method: 'PUT', at: 900, ms: 10 },
    ]),
  ).toEqual(['open', 'forget 0', 'consent 0'])
})

test('a trace tells which options of the client made it', () => {
  const conditionsOf = (...notes: Partial<TraceNote>[]) => playableTrace(traceOf(notes)).conditions
  const created = { type: 'created', session: 'session 1', at: 10 }
  const put = { type: 'called', method: 'PUT', at: 9, ms: 5 }
  expect(conditionsOf(put, created)).toMatchObject({
    create: 'server',
    rotate: undefined,
    eraseOnServer: false,
  })
  expect(conditionsOf(put, created, { ...created, session: 'session 2', at: 20 })).toMatchObject({
    rotate: 'on-sign-in',
  })
  expect(conditionsOf({ ...put, method: 'POST' }, created)).toMatchObject({ create: 'client' })
  expect(conditionsOf(put, created, { type: 'called', method: 'DELETE', at: 20 })).toMatchObject({
    eraseOnServer: true,
  })
})

test('what is no trace is refused', () => {
  for (const text of ['{}', 'null', '{"format":"storefront-session trace","version":2,"tabs":[]}'])
    expect(() => parseTrace(text)).toThrow('not a trace')
})
