export type { SessionClient } from './core/client-interface.ts'
export type {
  AttachOptions,
  SessionClientOptions,
  SessionEvent,
  SessionNote,
  SessionStorage,
} from './core/options.ts'
export type { SessionQueryOptions } from './core/session-cache.ts'
export { createSessionClient } from './core/session-client.ts'
export type { SessionState } from './core/session-state.ts'
export { SessionError, type SessionErrorCode } from './wire/session-error.ts'
export type { AssociationField, Associations, SessionInfo } from './wire/session-info.ts'
