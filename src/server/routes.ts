/** The route's template; `unknown` for a path outside the API. */
export type Route = '/sessions/new' | '/sessions/{sessionId}' | '/livez' | '/readyz' | '/healthz' | 'unknown'

/** Where a request goes. */
export interface Place {
  route: Route
  /** As it stands in the path, not yet checked; empty for other routes. */
  sessionId: string
}

const SESSIONS = '/sessions/'
const HEALTH = ['/livez', '/readyz', '/healthz'] as const

/** What each route answers, beside OPTIONS. */
const METHODS: Record<Exclude<Route, 'unknown'>, readonly string[]> = {
  '/sessions/new': ['PUT'],
  '/sessions/{sessionId}': ['GET', 'HEAD', 'POST'],
  '/livez': ['GET', 'HEAD'],
  '/readyz': ['GET', 'HEAD'],
  '/healthz': ['GET', 'HEAD'],
}
const WITH_DELETE: readonly string[] = [...METHODS['/sessions/{sessionId}'], 'DELETE']

/** The methods of a route; `isErasable` adds DELETE to a session's. */
export const methodsOf = (route: Exclude<Route, 'unknown'>, isErasable: boolean): readonly string[] =>
  isErasable && route === '/sessions/{sessionId}' ? WITH_DELETE : METHODS[route]

/** Finds the route by exact templates: no trailing slash, no percent-encoding, no second spelling of a path. */
export function locate(target: string, basePath: string): Place {
  const query = target.indexOf('?')
  const path = query < 0 ? target : target.slice(0, query)
  const below = path.startsWith(basePath) ? path.slice(basePath.length) : ''
  const segment = below.startsWith(SESSIONS) ? below.slice(SESSIONS.length) : ''
  if (segment && !segment.includes('/'))
    return segment === 'new'
      ? { route: '/sessions/new', sessionId: '' }
      : { route: '/sessions/{sessionId}', sessionId: segment }
  return { route: HEALTH.find((health) => health === below) ?? 'unknown', sessionId: '' }
}
