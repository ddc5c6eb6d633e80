import { createContext, useContext } from 'react'
import type { SessionClient, SessionState } from '../core.ts'

/** What can be done with the session. The functions are stable references. */
interface SessionActions {
  /**
   * Ties ids to the session: visible at once, sent with all others of this tick, kept until the server confirms.
   * @throws SessionError `invalid-input`, `disabled`, `http` (a 4xx), or `aborted` by `reset()` and `forget()`
   */
  readonly associate: SessionClient['associate']
  /** Leaves this session in every tab (sign-out, shared device) and begins a new anonymous one. */
  readonly reset: SessionClient['reset']
  /** Consent withdrawn: removes all that was stored, in every tab, and disables the session. */
  readonly forget: SessionClient['forget']
}

/** The state of the session and what can be done with it: an immutable snapshot of one render. */
export type UseSessionResult = SessionState & SessionActions

/** What the hooks work with. */
export interface SessionContextValue {
  client: SessionClient
  /** One object a state, however many components read it. */
  resultOf(state: SessionState): UseSessionResult
  /** Whether the provider is mounted. */
  isMounted: boolean
}

export const SessionContext = createContext<SessionContextValue | undefined>(undefined)

export function createContextValue(client: SessionClient): SessionContextValue {
  const { associate, reset, forget } = client
  let last: UseSessionResult | undefined
  let lastState: SessionState | undefined
  return {
    client,
    resultOf(state) {
      if (!last || state !== lastState) last = Object.freeze({ ...state, associate, reset, forget })
      lastState = state
      return last
    },
    isMounted: false,
  }
}

/** What the nearest provider gives to a hook. */
export function useSessionContext(hook: string): SessionContextValue {
  const value = useContext(SessionContext)
  if (!value) throw new Error(`${hook} needs a <SessionProvider> above the component that calls it`)
  return value
}
