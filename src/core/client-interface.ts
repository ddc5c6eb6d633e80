import type { AssociationField, Associations, SessionInfo } from '../wire/session-info.ts'
import type { SessionNote } from './options.ts'
import type { SessionQueryOptions } from './session-cache.ts'
import type { SessionState } from './session-state.ts'

/** The session of one browser. Made by {@link createSessionClient}; inert until `start()` or the first use. */
export interface SessionClient {
  /** Restores or creates the session and follows page, network and other tabs. Idempotent. */
  start(): void
  /** Ends listeners, timers and channels; what comes late changes nothing. `start()` again is allowed. */
  stop(): void
  /** The same reference until something in it changes. */
  getState(): SessionState
  /** The state that server rendering and hydration show: a constant, nothing of storage in it. */
  getServerState(): SessionState
  /** Calls `listener` after each change of the state. Returns the function that ends this. */
  subscribe(listener: () => void): () => void
  /**
   * The session, created or restored; all callers share one request. A stored session is returned also when the
   * API can't confirm it now.
   * @throws SessionError when there is no session and none can be made now, or `disabled`
   */
  ready(): Promise<SessionInfo>
  /**
   * Ties ids to the session: visible at once, sent with all others of this tick, kept until the server confirms.
   * @throws SessionError `invalid-input`, `disabled`, `http` (a 4xx), or `aborted` by `reset()` and `forget()`
   */
  associate(ids: Associations): Promise<SessionInfo>
  /** Leaves this session in every tab (sign-out, shared device) and begins a new anonymous one. */
  reset(): Promise<SessionInfo>
  /**
   * For code that has to know whose session this is before it signs somebody in. Undefined where that is known: the
   * server has confirmed the session in this page's life, or there is none yet. Else the server is asked until it
   * answers; resolves with true then, with false if the session was left meanwhile or the client ended. `useAssociate`
   * does this.
   */
  confirming(): Promise<boolean> | undefined
  /** Consent withdrawn: removes all that was stored, in every tab; then as after `setEnabled(false)`. */
  forget(): void
  /** `false`: nothing is read, written or sent; what is stored stays. */
  setEnabled(enabled: boolean): void
  /** For devtools: calls `listener` at each event and each attached request. Returns the function that ends this. */
  observe(listener: (note: SessionNote) => void): () => void
  /** For devtools: the fields that the server has not confirmed yet. */
  pendingFields(): AssociationField[]
  /**
   * `fetch` with the session attached where it belongs. Waits `attach.waitMs` at most for a first session; repeats a
   * request once that failed for a lost session, where that is safe.
   */
  fetch: typeof globalThis.fetch
  /** The session as a TanStack query. */
  queryOptions: SessionQueryOptions
}
