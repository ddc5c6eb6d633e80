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
  /** Sessions that had a customer once, also where the server has forgotten that since. */
  const customers = new Set<string>()
  const notFound = () => Response.json({ statusCode: 6, description: 'Session not found' }, { status: 404 })
  const server = {
    sessions: new Map<string, Ids>(),
    /** The tenant that each session was made for; '' for none. */
    tenants: new Map<string, string>(),
    /** Requests of one tenant that named a session of another one. */
    crossed: [] as string[],
    /** Anonymous sessions that got a customer under the id that they had. */
    fixed: [] as string[],
    /** The browser's mark said that the id belongs to a customer: it was chosen for one. */
    isMarked: (_id: string): boolean => false,
    /** Never made again, as by our own server. */
    erased: new Set<string>(),
    isDown: false,
    answer(method: string, path: string, headers: Headers, body: string): Response {
      if (server.isDown) return Response.json({ statusCode: 1, description: 'down' }, { status: 503 })
      const { pathname, searchParams } = new URL(path, 'https://shop.test')
      const named = searchParams.get('sessionId')
      const [, asked] = /\/sessions\/(.*)$/.exec(pathname) ?? []
      if (!asked) return named && !server.sessions.has(named) ? notFound() : Response.json({ cart: [] })
      const tenant = searchParams.get('tenantId') ?? ''
      if (tenant !== (server.tenants.get(asked) ?? tenant)) server.crossed.push(`${method} ${path}`)
      if (method === 'DELETE') {
        server.sessions.delete(asked)
        server.erased.add(asked)
        return new Response(null, { status: 204 })
      }
      const customerId = headers.get('gkc_customerId')
      const ids: Ids = { ...(body && JSON.parse(body)), ...(customerId && { customerId }) }
      const before = method === 'PUT' ? undefined : server.sessions.get(asked)
      const isCustomers = server.isMarked(asked) || customers.has(asked)
      if (before && !before.customerId && customerId && !isCustomers) server.fixed.push(asked)
      const isUnknown = method !== 'PUT' && !before
      if (isUnknown && server.erased.has(asked)) return notFound()
      if (isUnknown && (method === 'GET' ? unknown === 'not-found' : !createsOnAssociate)) return notFound()
      const isNew = method === 'PUT' || (isUnknown && method === 'GET')
      const sessionId = isNew ? `s${++serial}` : asked
      const known = { ...server.sessions.get(sessionId), ...ids }
      server.sessions.set(sessionId, known)
      if (known.customerId) customers.add(sessionId)
      server.tenants.set(sessionId, tenant)
      return Response.json({ statusCode: 0, response: { ...(isEchoing && known), sessionId } })
    },
  }
  return server
}
