'use client'

import { QueryClientContext } from '@tanstack/react-query'
import { type ReactNode, useContext, useEffect, useInsertionEffect, useMemo, useRef, useState } from 'react'
import { warn } from '../core/warnings.ts'
import { createSessionClient, type SessionClient, type SessionClientOptions } from '../core.ts'
import { createContextValue, SessionContext } from './session-context.ts'
import { keepUnmounted, type MadeClient, takeUnmounted } from './unmounted-clients.ts'

/** Either the options of a client that the provider makes, or a client made outside. */
export type SessionProviderProps = { children?: ReactNode } & (
  | (SessionClientOptions & { client?: undefined })
  | ({ client: SessionClient } & { [Option in keyof SessionClientOptions]?: undefined })
)

/** How many mounted providers share a client: the last one stops it. */
const users = new WeakMap<SessionClient, number>()

/**
 * Gives the session to the tree below it. Starts the client when mounted and stops it when unmounted. Uses the
 * QueryClient of the tree when there is one, and follows when the tree gets another one. New option objects at each
 * render are fine: a new client is made only for another `baseUrl`, `tenantId` or `storageKey`.
 *
 * @throws SessionError `invalid-input` for a wrong option
 */
export function SessionProvider({ children, client: given, ...options }: SessionProviderProps) {
  const tree = useContext(QueryClientContext)
  const queryClient = options.queryClient ?? tree
  const { baseUrl, tenantId, storageKey, enabled } = options
  const identity = JSON.stringify([baseUrl, tenantId, storageKey])

  const make = (): MadeClient => {
    if (process.env.NODE_ENV !== 'production' && baseUrl === undefined)
      throw new Error('SessionProvider needs either the option baseUrl or a client')
    const found = takeUnmounted(queryClient, identity)
    if (found) return found
    const live = { ...options, queryClient } as SessionClientOptions // the union guarantees baseUrl when there is no client
    const made = { identity, live, client: createSessionClient(live) }
    // The provider's client follows the tree; one that an app made with a QueryClient keeps it.
    live.queryClient = undefined
    keepUnmounted(queryClient, made)
    return made
  }
  const [made, setMade] = useState(() => (given ? undefined : make()))
  let own = made
  if (!given && own?.identity !== identity) {
    own = make()
    setMade(own)
  }
  const client = given ?? (own as MadeClient).client // made above
  const value = useMemo(() => createContextValue(client), [client])

  // Before the queries of the tree subscribe, so that none of them asks for a session that is known.
  useInsertionEffect(() => {
    if (queryClient) client.setQueryClient(queryClient)
  }, [client, queryClient])
  useEffect(() => {
    if (!own) return
    // Only a change: a hidden tree that is shown runs its effects again, and the session may be forgotten by then.
    if (own.live.enabled !== enabled) own.client.setEnabled(enabled === undefined || !!enabled)
    Object.assign(
      own.live,
      { agentId: undefined, fetch: undefined, headers: undefined, onEvent: undefined, enabled },
      options,
      { queryClient: undefined },
    )
  })
  useEffect(() => {
    if (own) takeUnmounted(queryClient, identity, true)
  }, [own, queryClient, identity])
  useEffect(() => {
    value.isMounted = true
    users.set(client, (users.get(client) ?? 0) + 1)
    client.start()
    return () => {
      value.isMounted = false
      const left = (users.get(client) ?? 1) - 1
      users.set(client, left)
      if (!left) client.stop()
    }
  }, [client, value])
  // biome-ignore lint/correctness/useHookAtTopLevel: the condition is a constant of the build
  if (process.env.NODE_ENV !== 'production') useChangeWarning(given)

  return <SessionContext.Provider value={value}>{children}</SessionContext.Provider>
}

/** Development only: a client that is made in each render begins anew each time. */
function useChangeWarning(given: SessionClient | undefined): void {
  const last = useRef({ given, changes: 0 })
  useEffect(() => {
    const { current } = last
    current.changes = current.given === given ? 0 : current.changes + 1
    current.given = given
    if (current.changes === 2)
      warn(
        'the client of SessionProvider changes at every render. Make it once, outside the component or in useState.',
      )
  })
}
