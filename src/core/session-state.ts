import type { SessionError } from '../wire/session-error.ts'
import type { SessionInfo } from '../wire/session-info.ts'

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
