import type { AssociationField } from '../../src/wire/session-info.ts'

type Ids = Partial<Record<AssociationField, string>>

/** In what the servers of the documented API differ. */
export interface ServerHabits {
  /** Answers tell what is associated, or the id alone. */
  isEchoing: boolean
  /** What a GET of an unknown id gets: the error, or another session, without a word. */
  unknown: 'not-found' | 'another'
  /** Whether a POST to an unknown id makes that session. */
  createsOnAssociate: boolean
}

/**
 * A Session Management API in memory, which can be down, and can forget. What is not below `/sessions` is the
 * storefront's: it needs the session that the request names.
 */
export function createSimulatedServer({ isEchoing, unknown, createsOnAssociate }: ServerHabits) {
  let serial = 0
  const notFound = () => Response.json({ statusCode: 6, description: 'Session not found' }, { status: 404 })
  const server = {
    sessions: new Map<string, Ids>(),
    /** The tenant that each session was made for; '' for none. */
    tenants: new Map<string, string>(),
    /** Requests of one tenant that named a session of another one. */
    crossed: [] as string[],
    isDown: false,
    answer(method: string, path: string, headers: Headers, body: string): Response {
      if (server.isDown) return Response.json({ statusCode: 1, description: 'down' }, { status: 503 })
      const { pathname, searchParams } = new URL(path, 'https://shop.test')
      const named = searchParams.get('sessionId')
      const [, asked] = /\/sessions\/(.*)$/.exec(pathname) ?? []
      if (!asked) return named && !server.sessions.has(named) ? notFound() : Response.json({ cart: [] })
      const tenant = searchParams.get('tenantId') ?? ''
      if (tenant !== (server.tenants.get(asked) ?? tenant)) server.crossed.push(`${method} ${path}`)
      const customerId = headers.get('gkc_customerId')
      const ids: Ids = { ...(body && JSON.parse(body)), ...(customerId && { customerId }) }
      const isUnknown = method !== 'PUT' && !server.sessions.has(asked)
      if (isUnknown && (method === 'GET' ? unknown === 'not-found' : !createsOnAssociate)) return notFound()
      const isNew = method === 'PUT' || (isUnknown && method === 'GET')
      const sessionId = isNew ? `s${++serial}` : asked
      const known = { ...server.sessions.get(sessionId), ...ids }
      server.sessions.set(sessionId, known)
      server.tenants.set(sessionId, tenant)
      return Response.json({ statusCode: 0, response: { ...(isEchoing && known), sessionId } })
    },
  }
  return server
}
