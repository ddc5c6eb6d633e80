import type { Handler } from './reply.ts'
import { queryOf, sendJson } from './reply.ts'

/** `/api/echo` tells a promise card what really arrived, which no wrapper of fetch in the page can know. */
export const echo: Handler = (request, response) => {
  const header = request.headers['x-session-id']
  sendJson(response, 200, { query: queryOf(request).get('sessionId'), header: header ?? null })
}

/**
 * An open redirect to another origin, and what arrives there: `/api/leave` answers 302, `/demo/trap` is the
 * stranger, who lets every header come, and `/demo/trap?ask` tells whether a session id came with it.
 */
export function createTrap(): { leave: Handler; trap: Handler } {
  const caught = new Map<string, boolean>()
  return {
    leave(request, response) {
      const [host = 'localhost', port] = (request.headers.host ?? '').split(':')
      const stranger = host === 'localhost' ? '127.0.0.1' : 'localhost'
      const token = queryOf(request).get('token') ?? ''
      response.writeHead(302, {
        location: `http://${stranger}${port ? `:${port}` : ''}/demo/trap?token=${encodeURIComponent(token)}`,
      })
      response.end()
    },
    trap(request, response) {
      const query = queryOf(request)
      const token = query.get('token') ?? ''
      if (query.has('ask')) {
        sendJson(response, 200, { came: caught.has(token), hadId: caught.get(token) ?? false })
        caught.delete(token)
        return
      }
      if (request.method !== 'OPTIONS' && caught.size < 1_000)
        caught.set(token, request.headers['x-session-id'] !== undefined || query.has('sessionId'))
      sendJson(
        response,
        200,
        {},
        {
          'access-control-allow-origin': '*',
          'access-control-allow-headers': 'x-session-id',
        },
      )
    },
  }
}
