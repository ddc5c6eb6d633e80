import type { QueryClient } from '@tanstack/react-query'
import type { AssociationField, Associations, SessionInfo } from '../wire/session-info.ts'
import type { SessionNote } from './events.ts'
import type { SessionQueryOptions } from './session-cache.ts'
import type { SessionState } from './session-state.ts'

/** The session of one browser. `createSessionClient` makes it; it does nothing until `start()` or the first use. */
export interface SessionClient {
  /** Restores or creates the session and follows page, network and other tabs. Idempotent. */
  start(): void
  /** Ends listeners, timers and channels; a late answer changes nothing. `start()` again is allowed. */
  stop(): void
  /** The state of the session: the same reference until something in it changes. */
  getState(): SessionState
  /** The state that server rendering and hydration show: a constant that contains nothing of storage. */
  getServerState(): SessionState
  /** Calls `listener` after each change of the state. Returns the function that ends this. */
  subscribe(listener: () => void): () => void
  /**
   * The session, created or restored; all callers share one request. A stored session is returned also when the
   * API can't confirm it now, after `attach.waitMs` at the latest.
   * @throws SessionError when there is no session and none can be made now, or `disabled`
   */
  ready(): Promise<SessionInfo>
  /**
   * For loaders of routers: starts the client like `ready()`, and resolves with the state as soon as there is an id, a
   * first error or `disabled`, after `attach.waitMs` at the latest; on a server at once. Never rejects.
   */
  settled(): Promise<SessionState>
  /**
   * Ties ids to the session: visible at once, sent with all others of this tick, kept until the server confirms.
   * @throws SessionError `invalid-input`, `disabled`, `http` (a 4xx), or `aborted` by `reset()` and `forget()`
   */
  associate(ids: Associations): Promise<SessionInfo>
  /**
   * Tells who is signed in, as the app knows it. Only a changed value acts: a customer said again after another tab
   * signed out signs nobody in. Another customer, or null after a customer whom this page named and who is still the
   * session's, is a sign-out: the session is left first. Null on load says nothing, because the app may not know yet.
   * Before it signs somebody in, the client asks the server whose session a stored one is. Errors show in state and
   * events. While the client is disabled the value is remembered, and acts when it is enabled; `forget()` drops it.
   */
  identify(customerId: string | null): void
  /** Leaves this session in every tab (sign-out, shared device) and begins a new anonymous one. */
  reset(): Promise<SessionInfo>
  /** Consent withdrawn: removes all that was stored, in every tab; then as after `setEnabled(false)`. */
  forget(): void
  /** `false`: nothing is read, written or sent; what is stored stays until `forget()`. */
  setEnabled(enabled: boolean): void
  /**
   * For providers: moves the session to another QueryClient. No request is made. A client that was made with a
   * `queryClient` keeps it.
   */
  setQueryClient(queryClient: QueryClient): void
  /**
   * For devtools: calls `listener` at each event, each request of the storefront and each call of the API. In
   * development it first replays the latest 100 notes of this page. Returns the function that ends this.
   */
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
