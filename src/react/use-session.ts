'use client'

import { replaceEqualDeep } from '@tanstack/query-core'
import { useMemo, useRef, useSyncExternalStore } from 'react'
import type { SessionClient, SessionState } from '../core.ts'
import {
  type SessionContextValue,
  type UseSessionResult,
  useSessionClient,
  useSessionContext,
} from './session-provider.tsx'

/**
 * The session. A component renders again only when a field changes that it, or a child that it hands the session to,
 * has read; with a selector, only when the selected value changes.
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
  // With a selector nothing has to follow which fields are read, and a page may have a thousand such readers.
  // biome-ignore-start lint/correctness/useHookAtTopLevel: a call has a selector in every rendering or in none
  return selector ? useSelected(selector) : useRead()
  // biome-ignore-end lint/correctness/useHookAtTopLevel: as above
}

function useSelected<Selected>(selector: (session: UseSessionResult) => Selected): Selected {
  const { client, resultOf } = useSessionContext()
  const memory = useRef<Selected>(undefined)
  let asked: SessionState | undefined
  const select = (state: SessionState) => {
    // Called once for each rendering and state: a selector that makes a new Date each time would otherwise render for ever.
    if (state !== asked) {
      const selected = selector(resultOf(state))
      // An object equal to the last one is replaced by that; strings and numbers need no such look.
      memory.current =
        typeof selected === 'object' ? (replaceEqualDeep(memory.current, selected) as Selected) : selected
      asked = state
    }
    return memory.current as Selected // was asked at least once
  }
  return useLook(client, select)
}

/** Renders again for the fields that were read. */
function useRead(): UseSessionResult {
  const context = useSessionContext()
  return useLook(
    context.client,
    useMemo(() => createReader(context), [context]),
  )
}

/** Renders again when what `look` makes of the state is another. */
const useLook = <Seen>(client: SessionClient, look: (state: SessionState) => Seen): Seen =>
  useSyncExternalStore(
    client.subscribe,
    () => look(client.getState()),
    () => look(client.getServerState()),
  )

/**
 * What one component reads, and those to which it hands the session on. Every read counts, also one in an event or in
 * a child that renders later: who could tell it from one that shows something? A rendering too many is the smaller evil.
 */
function createReader({ resultOf }: SessionContextValue) {
  const read = new Set<keyof UseSessionResult>()
  let latest: UseSessionResult
  let shown: UseSessionResult
  let proxy: UseSessionResult | undefined
  const handler: ProxyHandler<UseSessionResult> = {
    get(_, field: keyof UseSessionResult) {
      // Nothing that was read before is another in the latest state: that is the one to go on with.
      if (!read.has(field)) shown = latest
      read.add(field)
      return shown[field]
    },
  }
  /** The same object until something that was read is another. */
  return (state: SessionState): UseSessionResult => {
    latest = resultOf(state)
    // Nothing was read yet: any change may matter.
    let isSame = read.size > 0 || shown === latest
    for (const field of read) isSame &&= shown[field] === latest[field]
    if (!proxy || !isSame) {
      shown = latest
      proxy = new Proxy(shown, handler)
    }
    return proxy
  }
}

/** The middleware of the session: `fetch` with the session attached where it belongs. A stable reference. */
export const useSessionFetch = (): typeof globalThis.fetch => useSessionClient().fetch
