'use client'

import type { SessionClient } from '../core.ts'
import { useSessionContext } from './session-context.ts'

/**
 * The client of the nearest provider, for its methods and its query.
 *
 * @throws Error outside a `SessionProvider`
 * @example
 * const { data } = useSuspenseQuery(useSessionClient().queryOptions)
 */
export const useSessionClient = (): SessionClient => useSessionContext('useSessionClient').client

/**
 * The middleware of the session: `fetch` with the session attached where it belongs. A stable reference.
 *
 * @throws Error outside a `SessionProvider`
 */
export const useSessionFetch = (): typeof globalThis.fetch =>
  useSessionContext('useSessionFetch').client.fetch
