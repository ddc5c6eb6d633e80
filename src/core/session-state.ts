import { replaceEqualDeep } from '@tanstack/query-core'
import type { SessionError } from '../wire/session-error.ts'
import { fieldsOf, type SessionInfo } from '../wire/session-info.ts'
import { unconfirmed } from './associations.ts'
import { isDue } from './next-request.ts'
import { idOf, infoOf, type Session } from './session.ts'

/** What every state has, whatever its status. */
interface CommonState {
  /**
   * The server has confirmed this session in this page's life. Until then a missing `session.customerId` means "not
   * known yet". A server that does not echo associations, unlike ours, never tells.
   */
  readonly isConfirmed: boolean
  /** A request that asks for or creates the session is under way. */
  readonly isValidating: boolean
  /** Some ids are not confirmed yet. */
  readonly isAssociating: boolean
  /** Where the id is kept; `memory` where the browser refused storage. */
  readonly persistence: 'local' | 'session' | 'memory' | 'custom'
}

/** There is an id to work with. `session` shows associations at once, before the server has confirmed them. */
interface ReadyState extends CommonState {
  readonly status: 'ready'
  readonly sessionId: string
  readonly session: SessionInfo
  /** The latest error; the next success clears it. */
  readonly error: SessionError | null
}

/** `pending`: the first session is on its way. `disabled`: no consent; nothing is read, written or sent. */
interface WaitingState extends CommonState {
  readonly status: 'pending' | 'disabled'
  readonly sessionId: null
  readonly session: null
  readonly error: SessionError | null
}

/** There is no session, and the last attempt to make one failed. The client tries again. */
interface ErrorState extends CommonState {
  readonly status: 'error'
  readonly sessionId: null
  readonly session: null
  readonly error: SessionError
}

/**
 * What a component can know of the session: a union, in which `status` tells which fields are null. The same object
 * until something in it changes.
 */
export type SessionState = ReadyState | WaitingState | ErrorState

/** The one place where the public state is made; returns `last` itself where nothing changed. */
export function deriveState(session: Session, last: SessionState | undefined): SessionState {
  const { isEnabled, standing, initialSession, error } = session
  const sessionId = isEnabled ? (initialSession?.sessionId ?? idOf(session)) : null
  const pending = unconfirmed(session)
  const common = {
    isConfirmed: isEnabled && standing.is === 'confirmed',
    isValidating: isDue(session) && (session.asking > 0 || session.backOff.isOpen()),
    isAssociating: isEnabled && fieldsOf(pending).length > 0,
    persistence: session.persistence.kind(),
  }
  const next: SessionState = sessionId
    ? {
        status: 'ready',
        sessionId,
        session: { ...(initialSession ?? infoOf(session)), ...pending, sessionId } as SessionInfo, // of a Register's fields as the server answered them
        error,
        ...common,
      }
    : !isEnabled || !error || error.code === 'invalid-input'
      ? { status: isEnabled ? 'pending' : 'disabled', sessionId: null, session: null, error, ...common }
      : { status: 'error', sessionId: null, session: null, error, ...common }
  return replaceEqualDeep(last, next)
}
