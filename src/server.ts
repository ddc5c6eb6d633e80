/**
 * The Session Management API as an embeddable server.
 *
 * @packageDocumentation
 */
export type { CorsOptions } from './server/cors.ts'
export { toNodeListener } from './server/node-listener.ts'
export { createSessionAdmin, type SessionAdmin, type SessionReport } from './server/session-admin.ts'
export {
  createSessionHandler,
  type RequestReport,
  type SessionHandler,
  type SessionHandlerOptions,
} from './server/session-handler.ts'
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
