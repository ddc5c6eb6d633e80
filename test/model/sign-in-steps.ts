import fc from 'fast-check'
import { PLACES, type Place, type Reaction, WAYS } from './app-code.ts'
import { inTabOf, one } from './schedules.ts'

/** How an app empties its cache when somebody comes or goes. */
type Emptying = 'clear' | 'resetQueries' | undefined

export type Step =
  | { do: 'open' | 'offline' | 'online' | 'down' | 'up' | 'forgets' }
  | { do: 'sign-in'; tab: number; customer: string; empties: Emptying }
  | { do: 'sign-out'; tab: number; empties: Emptying }
  | {
      do: 'notice' | 'navigate' | 'crash' | 'leave' | 'reload' | 'freeze' | 'cache' | 'thaw'
      tab: number
    }
  | { do: 'swap' | 'behave'; tab: number }
  | { do: 'misbehave'; tab: number; place: Place; way: (typeof WAYS)[number] }
  | { do: 'pass'; ms: number }

const tab = fc.nat(2)
const empties = fc.constantFrom<Emptying>(undefined, undefined, 'clear', 'resetQueries')
const inTab = inTabOf(tab)
const calm = [
  one(3, 'open'),
  one(2, 'offline', 'online', 'down', 'up', 'forgets'),
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('sign-in'),
      tab,
      customer: fc.constantFrom('ada', 'bob'),
      empties,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('sign-out'), tab, empties }) },
  inTab(3, 'notice', 'navigate'),
  inTab(2, 'crash', 'leave', 'reload'),
  inTab(2, 'freeze', 'cache', 'thaw'),
  // The tree of the page gets another QueryClient.
  inTab(1, 'swap'),
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('pass'), ms: fc.constantFrom(1, 5, 50, 1_000, 400_000) }),
  },
] as const
const wild = [
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('misbehave'),
      tab,
      place: fc.constantFrom(...PLACES),
      way: fc.constantFrom(...WAYS),
    }),
  },
  inTab(1, 'behave'),
] as const

/** Without a size fast-check would draw five of them on average, and never more than ten. */
const stepsOf = (...some: (typeof calm | typeof wild)[number][]) =>
  fc.array<Step>(fc.oneof(...some), { maxLength: 20, size: 'max' })

/** Who says who is signed in, in the pages one after another: `useAssociate`, or the app by `client.identify`. */
const sayers = fc.array(fc.constantFrom<'component' | 'app'>('component', 'app'), {
  minLength: 1,
  maxLength: 3,
})
const quiet = fc.constant<(Reaction | undefined)[]>([undefined])
const reactions = fc.array(
  fc.constantFrom<Reaction | undefined>(
    undefined,
    undefined,
    'associate',
    'ready',
    'shop',
    'restart',
    'reset',
    'forget',
  ),
  { minLength: 1, maxLength: 8 },
)

/** In every second schedule the code of the app neither misbehaves nor does anything on an event. */
export const schedule = fc.oneof(
  fc.record({ sayers, moods: fc.constant([true]), reactions: quiet, steps: stepsOf(...calm) }),
  fc.record({
    sayers,
    moods: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
    reactions,
    steps: stepsOf(...calm, ...wild),
  }),
)
