import type { AssociationField, SessionClientOptions } from 'storefront-session/core'
import type { Trace, TraceNote } from '../../src/devtools/trace.ts'
import { FIELDS } from './ledger.ts'
import type { Step } from './tabs-steps.ts'
import type { Conditions, Delivery } from './world.ts'

/** A trace of devtools as something that the simulated world can play. */
export interface PlayableTrace {
  conditions: Conditions & Pick<SessionClientOptions, 'create' | 'rotate' | 'eraseOnServer'>
  deliveries: Delivery[]
  /** The clock does not move by itself: `pass` steps stand between the others. */
  steps: Step[]
  /** What the world can't play. */
  remarks: string[]
}

/** So many tabs has the simulated browser. */
const MOST_TABS = 4
const BEFORE_MS = 2_000
const REVALIDATE_MS = 300_000
/** One loss that several tabs tell of. */
const SAME_LOSS_MS = 5_000
const MS = 10

interface Happening {
  at: number
  step: Step
}

/** @throws Error for anything else than a trace of this version */
export function parseTrace(text: string): Trace {
  const trace: Trace = JSON.parse(text)
  if (trace?.format !== 'storefront-session trace' || trace.version !== 1 || !Array.isArray(trace.tabs))
    throw new Error(
      'This is not a trace that the session devtools exported: "format" or "version" is another one',
    )
  return trace
}

/** The requests, answers and events of each tab, as steps in the order of time. */
export function playableTrace(trace: Trace): PlayableTrace {
  const remarks: string[] = []
  // A tab that tells nothing did nothing. Tabs open in the order of their first note.
  const lanes = trace.tabs
    .filter(({ notes }) => notes.length)
    .map(({ name, notes }) => ({ name, notes, opensAt: openTime(notes) }))
    .sort((one, other) => one.opensAt - other.opensAt)
  for (const { name } of lanes.splice(MOST_TABS))
    remarks.push(`${name} is left out: the world has ${MOST_TABS} tabs`)

  for (const { name, notes } of lanes)
    if (notes.some(({ type }) => type === 'association-failed'))
      remarks.push(`${name}: the ids that the API refused, for the world's server refuses none`)

  const happenings = lanes.flatMap(({ notes, opensAt }, tab): Happening[] => [
    { at: opensAt, step: { do: 'open', tenant: undefined } },
    ...tabHappenings(notes, tab),
  ])
  happenings.push(...outages(lanes.map(({ notes }) => notes)), ...departures(lanes), ...losses(lanes))
  happenings.sort((one, other) => one.at - other.at)

  const steps = seedSteps(lanes[0]?.notes)
  let clock = happenings[0]?.at ?? 0
  for (const { at, step } of happenings) {
    if (at > clock) steps.push({ do: 'pass', ms: at - clock })
    clock = Math.max(clock, at)
    steps.push(step)
  }
  const all = lanes.flatMap(({ notes }) => notes)
  const deliveries = all
    .filter(({ type }) => type === 'called' || type === 'attached')
    .sort((one, other) => sentAt(one) - sentAt(other))
    .map(({ ms = MS }) => ({ ms, isTwice: false }))
  return {
    conditions: {
      hasLocks: trace.conditions?.hasLocks !== false,
      hasChannel: trace.conditions?.hasChannel !== false,
      hearsAfterMs: 1,
      create:
        all.some(({ type, method }) => type === 'called' && method === 'PUT') || !all.some(isCreated)
          ? 'server'
          : 'client',
      rotate: lanes.some(({ notes }) => hasRotated(notes)) ? 'on-sign-in' : undefined,
      eraseOnServer: all.some(({ method }) => method === 'DELETE'),
      isEchoing: true,
      unknown: all.some(({ type }) => type === 'replaced') ? 'another' : 'not-found',
      createsOnAssociate: true,
    },
    deliveries: deliveries.length ? deliveries : [{ ms: MS, isTwice: false }],
    steps,
    remarks,
  }
}

/** Another session came, and nothing tells that the one before it was left or lost. */
const hasRotated = (notes: readonly TraceNote[]): boolean => {
  const told = notes.filter(({ type, session }) => session && !['attached', 'adopted'].includes(type))
  return told.some(({ type, session }, index) => {
    const before = told[index - 1]
    const isFollowUp = before && ['created', 'restored', 'associated'].includes(before.type)
    return type === 'created' && isFollowUp && before.session !== session
  })
}

const isCreated = ({ type }: TraceNote) => type === 'created'
const sentAt = ({ type, at, ms = 0 }: TraceNote) => (type === 'called' ? at - ms : at)
const beginOf = (note: TraceNote) => sentAt(note) - (note.type === 'called' ? (note.waitedMs ?? 0) : 0)

/** A lane that begins in mid-visit belongs to a tab that was open before. */
function openTime(notes: readonly TraceNote[]): number {
  const [first] = notes
  if (!first) return 0
  const isBeginning = ['called', 'created', 'restored', 'adopted', 'storage-unavailable'].includes(first.type)
  return Math.min(...notes.map(beginOf)) - (isBeginning ? 1 : BEFORE_MS)
}

