// The servers of the peers, as far as an anonymous visitor needs them: a visitor without a cookie gets one.
import { randomUUID } from 'node:crypto'

const DAY_MS = 86_400_000

/** Answers for the peers, and what was associated: visitor id to customer id. */
export function createStandIns() {
  const customers = new Map()
  const cookieOf = (headers) => /visitor=([\w-]+)/.exec(headers.cookie ?? '')?.[1]
  /** The visitor of the cookie, or a new one. */
  const visitorOf = (headers) => {
    const known = cookieOf(headers)
    const id = known ?? randomUUID()
    return { id, headers: known ? {} : { 'set-cookie': `visitor=${id}; path=/; httponly; samesite=lax` } }
  }
  const expires = new Date(Date.now() + DAY_MS).toISOString()

  const nextAuth = ({ method, path, headers, body }) => {
    if (path === '/csrf') return { body: { csrfToken: 'token' } }
    const visitor = visitorOf(headers)
    if (method === 'POST') customers.set(visitor.id, JSON.parse(body).data.customerId)
    return { headers: visitor.headers, body: { user: { name: 'anonymous' }, sessionId: visitor.id, expires } }
  }
  const betterAuth = ({ method, headers, body }) => {
    const visitor = visitorOf(headers)
    if (method === 'POST') customers.set(visitor.id, JSON.parse(body).customerId)
    const session = { id: visitor.id, userId: visitor.id, token: visitor.id, expiresAt: expires }
    return { headers: visitor.headers, body: { session, user: { id: visitor.id, isAnonymous: true } } }
  }
  const faststore = ({ headers, body }) => {
    const { session } = JSON.parse(body).variables
    const visitor = visitorOf(headers)
    if (session.person) customers.set(visitor.id, session.person.id)
    // As FastStore's API: null where there is nothing to change.
    const validateSession = session.sessionId === visitor.id ? null : { ...session, sessionId: visitor.id }
    return { headers: visitor.headers, body: { data: { validateSession } } }
  }
  const supabase = ({ body }) => {
    const id = randomUUID()
    const { data } = JSON.parse(body)
    if (data.customerId) customers.set(id, data.customerId)
    const seconds = Math.floor(Date.now() / 1000)
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
    return {
      body: {
        access_token: `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: id, exp: seconds + 3600 })}.c2ln`,
        token_type: 'bearer',
        expires_in: 3600,
        expires_at: seconds + 3600,
        refresh_token: randomUUID(),
        user: { id, aud: 'authenticated', is_anonymous: true, user_metadata: data },
      },
    }
  }
  const posthog = ({ body }) => {
    for (const { event, properties } of JSON.parse(body).batch)
      if (event === '$identify') customers.set(properties.$device_id, properties.distinct_id)
    return { body: { status: 1 } }
  }

  const servers = { 'next-auth': nextAuth, 'better-auth': betterAuth, faststore, supabase, posthog }
  return {
    customers,
    standIn({ url, ...request }) {
      const [, name, ...rest] = url.pathname.split('/')
      return servers[name]?.({ ...request, path: `/${rest.join('/')}` })
    },
  }
}
