import { quiet } from '../core/callbacks.ts'
import type { Associations, SessionClient, SessionInfo, SessionState } from '../core.ts'
import { SessionError } from '../core.ts'
import { fieldsOf } from '../wire/session-info.ts'

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
 * `test-session` unless told otherwise; another status than `ready` has no id unless one is given, and of `sessionId`
 * and `session` one gives the other. `associate()` shows at once, `reset()` gives another id, `fetch` is the
 * fetch of the page.
 *
 * @example
 * const session = createTestSession({ status: 'pending', sessionId: null, session: null })
 * session.setState({ status: 'ready', sessionId: 'abc', session: { sessionId: 'abc' } })
 * expect(session.calls).toContainEqual({ name: 'associate', args: [{ customerId: 'ada' }] })
 */
export function createTestSession(initial: Partial<SessionState> = {}): TestSession {
  const givenId = initial.sessionId === undefined ? initial.session?.sessionId : initial.sessionId
  const hasDefault = initial.session !== null && (initial.status ?? 'ready') === 'ready'
  const sessionId = givenId === undefined ? (hasDefault ? 'test-session' : null) : givenId
  let state: SessionState = {
    status: sessionId ? 'ready' : 'pending',
    sessionId,
    session: sessionId ? { sessionId } : null,
    isValidating: false,
    isAssociating: false,
    error: null,
    persistence: 'memory',
    ...initial,
    ...(initial.sessionId === undefined && { sessionId }),
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
