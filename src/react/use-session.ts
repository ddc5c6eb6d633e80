'use client'

import { replaceEqualDeep } from '@tanstack/query-core'
import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useSyncExternalStore } from 'react'
import type { SessionState } from '../core.ts'
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
  const look = () => select(client.getState())
  const seen = useSyncExternalStore(client.subscribe, look, () => select(client.getServerState()))
  useLookAgain(look, seen, client)
  return seen
}

/** Renders again for the fields that were read. */
function useRead(context: SessionContextValue): UseSessionResult {
  const { client } = context
  const reader = useMemo(() => new Reader(context), [context])
  const seen = useSyncExternalStore(reader.subscribe, reader.seen, reader.seenOnServer)
  useLookAgain(reader.seen, seen, reader)
  // What was not read until now is shown as it is in this render. Hydration shows what the server rendered.
  return reader.snapshotOf(seen.isServers ? client.getServerState() : client.getState())
}

// React 18 warns of layout effects on a server, where none runs.
const useShownEffect = typeof document === 'undefined' ? useEffect : useLayoutEffect

/**
 * A tree that <Activity> hid hears nothing: it must not be painted with a session that was left since. React runs this
 * effect again when it shows the tree, with `look` and `seen` of the latest render.
 */
function useLookAgain<Seen>(look: () => Seen, seen: Seen, source: object): void {
  const [, render] = useReducer((count: number) => count + 1, 0)
  useShownEffect(() => {
    if (!Object.is(look(), seen)) render()
  }, [source])
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
class Reader implements ProxyHandler<UseSessionResult> {
  readonly #read: (keyof UseSessionResult)[] = []
  #notify: (() => void) | undefined
  #seen: Seen | undefined
  #shown: UseSessionResult | undefined
  #snapshot: UseSessionResult | undefined
  readonly #context: SessionContextValue

  constructor(context: SessionContextValue) {
    this.#context = context
  }

  subscribe = (listener: () => void) => {
    this.#notify = listener
    return this.#context.client.subscribe(listener)
  }

  seen = () => this.#look(this.#context.client.getState())
  seenOnServer = () => this.#look(this.#context.client.getServerState())

  #look(state: SessionState): Seen {
    const seen = this.#seen
    const result = this.#context.resultOf(state)
    if (seen?.result === result) return seen
    const isServers = state === this.#context.client.getServerState()
    // If nothing was read yet, any change may matter.
    if (seen && this.#read.length && this.#read.every((field) => seen.result[field] === result[field])) {
      seen.isServers = isServers
      return seen
    }
    this.#seen = { result, isServers }
    return this.#seen
  }

  /** The object behind is frozen and of this state alone, so a snapshot never changes. */
  snapshotOf(state: SessionState): UseSessionResult {
    const result = this.#context.resultOf(state)
    if (result !== this.#shown) {
      this.#shown = result
      this.#snapshot = new Proxy(result, this)
    }
    if (this.#seen) this.#seen.result = result
    return this.#snapshot as UseSessionResult // made above
  }

  /** A field is read. One that was not followed until now makes the component render once more if it has changed since. */
  get(result: UseSessionResult, field: keyof UseSessionResult) {
    if (!this.#read.includes(field)) {
      this.#read.push(field)
      const { client, resultOf } = this.#context
      if (result[field] !== resultOf(client.getState())[field])
        queueMicrotask(() => {
          // A rendering that React gave up may have said that it shows the current one.
          this.#seen = undefined
          this.#notify?.()
        })
    }
    return result[field]
  }
}
