import fc from 'fast-check'
import type { AssociationField } from 'storefront-session/core'
import { PLACES, type Place, REACTIONS, type Reaction, WAYS } from './app-code.ts'
import { FIELDS } from './ledger.ts'
import { inTabOf, one } from './schedules.ts'

/** What an app does to its QueryClient. */
const MEDDLING = ['clear', 'cancelQueries', 'resetQueries', 'invalidateQueries'] as const

/** What keeps a page from hearing of the others. */
export const SLEEP = ['freeze', 'cache', 'stop', 'disable'] as const

export type Step =
  | { do: 'open'; tenant: string | undefined }
  | { do: 'offline' | 'online' | 'down' | 'up' | 'forgets' | 'clear' | 'full' | 'roomy' }
  | {
      do: 'crash' | 'leave' | 'reload' | 'reset' | 'forget' | 'freeze' | 'cache' | 'thaw'
      tab: number
    }
  | { do: 'disable' | 'consent' | 'stop' | 'start' | 'ready' | 'shop'; tab: number }
  | { do: 'misbehave'; tab: number; place: Place; way: (typeof WAYS)[number] }
  | { do: 'behave' | 'unreadable' | 'promises' | 'readable'; tab: number }
  | { do: 'meddle'; tab: number; how: (typeof MEDDLING)[number] }
  | { do: 'associate'; tab: number; fields: AssociationField[] }
  | { do: 'latency' | 'pass'; ms: number }

const tab = fc.nat(3)
const inTab = inTabOf(tab)
const open = {
  weight: 4,
  arbitrary: fc.record({
    do: fc.constant('open'),
    tenant: fc.constantFrom(undefined, undefined, undefined, 'lamps & more'),
  }),
}
const calm = [
  open,
  one(4, 'offline', 'online', 'down', 'up', 'forgets', 'clear'),
  one(1, 'full', 'roomy'),
  inTab(2, 'crash', 'leave', 'reload'),
  inTab(2, 'freeze', 'cache', 'thaw'),
  inTab(2, 'reset'),
  inTab(1, 'forget'),
  inTab(2, 'disable', 'consent', 'stop', 'start'),
  inTab(2, 'ready', 'shop'),
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('meddle'), tab, how: fc.constantFrom(...MEDDLING) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('associate'),
      tab,
      fields: fc.uniqueArray(fc.constantFrom(...FIELDS), { minLength: 1 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('latency'), ms: fc.constantFrom(0, 20, 400, 4000) }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('pass'), ms: fc.constantFrom(1, 5, 50, 1000, 15_000) }),
  },
] as const
const wild = [
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('misbehave'),
      tab,
      place: fc.constantFrom(...PLACES),
      way: fc.constantFrom(...WAYS),
    }),
  },
  inTab(1, 'behave'),
  inTab(1, 'unreadable', 'promises', 'readable'),
] as const

/** How the code of the app is: in every second schedule it neither misbehaves nor does anything on an event. */
const tame = {
  moods: fc.constant([true]),
  reactions: fc.constant<(Reaction | undefined)[]>([undefined]),
}
const unruly = {
  moods: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
  reactions: fc.array(fc.constantFrom(undefined, undefined, undefined, ...REACTIONS), {
    minLength: 1,
    maxLength: 8,
  }),
}

/** Without a size fast-check would draw five of them on average, and never more than ten. */
const stepsOf = (...some: (typeof calm | typeof wild)[number][]) =>
  fc.array<Step>(fc.oneof(...some), { maxLength: 25, size: 'max' })

export const schedule = fc.oneof(
  fc.record({ ...tame, steps: stepsOf(...calm) }),
  fc.record({ ...unruly, steps: stepsOf(...calm, ...wild) }),
)
