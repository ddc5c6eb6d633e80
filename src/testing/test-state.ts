import { isSessionError, type SessionError, type SessionInfo, type SessionState } from '../core.ts'
import { isSessionId } from '../wire/session-info.ts'

type Flags = Partial<Pick<SessionState, 'isConfirmed' | 'isValidating' | 'isAssociating' | 'persistence'>>

/** A part of a state, as a test says it; the rest is completed. A state that the client can't have does not compile. */
export type TestState = Flags &
  (
    | {
        status?: 'ready' | undefined
        sessionId?: string | undefined
        session?: SessionInfo | undefined
        error?: SessionError | null
      }
    | {
        status: 'pending' | 'disabled'
        sessionId?: null | undefined
        session?: null | undefined
        error?: SessionError | null
      }
    | { status?: 'pending' | undefined; sessionId: null; session?: null | undefined; error?: null }
    | { status: 'error'; sessionId?: null | undefined; session?: null | undefined; error: SessionError }
  )

/** The id that a test session has unless a test says another one. */
export const TEST_SESSION_ID = 'test-session'

/** The state before a test says anything. */
const READY: SessionState = {
  status: 'ready',
  sessionId: TEST_SESSION_ID,
  session: { sessionId: TEST_SESSION_ID },
  error: null,
  isConfirmed: true,
  isValidating: false,
  isAssociating: false,
  persistence: 'memory',
}

const impossible = (what: string): never => {
  throw new TypeError(`createTestSession: the client can't have such a state: ${what}`)
}

/**
 * Completes a part of a state: of `sessionId` and `session` one gives the other, and without either the session of
 * before stays, if it can.
 *
 * @throws TypeError for a state that the real client can't have; the message says why
 */
export function completeState(change: TestState, before: SessionState = READY): SessionState {
  const { isConfirmed, isValidating, isAssociating, persistence } = { ...before, ...flagsOf(change) }
  const error = change.error === undefined ? errorAfter(change, before) : change.error
  if (error !== null && !isSessionError(error)) impossible('error must be a SessionError or null')
  const sessionId = idAfter(change, before)
  const isSaid = change.sessionId !== undefined || change.session !== undefined
  const status = change.status ?? (sessionId ? 'ready' : isSaid ? 'pending' : before.status)
  if (status === 'ready') {
    if (!isSessionId(sessionId)) return impossible(`ready without a valid sessionId (${String(sessionId)})`)
    const kept = before.session?.sessionId === sessionId ? before.session : { sessionId }
    const session: SessionInfo = change.session ?? kept
    if (session.sessionId !== sessionId) impossible('sessionId and session.sessionId differ')
    const wasConfirmed = before.status === 'ready' ? isConfirmed : true
    const confirmed = change.isConfirmed ?? wasConfirmed
    return {
      status,
      sessionId,
      session,
      error,
      isConfirmed: confirmed,
      isValidating,
      isAssociating,
      persistence,
    }
  }
  if (change.sessionId || change.session) impossible(`${status} with a session`)
  const common = {
    sessionId: null,
    session: null,
    isConfirmed: false,
    isValidating,
    isAssociating,
    persistence,
  }
  if (status === 'error')
    return error ? { status, error, ...common } : impossible('error without an error: say which one')
  return { status, error, ...common }
}

const flagsOf = (change: TestState): Flags =>
  Object.fromEntries(
    (['isConfirmed', 'isValidating', 'isAssociating', 'persistence'] as const)
      .filter((name) => change[name] !== undefined)
      .map((name) => [name, change[name]]),
  )

/** An error ends when the status says so. */
const errorAfter = ({ status }: TestState, before: SessionState) =>
  status === undefined || status === before.status ? before.error : null

function idAfter(change: TestState, before: SessionState): string | null {
  if (change.sessionId !== undefined) return change.sessionId
  if (change.session !== undefined) return change.session?.sessionId ?? null
  if (change.status !== undefined && change.status !== 'ready') return null
  return change.status === 'ready' ? (before.sessionId ?? TEST_SESSION_ID) : before.sessionId
}
