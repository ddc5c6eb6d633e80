'use client'

import { replaceEqualDeep } from '@tanstack/query-core'
import { useEffect, useState, useSyncExternalStore } from 'react'
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
  const client = useSessionClient()
  const { associate, reset, forget } = client
  const [memory] = useState(() => ({
    read: new Set<PropertyKey>(),
    isRendering: true,
    state: undefined as SessionState | undefined,
    selected: undefined as Selected | undefined,
  }))
  memory.isRendering = true
  useEffect(() => {
    memory.isRendering = false
  })

  const relevant = (next: SessionState): SessionState | Selected => {
    if (selector) {
      memory.selected = replaceEqualDeep(memory.selected, selector({ ...next, associate, reset, forget }))
      return memory.selected as Selected // just written
    }
    const last = memory.state
    const isSame =
      last &&
      memory.read.size &&
      ([...memory.read] as (keyof SessionState)[]).every((field) => last[field] === next[field])
    if (!isSame) memory.state = next
    return memory.state as SessionState // just written
  }
  const value = useSyncExternalStore(
    client.subscribe,
    () => relevant(client.getState()),
    () => relevant(client.getServerState()),
  )
  if (selector) return value as Selected

  return new Proxy(
    { ...(value as SessionState), associate, reset, forget },
    {
      get(target, field) {
        // Read later, in an event or by a test, a field asks for no rendering.
        if (memory.isRendering) memory.read.add(field)
        return Reflect.get(target, field)
      },
    },
  )
}

/** The middleware of the session: `fetch` with the session attached where it belongs. A stable reference. */
export const useSessionFetch = (): typeof globalThis.fetch => useSessionClient().fetch
