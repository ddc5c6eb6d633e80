'use client'

import { replaceEqualDeep } from '@tanstack/query-core'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { SessionClient, SessionState } from '../core.ts'
import { useSessionClient } from './session-provider.tsx'

/** The state of the session, and what can be done with it. The functions are stable references. */
export interface UseSessionResult extends SessionState {
  associate: SessionClient['associate']
  reset: SessionClient['reset']
  forget: SessionClient['forget']
}

/**
 * The session. A component renders again only when a field that it read while rendering changes; with a selector,
 * only when the selected value changes.
 *
 * @throws Error outside a `SessionProvider`
 * @example
 * const { sessionId, associate } = useSession()
 * const customerId = useSession((session) => session.session?.customerId)
 */
export function useSession(): UseSessionResult
export function useSession<Selected>(selector: (session: UseSessionResult) => Selected): Selected
export function useSession<Selected>(
  selector?: (session: UseSessionResult) => Selected,
): Selected | UseSessionResult {
  // A reader by selector needs none of what follows which fields are read, and a page may have a thousand of them.
  // biome-ignore-start lint/correctness/useHookAtTopLevel: a call has a selector in every rendering or in none
  return selector ? useSelected(selector) : useRead()
  // biome-ignore-end lint/correctness/useHookAtTopLevel: as above
}

function useSelected<Selected>(selector: (session: UseSessionResult) => Selected): Selected {
  const client = useSessionClient()
  const memory = useRef<Selected>(undefined)
  const select = (state: SessionState) => {
    const selected = replaceEqualDeep(memory.current, selector(resultOf(client, state)))
    memory.current = selected
    return selected as Selected // like the new one, whatever it shares with the one before
  }
  return useSyncExternalStore(
    client.subscribe,
    () => select(client.getState()),
    () => select(client.getServerState()),
  )
}

/** Renders again for the fields that were read while rendering. */
function useRead(): UseSessionResult {
  const client = useSessionClient()
  const [memory] = useState(() => ({
    read: new Set<PropertyKey>(),
    isRendering: true,
    state: undefined as SessionState | undefined,
  }))
  memory.isRendering = true
  useEffect(() => {
    memory.isRendering = false
  })

  const relevant = (next: SessionState) => {
    const { read, state } = memory
    const isSame =
      state &&
      read.size &&
      ([...read] as (keyof SessionState)[]).every((field) => state[field] === next[field])
    if (!isSame) memory.state = next
    return isSame ? state : next
  }
  const state = useSyncExternalStore(
    client.subscribe,
    () => relevant(client.getState()),
    () => relevant(client.getServerState()),
  )
  return new Proxy(resultOf(client, state), {
    get(target, field) {
      // Read later, in an event or by a test, a field asks for no rendering.
      if (memory.isRendering) memory.read.add(field)
      return Reflect.get(target, field)
    },
  })
}

/** One object a state, however many components read it. */
const results = new WeakMap<SessionState, UseSessionResult>()

function resultOf({ associate, reset, forget }: SessionClient, state: SessionState): UseSessionResult {
  let result = results.get(state)
  // A client that a test has made by hand may give the same state as the one before.
  if (result?.associate !== associate) {
    result = { ...state, associate, reset, forget }
    results.set(state, result)
  }
  return result
}

/** The middleware of the session: `fetch` with the session attached where it belongs. A stable reference. */
export const useSessionFetch = (): typeof globalThis.fetch => useSessionClient().fetch
