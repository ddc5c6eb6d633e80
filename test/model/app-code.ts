import { MutationCache, QueryCache, QueryClient } from '@tanstack/query-core'
import type { SessionClient, SessionClientOptions, SessionEvent } from 'storefront-session/core'
import type { Tab } from './tab.ts'

/** Where code of the app is called by a client, or stands in its way. */
export const PLACES = [
  'onEvent',
  'subscriber',
  'observer',
  'headers',
  'isLost',
  'when',
  'fetch',
  'answer',
  'query listener',
  'query callbacks',
  'mutation listener',
  'mutation callbacks',
] as const
export type Place = (typeof PLACES)[number]

export const WAYS = ['throws', 'rejects', 'never settles'] as const
type Way = (typeof WAYS)[number]

/** What a handler of an event may ask of its own client. */
export const REACTIONS = ['reset', 'associate', 'forget', 'disable', 'ready', 'shop', 'restart'] as const
export type Reaction = (typeof REACTIONS)[number]

/** More calls of misbehaving code than this in one moment of the clock is a loop without a pause. */
const MOST_CALLS = 300

interface AppCodeParts {
  tab: Tab
  /** Which of the calls go wrong, in turn. */
  moods: readonly boolean[]
  loops: string[]
  now(): number
  onEvent(event: SessionEvent): void
}

/** Every observer listens to the sync part alone: what a callback gives back is of use to few of them. */
const nothing = (): undefined => undefined

/** The code of the app in one tab: well behaved until it is told otherwise. */
export function createAppCode({ tab, moods, loops, now, onEvent }: AppCodeParts) {
  const misbehaving = new Map<Place, Way>()
  let turn = 0
  let calls = 0
  let at = 0

  const run = <T>(place: Place, well: () => T): T => {
    const way = misbehaving.get(place)
    if (!way || !moods[turn++ % moods.length]) return well()
    if (now() !== at) calls = 0
    at = now()
    // Code that is called again and again at one moment behaves at last, or the clock would never go on.
    if (++calls > MOST_CALLS) {
      if (calls === MOST_CALLS + 1) loops.push(`${tab.name} ${place} ${way}`)
      return well()
    }
    const error = new Error(`of the app: ${place}`)
    if (way === 'throws') throw error
    if (way === 'never settles') return new Promise(nothing) as T // no type holds JavaScript off
    return Promise.reject(error) as T
  }

  tab.isTold = () => !misbehaving.has('answer')
  const tell = (place: Place) => () => run<unknown>(place, nothing)
  const queryCache = new QueryCache({
    onError: tell('query callbacks'),
    onSuccess: tell('query callbacks'),
    onSettled: tell('query callbacks'),
  })
  const mutationCache = new MutationCache({
    onMutate: tell('mutation callbacks'),
    onError: tell('mutation callbacks'),
    onSuccess: tell('mutation callbacks'),
    onSettled: tell('mutation callbacks'),
  })
  queryCache.subscribe(() => void run('query listener', nothing))
  mutationCache.subscribe(() => void run('mutation listener', nothing))

  const options = {
    queryClient: new QueryClient({ queryCache, mutationCache }),
    onEvent: (event) => {
      onEvent(event)
      return run('onEvent', nothing)
    },
    headers: () => run('headers', () => ({})),
    attach: {
      isLost: () => run('isLost', () => false),
      when: () => run('when', () => true),
    },
    fetch(input, init) {
      const { fetch } = tab.environment
      // How a wrapper treats the requests of the storefront is between the two of them.
      if (!String(input).includes('/sessions/')) return fetch(input, init)
      return run('fetch', async () => {
        const response = await fetch(input, init)
        // The request was sent; what became of it, the wrapper keeps to itself.
        return run('answer', () => response)
      })
    },
  } satisfies Partial<SessionClientOptions>

  return {
    options,
    misbehave: (place: Place, way: Way) => void misbehaving.set(place, way),
    behave: () => misbehaving.clear(),
    /** The app does this to its QueryClient; what its own listeners throw then is its own affair. */
    meddle(how: 'clear' | 'cancelQueries' | 'resetQueries' | 'invalidateQueries') {
      void (async () => options.queryClient[how]())().catch(nothing)
    },
    isMisbehaving: () => misbehaving.size > 0,
    listen(client: SessionClient) {
      client.subscribe(() => run('subscriber', nothing))
      client.observe(() => run('observer', nothing))
    },
  }
}

/** What the handlers of the app do, one after another: `draws` in turn, and no more than `most` in all. */
export function createReactions(draws: readonly (Reaction | undefined)[], most: number) {
  const reacted: Reaction[] = []
  let turn = 0
  let isOver = false
  return {
    /** What this client's handler does now. Handlers that act for ever would never let the tabs come to rest. */
    next(client: SessionClient): Reaction | undefined {
      const reaction = isOver || reacted.length >= most ? undefined : draws[turn++ % draws.length]
      if (!reaction || client.getState().status === 'disabled') return
      reacted.push(reaction)
      return reaction
    },
    has: (...names: Reaction[]) => reacted.some((reaction) => names.includes(reaction)),
    count: () => reacted.length,
    end() {
      isOver = true
    },
  }
}
