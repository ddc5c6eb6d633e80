import { type HttpHandler, HttpResponse, http } from 'msw'
import { quiet } from './core/callbacks.ts'
import type { Associations, SessionClient, SessionInfo, SessionState } from './core.ts'
import { SessionError } from './core.ts'
import { createSessionHandler } from './server/session-handler.ts'
import { memoryStore } from './server/stores/memory.ts'
import { fieldsOf } from './wire/session-info.ts'

/** One call of a method of a test session. */
export interface TestSessionCall {
  name: 'start' | 'stop' | 'ready' | 'associate' | 'reset' | 'forget' | 'setEnabled' | 'fetch'
  args: unknown[]
}

/** A session client without network or timers, whose state a test sets. */
export interface TestSession extends SessionClient {
  /** The same object, for `const { client } = createTestSession()`. */
  client: TestSession
  /** What was called, in order. */
  calls: TestSessionCall[]
  /** Changes parts of the state and tells all readers. */
  setState(state: Partial<SessionState>): void
}

/**
 * A client for component tests: `<SessionProvider client={createTestSession()}>`. It is `ready` with the id
 * `test-session` unless told otherwise; `associate()` shows at once, `reset()` gives another id, `fetch` is the
 * fetch of the page.
 *
 * @example
 * const session = createTestSession({ status: 'pending', sessionId: null, session: null })
 * session.setState({ status: 'ready', sessionId: 'abc', session: { sessionId: 'abc' } })
 * expect(session.calls).toContainEqual({ name: 'associate', args: [{ customerId: 'ada' }] })
 */
export function createTestSession(initial: Partial<SessionState> = {}): TestSession {
  const sessionId = initial.sessionId === undefined ? 'test-session' : initial.sessionId
  let state: SessionState = {
    status: sessionId ? 'ready' : 'pending',
    sessionId,
    session: sessionId ? { sessionId } : null,
    isValidating: false,
    isAssociating: false,
    error: null,
    persistence: 'memory',
    ...initial,
  }
  const serverState = state
  const listeners = new Set<() => void>()
  const calls: TestSessionCall[] = []
  let resets = 0
  /** Associated while there was no session yet: they come with it. */
  let early: Associations = {}
  let waiting: ((info: SessionInfo) => void)[] = []
  const setState = (change: Partial<SessionState>) => {
    state = { ...state, ...change }
    if (state.session) {
      const info = { ...state.session, ...early }
      state.session = info
      early = {}
      for (const resolve of waiting) resolve(info)
      waiting = []
    }
    for (const listener of listeners) listener()
  }
  const session = quiet(async (): Promise<SessionInfo> => {
    if (state.session) return state.session
    if (state.status === 'pending')
      return new Promise((resolve) => {
        waiting.push(resolve)
      })
    throw state.error ?? new SessionError('disabled', 'The test session has no session')
  })
  const logged =
    <Args extends unknown[], Result>(name: TestSessionCall['name'], work: (...args: Args) => Result) =>
    (...args: Args): Result => {
      calls.push({ name, args })
      return work(...args)
    }
  const disable = () => {
    early = {}
    setState({ status: 'disabled', sessionId: null, session: null })
  }

  const client: TestSession = {
    get client() {
      return client
    },
    calls,
    setState,
    getState: () => state,
    getServerState: () => serverState,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    start: logged('start', () => undefined),
    stop: logged('stop', () => undefined),
    ready: logged('ready', session),
    associate: logged('associate', (ids: Associations) => {
      if (state.status === 'disabled') return session()
      for (const field of fieldsOf(ids)) early[field] = ids[field]
      if (state.session) setState({})
      return session()
    }),
    reset: logged('reset', () => {
      early = {}
      const next = `test-session-${++resets}`
      setState({ status: 'ready', sessionId: next, session: { sessionId: next }, error: null })
      return session()
    }),
    confirming: () => undefined,
    observe: () => () => undefined,
    pendingFields: () => [],
    forget: logged('forget', disable),
    setEnabled: logged('setEnabled', (enabled: boolean) => {
      if (enabled)
        setState({ ...serverState, ...(sessionId && { status: 'ready', sessionId, session: { sessionId } }) })
      else disable()
    }),
    fetch: logged('fetch', (...args: Parameters<typeof fetch>) => globalThis.fetch(...args)),
    queryOptions: {
      queryKey: [
        'storefront-session',
        'test',
        '',
        '',
      ] as unknown as SessionClient['queryOptions']['queryKey'], // the tag is a type only
      queryFn: session,
      staleTime: Number.POSITIVE_INFINITY,
    },
  }
  return client
}

