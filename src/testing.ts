export {
  type SessionApiFault,
  type SessionApiHandlersOptions,
  sessionApiHandlers,
} from './testing/session-api-handlers.ts'
export { createTestSession, type TestSession, type TestSessionCall } from './testing/test-session.ts'