/** A first tab that restored its session had an earlier visit, one that is due to be asked for where it asked. */
function seedSteps(notes: readonly TraceNote[] = []): Step[] {
  if (notes[0]?.type !== 'restored') return []
  const isDue = notes[1]?.type === 'called' && notes[1].method === 'GET'
  return [
    { do: 'open', tenant: undefined },
    { do: 'pass', ms: BEFORE_MS },
    { do: 'leave', tab: 0 },
    { do: 'pass', ms: isDue ? REVALIDATE_MS + 1 : BEFORE_MS },
  ]
}

/** What the app and the visitor did in one tab. */
function tabHappenings(notes: readonly TraceNote[], tab: number): Happening[] {
  let isDisabled = false
  /** When the run of failing calls began that has not ended yet. */
  let failingSince: number | undefined
  let lastBegin = 0
  return notes.flatMap((note): Happening[] => {
    const { type, at, reason } = note
    const happenings: Happening[] = []
    if (isDisabled && ['called', 'created', 'restored', 'adopted'].includes(type)) {
      isDisabled = false
      happenings.push({ at: beginOf(note) - 1, step: { do: 'consent', tab } })
    }
    if (type === 'forgotten') isDisabled = true
    if (type === 'called') {
      lastBegin = failingSince ?? beginOf(note)
      failingSince = note.code ? lastBegin : undefined
    }
    if (type === 'associated') {
      const fields = FIELDS.filter((field: AssociationField) => note.fields?.includes(field))
      // It was asked for before its request, and before those that failed for it.
      happenings.push({ at: lastBegin, step: { do: 'associate', tab, fields } })
    }
    // Given up by a sign-out: the trace does not tell which ids were under way.
    if (type === 'called' && note.method === 'POST' && note.code === 'aborted')
      happenings.push({ at: beginOf(note), step: { do: 'associate', tab, fields: ['customerId'] } })
    if (type === 'attached') happenings.push({ at, step: { do: 'shop', tab } })
    if (type === 'unattached' && reason === 'waited')
      happenings.push({ at: at - BEFORE_MS, step: { do: 'shop', tab } })
    if (type === 'unattached' && reason === 'disabled' && !isDisabled) {
      isDisabled = true
      happenings.push({ at: at - 1, step: { do: 'disable', tab } })
    }
    if (type === 'storage-unavailable') happenings.push({ at: at - 2, step: { do: 'full' } })
    return happenings
  })
}

type Lanes = readonly { notes: readonly TraceNote[] }[]

/** Every tab tells of a sign-out; the first one did it. */
function departures(lanes: Lanes): Happening[] {
  const left = new Set<string | undefined>()
  return lanes
    .flatMap(({ notes }, tab) => notes.map((note) => ({ note, tab })))
    .filter(({ note: { type } }) => type === 'reset' || type === 'forgotten')
    .sort((one, other) => one.note.at - other.note.at)
    .flatMap(({ note: { type, at, session }, tab }) => {
      if (session && left.has(session)) return []
      left.add(session)
      return { at, step: { do: type === 'reset' ? 'reset' : 'forget', tab } as const }
    })
}

/** The server forgot the session before the request that found it out. */
function losses(lanes: Lanes): Happening[] {
  const found = new Map<string | undefined, number>()
  return lanes
    .flatMap(({ notes }) =>
      notes.flatMap((note, index) => {
        if (note.type !== 'lost' && note.type !== 'replaced') return []
        const call = notes.slice(0, index + 2).findLast(({ type }) => type === 'called')
        return { session: note.session, at: (call ? beginOf(call) : note.at) - 1 }
      }),
    )
    .sort((one, other) => one.at - other.at)
    .flatMap(({ session, at }) => {
      const last = found.get(session)
      if (last !== undefined && at - last < SAME_LOSS_MS) return []
      found.set(session, at)
      return { at, step: { do: 'forgets' } as const }
    })
}

/** Where calls failed, the server is down: from the first of a run of failures to its end. */
function outages(lanes: readonly (readonly TraceNote[])[]): Happening[] {
  const spans: { from: number; to: number }[] = []
  for (const notes of lanes) {
    let span: { from: number; to: number } | undefined
    for (const note of notes) {
      if (note.type !== 'called') continue
      const isOutage = ['network', 'http', 'invalid-response'].includes(note.code ?? '')
      if (!isOutage) span = undefined
      else if (span) span.to = note.at
      else {
        span = { from: sentAt(note), to: note.at }
        spans.push(span)
      }
    }
  }
  spans.sort((one, other) => one.from - other.from)
  const merged: typeof spans = []
  for (const span of spans) {
    const last = merged.at(-1)
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to)
    else merged.push(span)
  }
  return merged.flatMap(({ from, to }) => [
    { at: from, step: { do: 'down' } as const },
    { at: to + 1, step: { do: 'up' } as const },
  ])
}
