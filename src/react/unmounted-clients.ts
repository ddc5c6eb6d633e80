import type { QueryClient } from '@tanstack/react-query'
import type { SessionClient, SessionClientOptions } from '../core.ts'

/** A client that a provider made. */
export interface MadeClient {
  identity: string
  client: SessionClient
  /** The client reads callbacks from this object when it calls them, so they may change. */
  live: SessionClientOptions
}

/** A client of a tree that has not mounted yet, and the task that made it. */
interface Unmounted extends MadeClient {
  isOfThisTask: boolean
}

/**
 * React discards the state of a tree that suspends before it ever mounted, and renders it again from nothing: the
 * client that the first attempt made is found here, with the id that it chose and the request that it sent
 * (jotai#1112, TanStack/query#3432). By QueryClient, so that two trees do not share; only in a browser, so that
 * two requests never do.
 */
const clients = new WeakMap<object, Unmounted[]>()
const noQueryClient = {}

export function keepUnmounted(queryClient: QueryClient | undefined, made: MadeClient): void {
  if (typeof document === 'undefined') return
  const kept: Unmounted = { ...made, isOfThisTask: true }
  const key = queryClient ?? noQueryClient
  clients.set(key, [...(clients.get(key) ?? []), kept])
  // A second provider of the same attempt gets a client of its own.
  setTimeout(() => {
    kept.isOfThisTask = false
  })
}

/** Finds the client of an earlier attempt; with `isMounted` they are all given up, because one is in use now. */
export function takeUnmounted(
  queryClient: QueryClient | undefined,
  identity: string,
  isMounted = false,
): MadeClient | undefined {
  const key = queryClient ?? noQueryClient
  const kept = clients.get(key)
  if (!kept) return
  const found = isMounted ? undefined : kept.find((one) => one.identity === identity && !one.isOfThisTask)
  if (isMounted)
    clients.set(
      key,
      kept.filter((one) => one.identity !== identity),
    )
  return found
}
