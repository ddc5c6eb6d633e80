'use client'

import { QueryClientContext } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import {
  createSessionClient,
  type SessionClient,
  type SessionClientOptions,
  type SessionState,
} from '../core.ts'

/** Either the options of a client that the provider makes, or a client made outside. */
export type SessionProviderProps = { children?: ReactNode } & (
  | (SessionClientOptions & { client?: undefined })
  | ({ client: SessionClient } & { [Option in keyof SessionClientOptions]?: undefined })
)

/** How many mounted providers share a client: the last one stops it. */
const users = new WeakMap<SessionClient, number>()

/** The state of the session, and what can be done with it. The functions are stable references. */
export interface UseSessionResult extends SessionState {
  associate: SessionClient['associate']
  reset: SessionClient['reset']
  forget: SessionClient['forget']
}

/** What the hooks work with. */
export interface SessionContextValue {
  client: SessionClient
  /** One object a state, however many components read it. */
  resultOf(state: SessionState): UseSessionResult
}

const SessionContext = createContext<SessionContextValue | undefined>(undefined)

/**
 * Gives the session to the tree below it. Starts the client when mounted and stops it when unmounted. Uses the
 * QueryClient of the tree when there is one. New option objects at each render are fine: a new client is made only
 * for another `baseUrl`, `tenantId` or `storageKey`.
 */
export function SessionProvider({ children, client: given, ...options }: SessionProviderProps) {
  const queryClient = useContext(QueryClientContext)
  const { baseUrl, tenantId, storageKey, enabled } = options
  const identity = JSON.stringify([baseUrl, tenantId, storageKey])

  const make = () => {
    if (baseUrl === undefined) throw new Error('SessionProvider needs either the option baseUrl or a client')
    // The client reads callbacks from this object when it calls them, so they may change.
    const live = { queryClient, ...options } as SessionClientOptions // the union guarantees baseUrl when there is no client
    return { identity, live, client: createSessionClient(live) }
  }
  const [made, setMade] = useState(() => (given ? undefined : make()))
  let own = made
  if (!given && own?.identity !== identity) {
    own = make()
    setMade(own)
  }

  const client = given ?? (own as NonNullable<typeof own>).client // made above

  useEffect(() => {
    if (!own) return
    // Only a change: a hidden tree that is shown runs its effects again, and the session may be forgotten by then.
    if (own.live.enabled !== enabled) own.client.setEnabled(enabled === undefined || !!enabled)
    Object.assign(
      own.live,
      { agentId: undefined, fetch: undefined, headers: undefined, onEvent: undefined, enabled },
      options,
    )
  })
  useEffect(() => {
    users.set(client, (users.get(client) ?? 0) + 1)
    client.start()
    return () => {
      const left = (users.get(client) ?? 1) - 1
      users.set(client, left)
      if (!left) client.stop()
    }
  }, [client])

  const value = useMemo(() => createContextValue(client), [client])
  return <SessionContext.Provider value={value}>{children}</SessionContext.Provider>
}

function createContextValue(client: SessionClient): SessionContextValue {
  const { associate, reset, forget } = client
  let last: UseSessionResult | undefined
  let lastState: SessionState | undefined
  return {
    client,
    resultOf(state) {
      if (!last || state !== lastState) last = { ...state, associate, reset, forget }
      lastState = state
      return last
    },
  }
}

/** What the nearest provider gives. */
export function useSessionContext(): SessionContextValue {
  const value = useContext(SessionContext)
  if (!value) throw new Error('useSession and its siblings need a <SessionProvider> above them')
  return value
}

/** The client of the nearest provider. */
export const useSessionClient = (): SessionClient => useSessionContext().client
