import { MutationCache, QueryCache, QueryClient } from '@tanstack/query-core'
import type { SessionClient, SessionClientOptions } from 'storefront-session/core'

/** How code of the app may fail its caller. */
export type Misbehaviour = 'throws' | 'rejects' | 'never settles' | 'answers nonsense'

/** A loop without a pause would freeze the test as it freezes the page: after so many calls the app behaves. */
const MOST_CALLS = 500

/** Code of the app that misbehaves until it is told to behave, and when it was called. */
export interface Culprit {
  calls: number[]
  behave(): void
  /** Misbehaves in place of `well`, if it does. */
  act<T>(well: () => T): T
}

export function createCulprit(how: Misbehaviour, error: unknown): Culprit {
  const calls: number[] = []
  let isBad = true
  return {
    calls,
    behave() {
      isBad = false
    },
    act<T>(well: () => T): T {
      if (!isBad || calls.length > MOST_CALLS) return well()
      calls.push(Date.now())
      if (how === 'throws') throw error
      // What an app returns in JavaScript may be anything: no type holds it off.
      if (how === 'rejects') return Promise.reject(error) as T
      return (how === 'never settles' ? new Promise(() => undefined) : 'nonsense') as T
    },
  }
}

interface Place {
  name: string
  ways: Misbehaviour[]
  options(culprit: Culprit, fetch: typeof globalThis.fetch): Partial<SessionClientOptions>
  /** What the app does with the client that it has made. */
  use?(culprit: Culprit, client: SessionClient): void
}

const withQueries = (queryClient: QueryClient) => ({ queryClient })
const nothing = () => undefined
const isOurs = (key: readonly unknown[] | undefined) => key?.[0] === 'storefront-session'

/** What the app hears of its own queries it knows by their `meta`; ours has none. */
const queryListener = (type: string): Place => ({
  name: `a listener of the QueryCache, on ${type},`,
  ways: ['throws'],
  options(culprit) {
    const queryClient = new QueryClient()
    queryClient.getQueryCache().subscribe((event) => {
      const name = event.type === 'updated' ? event.action.type : event.type
      if (isOurs(event.query.queryKey) && (type === 'everything' || name === type)) culprit.act(nothing)
    })
    return { queryClient }
  },
})

const queryCallback = (name: 'onError' | 'onSuccess' | 'onSettled'): Place => ({
  name: `the QueryCache's ${name}`,
  ways: ['throws', 'rejects', 'never settles'],
  options: (culprit) =>
    withQueries(new QueryClient({ queryCache: new QueryCache({ [name]: () => culprit.act(nothing) }) })),
})

const mutationCallback = (name: 'onMutate' | 'onError' | 'onSuccess' | 'onSettled'): Place => ({
  name: `the MutationCache's ${name}`,
  ways: ['throws', 'rejects', 'never settles'],
  options: (culprit) =>
    withQueries(
      new QueryClient({ mutationCache: new MutationCache({ [name]: () => culprit.act(nothing) }) }),
    ),
})

const storageMethod = (name: 'getItem' | 'setItem' | 'removeItem'): Place => ({
  name: `${name} of a storage of the app`,
  ways: ['throws', 'rejects', 'never settles', 'answers nonsense'],
  options(culprit) {
    const values = new Map<string, string>()
    const storage = {
      getItem: (key: string) => values.get(key) ?? null,
      setItem: (key: string, value: string) => void values.set(key, value),
      removeItem: (key: string) => void values.delete(key),
    }
    const well = storage[name] as (...args: string[]) => never // the three differ in arguments alone
    return { storage: { ...storage, [name]: (...args: string[]) => culprit.act(() => well(...args)) } }
  },
})

/** Every place where code of the app is called by the client, or stands in its way. */
export const PLACES: Place[] = [
  ...['everything', 'added', 'fetch', 'success', 'error'].map(queryListener),
  ...(['onError', 'onSuccess', 'onSettled'] as const).map(queryCallback),
  ...(['onMutate', 'onError', 'onSuccess', 'onSettled'] as const).map(mutationCallback),
  {
    name: 'a listener of the MutationCache',
    ways: ['throws'],
    options(culprit) {
      const queryClient = new QueryClient()
      queryClient.getMutationCache().subscribe(() => culprit.act(nothing))
      return { queryClient }
    },
  },
  {
    name: 'onEvent',
    ways: ['throws', 'rejects', 'never settles'],
    options: (culprit) => ({ onEvent: () => culprit.act(nothing) }),
  },
  {
    name: 'a subscriber',
    ways: ['throws', 'rejects', 'never settles'],
    options: () => ({}),
    use: (culprit, client) => void client.subscribe(() => culprit.act(nothing)),
  },
  {
    name: 'an observer',
    ways: ['throws', 'rejects', 'never settles'],
    options: () => ({}),
    use: (culprit, client) => void client.observe(() => culprit.act(nothing)),
  },
  {
    name: 'headers()',
    ways: ['throws', 'rejects', 'never settles', 'answers nonsense'],
    options: (culprit) => ({ headers: () => culprit.act(() => ({ 'x-shop': 'lamps' })) }),
  },
  {
    name: 'fetch of the app',
    ways: ['throws', 'rejects', 'never settles', 'answers nonsense'],
    options: (culprit, fetch) => ({ fetch: (...args) => culprit.act(() => fetch(...args)) }),
  },
  {
    name: 'the body of an answer that a wrapper made',
    ways: ['throws', 'rejects', 'never settles', 'answers nonsense'],
    options: (culprit, fetch) => ({
      async fetch(...args) {
        const response = await fetch(...args)
        const { text } = response
        return Object.assign(response, { text: () => culprit.act(() => text.call(response)) })
      },
    }),
  },
  ...(['getItem', 'setItem', 'removeItem'] as const).map(storageMethod),
  {
    name: 'attach.isLost',
    ways: ['throws', 'rejects', 'never settles'],
    options: (culprit) => ({ attach: { isLost: () => culprit.act(() => false) } }),
  },
]
