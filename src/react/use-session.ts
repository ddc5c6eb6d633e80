'use client'

import { replaceEqualDeep } from '@tanstack/query-core'
import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useSyncExternalStore } from 'react'
import type { SessionClient, SessionState } from '../core.ts'
import { type SessionContextValue, type UseSessionResult, useSessionContext } from './session-context.ts'

/**
 * The session, as an immutable snapshot of this render. A component renders again only when a field changes that it,
 * or a child that it hands the session to, has read; with a selector, only when the selected value changes.
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
  const context = useSessionContext('useSession')
  // With a selector nothing has to follow which fields are read, and a page may have a thousand such readers.
  // biome-ignore-start lint/correctness/useHookAtTopLevel: a call has a selector in every rendering or in none
  return selector ? useSelected(context, selector) : useRead(context)
  // biome-ignore-end lint/correctness/useHookAtTopLevel: as above
}

function useSelected<Selected>(
  { client, resultOf }: SessionContextValue,
  selector: (session: UseSessionResult) => Selected,
): Selected {
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
  return useLook(client, client.subscribe, select)
}

/** Renders again for the fields that were read. */
function useRead(context: SessionContextValue): UseSessionResult {
  const { client } = context
  const reader = useMemo(() => createReader(context), [context])
  const seen = useLook(client, reader.subscribe, reader.look)
  // What was not read until now is shown as it is in this render. Hydration shows what the server rendered.
  return reader.snapshotOf(seen.isServers ? client.getServerState() : client.getState())
}

// React 18 warns of layout effects on a server, where none runs.
const useShownEffect = typeof document === 'undefined' ? useEffect : useLayoutEffect

/** Renders again when `look` returns another value for the state. */
function useLook<Seen>(
  client: SessionClient,
  subscribe: SessionClient['subscribe'],
  look: (state: SessionState) => Seen,
): Seen {
  const seen = useSyncExternalStore(
    subscribe,
    () => look(client.getState()),
    () => look(client.getServerState()),
  )
  const [, render] = useReducer((count: number) => count + 1, 0)
  const latest = useRef({ look, seen })
  useShownEffect(() => {
    latest.current = { look, seen }
  })
  // A tree that <Activity> hid hears nothing: it must not be painted with a session that was left since.
  useShownEffect(() => {
    const { look, seen } = latest.current
    if (!Object.is(look(client.getState()), seen)) render()
  }, [client])
  return seen
}

/** Another one when a field changed that was read. */
interface Seen {
  result: UseSessionResult
  isServers: boolean
}

/**
 * What one component reads, and the components that it hands the session to. Every read counts, also in an event or in
 * a child that renders later: it can't be told from one that shows something. A render too many is the smaller evil.
 */
function createReader({ client, resultOf }: SessionContextValue) {
  const read = new Set<keyof UseSessionResult>()
  let notify: (() => void) | undefined
  let seen: Seen | undefined
  let shown: UseSessionResult | undefined
  let snapshot: UseSessionResult | undefined
  const handler: ProxyHandler<UseSessionResult> = {
    get(result, field: keyof UseSessionResult) {
      if (!read.has(field)) {
        read.add(field)
        // Not followed until now: the component renders once more if it has changed since.
        if (result[field] !== resultOf(client.getState())[field]) queueMicrotask(() => notify?.())
      }
      return result[field]
    },
  }
  return {
    subscribe(listener: () => void) {
      notify = listener
      return client.subscribe(listener)
    },
    look(state: SessionState): Seen {
      const result = resultOf(state)
      // Nothing was read yet: any change may matter.
      let isSame = seen?.result === result || read.size > 0
      if (seen) for (const field of read) isSame &&= seen.result[field] === result[field]
      if (!seen || !isSame) seen = { result, isServers: false }
      seen.isServers = state === client.getServerState()
      return seen
    },
    /** The object behind is frozen and of this state alone, so a snapshot never changes. */
    snapshotOf(state: SessionState): UseSessionResult {
      const result = resultOf(state)
      if (!snapshot || result !== shown) snapshot = new Proxy(result, handler)
      shown = result
      if (seen) seen.result = result
      return snapshot
    },
  }
}