/** A documented way for the API to fail or to differ. */
export type SessionApiFault =
  /** The connection breaks. */
  | 'network'
  /** 404 "Session not found". */
  | 'not-found'
  /** "Session not found" inside a 200. */
  | 'error-in-200'
  /** 200 with a page of HTML, as proxies and captive portals send. */
  | 'html'
  /** 200 with nothing in it. */
  | 'empty'
  /** 500 with the JSON error. */
  | 'server-error'
  /** 503 with `Retry-After: 1`. */
  | 'retry-after'
  /** A session that nobody asked for. */
  | 'other-id'
  /** The payload under `data`. */
  | 'data-envelope'
  /** The payload without an envelope. */
  | 'bare-envelope'

/** Options of {@link sessionApiHandlers}. */
export interface SessionApiHandlersOptions {
  /** Asked before each request; a fault that it returns is played in place of the right answer. */
  faults?: (request: {
    method: 'GET' | 'PUT' | 'POST'
    sessionId: string | null
  }) => SessionApiFault | undefined
}

/**
 * MSW handlers of a Session Management API at `baseUrl`: our own server on a memory store, with faults on demand.
 *
 * @example
 * const server = setupServer(...sessionApiHandlers('/gks-server/v1', { faults: ({ method }) => (method === 'PUT' ? 'html' : undefined) }))
 */
export function sessionApiHandlers(
  baseUrl: string,
  { faults }: SessionApiHandlersOptions = {},
): HttpHandler[] {
  const base = baseUrl.replace(/\/+$/, '')
  const handle = createSessionHandler({ store: memoryStore() })
  return [
    http.all(`${base}/sessions/:sessionId`, async ({ request, params }) => {
      const method = request.method as 'GET' | 'PUT' | 'POST' // other methods get the server's 405 below
      const sessionId = method === 'PUT' ? null : String(params.sessionId)
      const fault = faults?.({ method, sessionId })
      const { search } = new URL(request.url)
      const body = method === 'GET' ? null : await request.text()
      const answer = () =>
        handle(
          new Request(`http://session.api/sessions/${String(params.sessionId)}${search}`, {
            method,
            headers: request.headers,
            ...(body && { body }),
          }),
        )
      return playFault(fault, answer)
    }),
  ]
}

async function playFault(
  fault: SessionApiFault | undefined,
  answer: () => Promise<Response>,
): Promise<Response> {
  const notFound = { statusCode: 6, description: 'Session not found' }
  switch (fault) {
    case 'network':
      return HttpResponse.error()
    case 'not-found':
      return HttpResponse.json(notFound, { status: 404 })
    case 'error-in-200':
      return HttpResponse.json(notFound)
    case 'html':
      return HttpResponse.html('<!doctype html><title>Please sign in</title>')
    case 'empty':
      return new HttpResponse('')
    case 'server-error':
      return HttpResponse.json({ statusCode: 1, description: 'Internal error' }, { status: 500 })
    case 'retry-after':
      return HttpResponse.json(
        { statusCode: 2, description: 'Busy' },
        { status: 503, headers: { 'retry-after': '1' } },
      )
    case 'other-id':
      return HttpResponse.json({ statusCode: 0, response: { sessionId: `other-${crypto.randomUUID()}` } })
    default: {
      const response = await answer()
      if (!fault || !response.ok) return response
      const { response: info } = (await response.json()) as { response: SessionInfo } // our own server's envelope
      return HttpResponse.json(fault === 'bare-envelope' ? info : { status: 0, data: info })
    }
  }
}
