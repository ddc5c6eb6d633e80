export { type CookieStorageOptions, cookieStorage } from './core/cookie-storage.ts'
export type { SessionEvent, SessionNote, UnattachedReason } from './core/events.ts'
export type { AttachOptions, SessionClientOptions, SessionStorage } from './core/options.ts'
export type { SessionQueryOptions } from './core/session-cache.ts'
export { createSessionClient } from './core/session-client.ts'
export type { SessionClient } from './core/session-client-type.ts'
export type { SessionState } from './core/session-state.ts'
export * from './wire/register.ts'
export {
  isSessionError,
  SessionError,
  type SessionErrorCode,
  type SessionErrorDetails,
} from './wire/session-error.ts'
export type { AssociationField, Associations, KnownSessionInfo, SessionInfo } from './wire/session-info.ts'
