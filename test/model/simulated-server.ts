import type { AssociationField } from '../../src/wire/session-info.ts'

type Ids = Partial<Record<AssociationField, string>>

/** A Session Management API in memory, which can be down, and can forget. */
export function createSimulatedServer() {
  let serial = 0
  const server = {
    sessions: new Map<string, Ids>(),
    isDown: false,
    answer(method: string, path: string, headers: Headers, body: string): Response {
      if (server.isDown) return Response.json({ statusCode: 1, description: 'down' }, { status: 503 })
      const [, asked = ''] = /\/sessions\/(.*)$/.exec(path) ?? []
      const customerId = headers.get('gkc_customerId')
      const ids: Ids = { ...(body && JSON.parse(body)), ...(customerId && { customerId }) }
      if (method === 'GET' && !server.sessions.has(asked))
        return Response.json({ statusCode: 6, description: 'Session not found' }, { status: 404 })
      const sessionId = method === 'PUT' ? `s${++serial}` : asked
      const known = { ...server.sessions.get(sessionId), ...ids }
      if (method !== 'GET') server.sessions.set(sessionId, known)
      return Response.json({ statusCode: 0, response: { ...known, sessionId } })
    },
  }
  return server
}
