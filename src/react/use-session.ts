'use client'

import { replaceEqualDeep } from '@tanstack/query-core'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { SessionState } from '../core.ts'
import { type UseSessionResult, useSessionClient, useSessionContext } from './session-provider.tsx'

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
  const { client, resultOf } = useSessionContext()
  const memory = useRef<Selected>(undefined)
  const select = (state: SessionState) => {
    const selected = replaceEqualDeep(memory.current, selector(resultOf(state)))
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
  const { client, resultOf } = useSessionContext()
  const [memory] = useState(() => ({
    read: new Set<PropertyKey>(),
    isRendering: true,
    state: undefined as SessionState | undefined,
  }))
  memory.isRendering = true
  useEffect(() => {
    memory.isRendering = false
  })

  const relevant = (next: SessionState): SessionState => {
    const { read, state } = memory
    // Nothing was read: who knows what is wanted.
    let isSame = state && read.size > 0
    if (state && state !== next)
      for (const field of read)
        isSame &&= state[field as keyof SessionState] === next[field as keyof SessionState]
    if (!state || !isSame) memory.state = next
    return memory.state ?? next
  }
  const state = useSyncExternalStore(
    client.subscribe,
    () => relevant(client.getState()),
    () => relevant(client.getServerState()),
  )
  return new Proxy(resultOf(state), {
    get(target, field) {
      // Read later, in an event or by a test, a field asks for no rendering.
      if (memory.isRendering) memory.read.add(field)
      return Reflect.get(target, field)
    },
  })
}

/** The middleware of the session: `fetch` with the session attached where it belongs. A stable reference. */
export const useSessionFetch = (): typeof globalThis.fetch => useSessionClient().fetch
