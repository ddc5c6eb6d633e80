import type { DataTag, FetchQueryOptions, Query, QueryClient } from '@tanstack/react-query'
import type { SessionError } from '../wire/session-error.ts'
import type { SessionInfo } from '../wire/session-info.ts'
import { settledWithin, type Timers } from '../wire/settled-within.ts'

/** A listener or callback of the app in its QueryClient threw. TanStack Query has no place of its own for that. */
export const reportCacheError = (error: unknown): void =>
  console.error('storefront-session: a callback in the QueryClient of the app threw', error)

type SessionQuery = Query<SessionInfo>
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
  let { queryClient } = parts
  const outage = { isTold: false }
  const queryOptions = sessionQueryOptions(parts, outage, () => entry.query())
  let entry = createEntry(queryClient, queryOptions)
  let heard: ((isEmptied: boolean) => void) | undefined
  let unsubscribe: (() => void) | undefined
  const subscribe = () => {
    if (heard) unsubscribe = entry.subscribe(heard)
  }
  const set = (info: SessionInfo, updatedAt: number) => {
    // The session works: the next outage is another one.
    outage.isTold = false
    entry.set(info, updatedAt)
  }

  return {
    queryOptions,
    get: () => entry.get(),
    set,
    // A listener of the app may throw before there is a promise.
    fetch: async () => queryClient.fetchQuery({ ...queryOptions, staleTime: 0 }),
    mutate: (work) => mutate(parts, queryClient, queryOptions.queryKey, work),
    reset: () => entry.reset(),
    remove: () => entry.remove(),
    invalidateDependents: () => entry.invalidateDependents(),
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
      const info = entry.get()
      const updatedAt = entry.query()?.state.dataUpdatedAt ?? 0
      unsubscribe?.()
      entry.remove()
      queryClient = next
      entry = createEntry(next, queryOptions)
      if (info) set(info, updatedAt)
      subscribe()
    },
  }
}

function sessionQueryOptions(
  { key, revalidateMs, queryFn }: SessionCacheParts,
  /** `isTold`: the app's global `QueryCache.onError` has heard of this outage. */
  outage: { isTold: boolean },
  query: () => SessionQuery | undefined,
): SessionQueryOptions {
  // The app's defaults are for the app's queries: this query sets all that matters to it.
  return {
    // The tag is a type only.
    queryKey: ['storefront-session', ...key] as unknown as SessionQueryOptions['queryKey'],
    queryFn: async () => {
      try {
        const info = await queryFn()
        outage.isTold = false
        return info
      } catch (error) {
        const isOutage = !['aborted', 'disabled'].includes((error as SessionError).code)
        // Once per outage: a cancelled run tells QueryCache.onError nothing, and observers keep the first error.
        if (isOutage && outage.isTold) void query()?.cancel({ revert: true })
        outage.isTold ||= isOutage
        throw error
      }
    },
    staleTime: revalidateMs,
    gcTime: Number.POSITIVE_INFINITY,
    retry: false,
    networkMode: 'always',
    // The app's persister would store what the server answered, and give it back in place of a session.
    persister: undefined as never, // the type knows no way to take a default back
  }
}

/** The session's query in one QueryClient. */
function createEntry(queryClient: QueryClient, queryOptions: SessionQueryOptions) {
  const { queryKey } = queryOptions
  let queryHash = ''
  let isOurs = false
  const query = (): SessionQuery | undefined => {
    queryHash ||= queryClient.defaultQueryOptions(queryOptions).queryHash
    return queryClient.getQueryCache().get<SessionInfo>(queryHash)
  }
  const get = () => query()?.state.data
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
  const reset = () => change(() => query()?.reset())
  return {
    query,
    get,
    reset,
    set: (info: SessionInfo, updatedAt: number) =>
      change(() => queryClient.setQueryData<SessionInfo>(queryKey, info, { updatedAt })),
    remove() {
      reset()
      // A component that observes it would go on showing what was removed, and see nothing of what comes after.
      if (!query()?.getObserversCount()) change(() => queryClient.removeQueries({ queryKey }))
    },
    invalidateDependents: () =>
      change(() => {
        void queryClient.invalidateQueries({ predicate: ({ meta }) => meta?.session === true })
      }),
    subscribe(heard: (isEmptied: boolean) => void) {
      let known = get()
      return queryClient.getQueryCache().subscribe(({ query: { queryHash: hash } }) => {
        if (hash !== queryHash) return
        const data = get()
        if (data !== known && !isOurs) heard(!data)
        known = data
      })
    },
  }
}

async function mutate(
  { timers, timeoutMs }: SessionCacheParts,
  queryClient: QueryClient,
  queryKey: SessionKey,
  work: () => Promise<void>,
): Promise<void> {
  let run: Promise<void> | undefined
  let finish = (): void => undefined
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  const once = () => {
    run ??= work().finally(finish)
    return run
  }
  const execute = async () =>
    queryClient
      .getMutationCache()
      .build(queryClient, {
        mutationKey: [...queryKey, 'associate'],
        mutationFn: once,
        networkMode: 'always',
        retry: false,
      })
      .execute(undefined)
  await settledWithin(timers, timeoutMs, Promise.race([execute().catch(reportCacheError), finished]))
  await once()
}
