/**
 * A session client for component tests. It needs React Testing Library or the like, but no MSW and no server.
 *
 * @packageDocumentation
 */
export { createTestSession, type TestSession, type TestSessionCall } from './testing/test-session.ts'
