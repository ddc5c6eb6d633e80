import { createSessionHandler, createSessionReader, memoryStore } from 'storefront-session/server'

const store = memoryStore() // in production: redisStore({ url }) or sqliteStore({ path })

export const handle = createSessionHandler({ store, basePath: '/gks-server/v1', cookie: {} })

/** `sessions.of(request)`: the visitor's session in loaders and actions of the server. */
export const sessions = createSessionReader({ store, from: { query: 'sessionId', cookie: 'sid' } })
