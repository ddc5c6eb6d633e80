/**
 * The Session Management API as handlers for MSW 2.
 *
 * @packageDocumentation
 */
export type { SessionApiFault } from './msw/faults.ts'
export {
  type SessionApiCall,
  type SessionApiHandlers,
  type SessionApiHandlersOptions,
  sessionApiHandlers,
} from './msw/session-api-handlers.ts'
