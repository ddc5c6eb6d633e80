/**
 * The Session Management API as an embeddable server.
 *
 * @packageDocumentation
 */
export type { AssociationChange } from './server/app-callbacks.ts'
export type { CookieOptions } from './server/cookie.ts'
export type { CorsOptions } from './server/cors.ts'
export type { RequestDiagnostics, StoreDiagnostics } from './server/diagnostics.ts'
export type { RequestReport, SessionHandlerOptions } from './server/handler-options.ts'
export type { LimitOptions } from './server/limit.ts'
export { createMetrics, type Metrics } from './server/metrics.ts'
export { toNodeListener } from './server/node-listener.ts'
export type { RequestOrigin } from './server/request.ts'
export { type RunningServer, type ServeOptions, serve } from './server/serve.ts'
export { createSessionAdmin, type SessionAdmin, type SessionReport } from './server/session-admin.ts'
export { createSessionHandler, type SessionHandler } from './server/session-handler.ts'
export {
  createSessionReader,
  type ReadableRequest,
  type SessionReader,
  type SessionReaderOptions,
} from './server/session-reader.ts'
export type {
  SessionIds,
  SessionLimits,
  SessionPage,
  SessionStore,
  StoredSession,
} from './server/session-store.ts'
export { type MemoryStoreOptions, memoryStore } from './server/stores/memory.ts'
export { type RedisStoreOptions, type RedisStoreSettings, redisStore } from './server/stores/redis.ts'
export type { RedisClient } from './server/stores/redis-client.ts'
export { type SqliteStoreOptions, sqliteStore } from './server/stores/sqlite.ts'
