'use client'

import { replaceEqualDeep } from '@tanstack/query-core'
import { useMemo, useRef, useSyncExternalStore } from 'react'
import type { SessionState } from '../core.ts'
import {
  type SessionContextValue,
  type UseSessionResult,
  useSessionClient,
  useSessionContext,
} from './session-provider.tsx'

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
    const selected = selector(resultOf(state))
    // An object that is like the one before is the one before; of two texts there is nothing to find out.
    memory.current =
      typeof selected === 'object' ? (replaceEqualDeep(memory.current, selected) as Selected) : selected
    return memory.current
  }
  return useSyncExternalStore(
    client.subscribe,
    () => select(client.getState()),
    () => select(client.getServerState()),
  )
}

/** Renders again for the fields that were read while rendering. */
function useRead(): UseSessionResult {
  const context = useSessionContext()
  const { client } = context
  const { look, show } = useMemo(() => createReader(context), [context])
  // New functions at each render: for them React looks once more when it has rendered.
  const state = useSyncExternalStore(
    client.subscribe,
    () => look(client.getState()),
    () => look(client.getServerState()),
  )
  return show(state)
}

/** What one component reads. */
function createReader({ resultOf }: SessionContextValue) {
  const read = new Set<PropertyKey>()
  let isRendering = false
  let state: SessionState | undefined
  const handler: ProxyHandler<UseSessionResult> = {
    get(result, field) {
      // Read later, in an event or by a test, a field asks for no rendering.
      if (isRendering) read.add(field)
      return Reflect.get(result, field)
    },
  }
  return {
    /** The state before, where nothing that was read is another. React looks before and after it renders. */
    look(next: SessionState): SessionState {
      isRendering = false
      // Nothing was read: who knows what is wanted.
      let isSame = state && read.size > 0
      if (state && state !== next)
        for (const field of read)
          isSame &&= state[field as keyof SessionState] === next[field as keyof SessionState]
      if (!state || !isSame) state = next
      return state
    },
    show(shown: SessionState): UseSessionResult {
      isRendering = true
      return new Proxy(resultOf(shown), handler)
    },
  }
}

/** The middleware of the session: `fetch` with the session attached where it belongs. A stable reference. */
export const useSessionFetch = (): typeof globalThis.fetch => useSessionClient().fetch
