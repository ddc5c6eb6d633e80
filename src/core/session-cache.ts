import type { DataTag, FetchQueryOptions, Query, QueryClient } from '@tanstack/react-query'
import type { SessionError } from '../wire/session-error.ts'
import type { SessionInfo } from '../wire/session-info.ts'
import { settledWithin, type Timers } from '../wire/settled-within.ts'

/** A listener or callback of the app in its QueryClient threw. TanStack Query has no place of its own for that. */
export const reportCacheError = (error: unknown): void =>
  console.error('storefront-session: a callback in the QueryClient of the app threw', error)

type SessionKey = readonly ['storefront-session', storageKey: string, baseUrl: string, tenantId: string]

/** Options of the session as a query, for `useQuery`, `useSuspenseQuery`, `prefetchQuery` and loaders. */
export type SessionQueryOptions = Omit<
  FetchQueryOptions<SessionInfo, SessionError, SessionInfo, SessionKey>,
  'queryFn' | 'queryKey' | 'staleTime'
> & {
  /** The tag without its error: react-query 5.0.0 does not have that one yet. */
  queryKey: DataTag<SessionKey, SessionInfo>
  queryFn: () => Promise<SessionInfo>
  staleTime: number
}

/** The session's place in the app's QueryClient: one query, and mutations for what is associated. */
export interface SessionCache {
  queryOptions: SessionQueryOptions
  get(): SessionInfo | undefined
  /** Writes without a request; `confirmedAt` decides how long the session counts as fresh. */
  set(info: SessionInfo, confirmedAt: number): void
  /** Runs the query; callers share one run. Rejects as TanStack Query does, also with errors of the app. */
  fetch(): Promise<unknown>
  /**
   * Runs `work` as a mutation, visible in TanStack Query's devtools. A callback of the app's MutationCache may throw
   * or never settle: then the work runs without it.
   */
  mutate(work: () => Promise<void>): Promise<void>
  /** Gives up what is under way and forgets the data. */
  reset(): void
  remove(): void
  /** The app's queries with `meta: { session: true }` belong to the customer of the session. */
  invalidateDependents(): void
  /** Calls `listener` when the data changes; `isEmptied` where the app has emptied its cache. */
  listen(listener: (isEmptied: boolean) => void): () => void
  /** Moves the session to another QueryClient. No request is made. */
  moveTo(queryClient: QueryClient): void
}

/** What the cache needs. */
interface SessionCacheParts {
  queryClient: QueryClient
  key: readonly [storageKey: string, baseUrl: string, tenantId: string]
  revalidateMs: number
  timers: Timers
  timeoutMs: number
  queryFn(): Promise<SessionInfo>
}

export function createSessionCache(parts: SessionCacheParts): SessionCache {
  const { timers, timeoutMs } = parts
  let { queryClient } = parts
  // The tag is a type only.
  const queryKey = ['storefront-session', ...parts.key] as unknown as SessionQueryOptions['queryKey']
  /** The app's global `QueryCache.onError` has heard of this outage. */
  let isOutageTold = false
  // The app's defaults are for the app's queries: this query sets all that matters to it.
  const queryOptions: SessionQueryOptions = {
    queryKey,
    queryFn: async () => {
      try {
        const info = await parts.queryFn()
        isOutageTold = false
        return info
      } catch (error) {
        const isOutage = !['aborted', 'disabled'].includes((error as SessionError).code)
        // Once per outage: a cancelled run tells QueryCache.onError nothing, and observers keep the first error.
        if (isOutage && isOutageTold) void query()?.cancel({ revert: true })
        isOutageTold ||= isOutage
        throw error
      }
    },
    staleTime: parts.revalidateMs,
    gcTime: Number.POSITIVE_INFINITY,
    retry: false,
    networkMode: 'always',
    // The app's persister would store what the server answered, and give it back in place of a session.
    persister: undefined as never, // the type knows no way to take a default back
  }
  let queryHash = ''
  const query = (): Query<SessionInfo> | undefined => {
    queryHash ||= queryClient.defaultQueryOptions(queryOptions).queryHash
    return queryClient.getQueryCache().get<SessionInfo>(queryHash)
  }
  const get = () => query()?.state.data
  let isOurs = false
  /** A listener of the app may throw in the middle of a change. */
  const change = (work: () => void) => {
    isOurs = true
    try {
      work()
    } catch (error) {
      reportCacheError(error)
    }
    isOurs = false
  }
  const set = (info: SessionInfo, updatedAt: number) =>
    change(() => {
      // The session works: the next outage is another one.
      isOutageTold = false
      queryClient.setQueryData<SessionInfo>(queryKey, info, { updatedAt })
    })
  const reset = () => change(() => query()?.reset())
  const remove = () => {
    reset()
    // A component that observes it would go on showing what was removed, and see nothing of what comes after.
    if (!query()?.getObserversCount()) change(() => queryClient.removeQueries({ queryKey }))
  }

  /** Ends listening to the QueryClient of this moment. */
  let unsubscribe: (() => void) | undefined
  let heard: ((isEmptied: boolean) => void) | undefined
  const subscribe = () => {
    let known = get()
    unsubscribe = queryClient.getQueryCache().subscribe(({ query: { queryHash: hash } }) => {
      if (hash !== queryHash) return
      const data = get()
      if (data !== known && !isOurs) heard?.(!data)
      known = data
    })
  }

  return {
    queryOptions,
    get,
    set,
    // A listener of the app may throw before there is a promise.
    fetch: async () => queryClient.fetchQuery({ ...queryOptions, staleTime: 0 }),
    async mutate(work) {
      let run: Promise<void> | undefined
      let finish = (): void => undefined
      const finished = new Promise<void>((resolve) => {
        finish = resolve
      })
      const once = () => {
        run ??= work().finally(finish)
        return run
      }
      const mutate = async () =>
        queryClient
          .getMutationCache()
          .build(queryClient, {
            mutationKey: [...queryKey, 'associate'],
            mutationFn: once,
            networkMode: 'always',
            retry: false,
          })
          .execute(undefined)
      await settledWithin(timers, timeoutMs, Promise.race([mutate().catch(reportCacheError), finished]))
      await once()
    },
    reset,
    remove,
    invalidateDependents: () =>
      change(() => {
        void queryClient.invalidateQueries({ predicate: ({ meta }) => meta?.session === true })
      }),
    listen(listener) {
      heard = listener
      subscribe()
      return () => {
        heard = undefined
        unsubscribe?.()
      }
    },
    moveTo(next) {
      if (next === queryClient) return
      const info = get()
      const updatedAt = query()?.state.dataUpdatedAt ?? 0
      unsubscribe?.()
      remove()
      queryClient = next
      queryHash = ''
      if (info) set(info, updatedAt)
      if (heard) subscribe()
    },
  }
}
