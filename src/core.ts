export type { AttachOptions, SessionClientOptions, SessionEvent, SessionStorage } from './core/options.ts'
export {
  createSessionClient,
  type SessionClient,
  type SessionQueryOptions,
} from './core/session-client.ts'
export type { SessionState } from './core/session-state.ts'
export { SessionError, type SessionErrorCode } from './wire/session-error.ts'
export type { AssociationField, Associations, SessionInfo } from './wire/session-info.ts'
