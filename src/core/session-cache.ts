import type { DataTag, FetchQueryOptions, QueryClient } from '@tanstack/react-query'
import { SessionError } from '../wire/session-error.ts'
import type { SessionInfo } from '../wire/session-info.ts'

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
  /** Writes without a request; `confirmedAt` decides how long it counts as fresh. */
  set(info: SessionInfo, confirmedAt: number): void
  isFetching(): boolean
  /**
   * Runs the query where it is stale, or in any case; callers share one run.
   *
   * @throws SessionError
   */
  fetch(isForced?: boolean): Promise<SessionInfo>
  /** Runs `work` as a mutation, visible in the devtools. */
  mutate(work: () => Promise<void>): Promise<unknown>
  /** Gives up what is under way and forgets the data. */
  reset(): void
  remove(): void
  /** The app's queries with `meta: { session: true }` belong to the customer of the session. */
  invalidateDependents(): void
  /** Calls `listener` at each change of the query; `isEmptied` where the app has emptied its cache. */
  listen(listener: (isEmptied: boolean) => void): () => void
}

export function createSessionCache(
  queryClient: QueryClient,
  key: readonly [storageKey: string, baseUrl: string, tenantId: string],
  staleTime: number,
  queryFn: () => Promise<SessionInfo>,
): SessionCache {
  // The tag is a type only.
  const queryKey = ['storefront-session', ...key] as unknown as SessionQueryOptions['queryKey']
  // The app's defaults are for the app's queries: this one sets all that matters to it.
  const queryOptions: SessionQueryOptions = {
    queryKey,
    queryFn,
    staleTime,
    gcTime: Infinity,
    retry: false,
    networkMode: 'always',
    // The app's would store what the server answered, and give it back in place of a session.
    persister: undefined as never, // the type knows no way to take a default back
  }
  const { queryHash } = queryClient.defaultQueryOptions(queryOptions)
  const query = () => queryClient.getQueryCache().get<SessionInfo>(queryHash)
  let isLeaving = false
  const reset = () => {
    isLeaving = true
    query()?.reset()
    isLeaving = false
  }

  return {
    queryOptions,
    get: () => query()?.state.data,
    set: (info, updatedAt) => queryClient.setQueryData<SessionInfo>(queryKey, info, { updatedAt }),
    isFetching: () => query()?.state.fetchStatus === 'fetching',
    fetch: (isForced) =>
      // What was never confirmed is stale, also for an app that wants no revalidation at all.
      queryClient
        .fetchQuery({
          ...queryOptions,
          staleTime: isForced || !query()?.state.dataUpdatedAt ? 0 : staleTime,
        })
        .catch((cause) => {
          // TanStack's own way to give up, when the session is left or the app cancels.
          throw cause instanceof SessionError ? cause : new SessionError('aborted', 'The session was left')
        }),
    mutate: (mutationFn) =>
      queryClient
        .getMutationCache()
        .build(queryClient, {
          mutationKey: [...queryKey, 'associate'],
          mutationFn,
          networkMode: 'always',
          retry: false,
        })
        .execute(undefined),
    reset,
    remove() {
      reset()
      // A component that looks at it would go on showing what was removed, and see nothing of what comes after.
      if (!query()?.getObserversCount()) queryClient.removeQueries({ queryKey })
    },
    invalidateDependents: () =>
      void queryClient.invalidateQueries({ predicate: ({ meta }) => meta?.session === true }),
    listen: (listener) =>
      queryClient.getQueryCache().subscribe(({ query: { queryHash: hash } }) => {
        if (hash === queryHash) listener(!isLeaving && !query()?.state.data)
      }),
  }
}
