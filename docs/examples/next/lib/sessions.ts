import { cookies, headers } from 'next/headers'
import {
  createSessionHandler,
  createSessionReader,
  memoryStore,
  type SessionStore,
} from 'storefront-session/server'

// #region handler
// Next bundles this module more than once, so the store stands where all copies find it.
const shared = globalThis as typeof globalThis & { sessionStore?: SessionStore }
shared.sessionStore ??= memoryStore() // in production: redisStore({ url }) or sqliteStore({ path })
const store = shared.sessionStore

/** Answers /gks-server/v1/sessions/…; with `cookie` the server also knows the visitor of a page. */
export const handle = createSessionHandler({ store, basePath: '/gks-server/v1', cookie: {} })
// #endregion handler

// #region current
const sessions = createSessionReader({ store, from: { cookie: 'sid' } })

/** The visitor's session in server components, route handlers and server actions. */
export async function currentSession() {
  const stored = await sessions.of(new Request('http://shop', { headers: await headers() }))
  return stored && { sessionId: stored.sessionId, customerId: stored.customerId }
}
// #endregion current

// #region user
/** Stands for your auth library: who is signed in, from a cookie of its own. */
export async function currentUser(): Promise<{ id: string } | null> {
  const id = (await cookies()).get('user')?.value
  return id ? { id } : null
}
// #endregion user
