import { replaceEqualDeep } from '@tanstack/query-core'
import type { SessionError } from '../wire/session-error.ts'
import { type Associations, fieldsOf, type SessionInfo } from '../wire/session-info.ts'
import { report } from './callbacks.ts'

/** What a component can know of the session. One object, the same reference until something in it changes. */
export interface SessionState {
  /** `error` only while there is no id to work with. */
  status: 'disabled' | 'pending' | 'ready' | 'error'
  /** Known at once when storage has one. */
  sessionId: string | null
  /** With associations applied at once, before the server has confirmed them. */
  session: SessionInfo | null
  /** A request that asks for or creates the session is under way. */
  isValidating: boolean
  /** Some ids are not confirmed yet. */
  isAssociating: boolean
  /** The latest trouble; cleared by the next success. */
  error: SessionError | null
  /** Where the id is kept; `memory` where the browser refused storage. */
  persistence: 'local' | 'session' | 'memory' | 'custom'
}

/** The facts from which the state follows. */
interface StateSources {
  enabled: boolean
  sessionId: string | null
  /** What the query cache holds. */
  cached: SessionInfo | undefined
  pending: Associations
  isValidating: boolean
  error: SessionError | null
  persistence: SessionState['persistence']
}

/** The state as it follows from its sources. */
export interface StateView {
  get(): SessionState
  subscribe(listener: () => void): () => void
  /** Something may have changed: tells the listeners, where the state is another one. */
  update(): void
}

export function createStateView(
  sources: () => StateSources,
  /** Every change is followed by `update()`, so that a thousand readers need not derive the state each. */
  isLive: () => boolean,
): StateView {
  let state: SessionState | undefined
  /** What the listeners know. */
  let told: SessionState | undefined
  const listeners = new Set<() => void>()

  const derive = () => {
    state = deriveState(sources(), state)
    return state
  }
  return {
    get: () => (told && isLive() ? told : derive()),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    update() {
      if (derive() === told) return
      told = state
      for (const listener of listeners) report(listener)
    },
  }
}

/** The one place where the state is made; returns `last` itself where nothing changed. */
function deriveState(sources: StateSources, last: SessionState | undefined): SessionState {
  const { enabled, cached, pending, error, persistence } = sources
  const sessionId = enabled ? sources.sessionId : null
  const next: SessionState = {
    status: !enabled ? 'disabled' : sessionId ? 'ready' : error ? 'error' : 'pending',
    sessionId,
    session: sessionId ? { ...(cached?.sessionId === sessionId && cached), ...pending, sessionId } : null,
    isValidating: enabled && sources.isValidating,
    isAssociating: enabled && fieldsOf(pending).length > 0,
    error,
    persistence,
  }
  return replaceEqualDeep(last, next)
}
