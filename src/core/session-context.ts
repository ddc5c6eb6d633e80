import type { SessionCall } from '../wire/session-api.ts'
import type { SessionError } from '../wire/session-error.ts'
import type { Associations, SessionInfo } from '../wire/session-info.ts'
import type { BackOff } from './back-off.ts'
import type { SessionEvent } from './options.ts'
import type { PendingAssociations } from './pending-associations.ts'
import type { SessionRecord } from './session-record.ts'

/** What the flows (creating, associating, attaching) share of one client. */
export interface SessionContext {
  record: SessionRecord
  pending: PendingAssociations
  backOff: BackOff
  create: 'server' | 'client'
  /** An id that the API said it does not know, and how it said so. */
  lost: { id: string; how: 'lost' | 'replaced' | 'refused' } | undefined
  /** The id that the server confirmed in this page's life. */
  confirmedId: string | undefined
  now(): number
  lock<T>(task: () => Promise<T>): Promise<T>
  call(call: SessionCall): Promise<SessionInfo>
  /** Reads storage again and follows what other tabs did. Returns the id that is current then. */
  follow(): string | null
  /** All that is known to belong to the session, for a session that has to be made again. */
  known(): Associations
  /** Only the server can say whether the session has all that this page accepted. */
  isUnsure(): boolean
  /** The API works: no trouble, no back-off. */
  succeed(): void
  /** The server confirmed this session, with these ids that we sent. */
  confirm(info: SessionInfo, sent?: Associations): void
  lose(id: string, how: 'lost' | 'replaced' | 'refused'): void
  /** These ids are refused for good. */
  refuse(ids: Associations, error: SessionError): void
  emit(event: SessionEvent): void
}

/** Worth another try: everything but an answer that will be the same next time. */
export const isTransient = ({ code, status = 0 }: SessionError): boolean =>
  code === 'network' ||
  code === 'timeout' ||
  code === 'invalid-response' ||
  (code === 'http' && (status < 400 || status >= 500 || status === 408 || status === 425 || status === 429))
