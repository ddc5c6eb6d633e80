import type { Associations, SessionClient, SessionInfo, SessionState } from '../core.ts'
import { SessionError } from '../core.ts'
import { checkAssociations, fieldsOf } from '../wire/session-info.ts'

/** Callers may ignore the promise. */
const quiet =
  <Args extends unknown[], T>(work: (...args: Args) => Promise<T>) =>
  (...args: Args): Promise<T> => {
    const promise = work(...args)
    promise.catch(() => undefined)
    return promise
  }

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
 * and `session` one gives the other. `associate()` shows at once and refuses what the client would refuse, `reset()`
 * gives another id, `fetch` is the fetch of the page. As a query it is asked once: `queryOptions` show no later state.
 *
 * @example
 * const session = createTestSession({ status: 'pending' })
 * render(<SessionProvider client={session}><Cart /></SessionProvider>)
 * act(() => session.setState({ status: 'ready', sessionId: 'abc' }))
 * expect(session.calls).toContainEqual({ name: 'associate', args: [{ customerId: 'ada' }] })
 */
export function createTestSession(initial: Partial<SessionState> = {}): TestSession {
  const sessionId = idOf(initial, 'test-session')
  const serverState = {
    status: sessionId ? 'ready' : 'pending',
    sessionId,
    session: sessionId ? { sessionId } : null,
    isValidating: false,
    isAssociating: false,
    error: null,
    isConfirmed: !!sessionId,
    persistence: 'memory',
    ...initial,
    ...(initial.sessionId === undefined && { sessionId }),
  } as SessionState
  let state = serverState
  const listeners = new Set<() => void>()
  const calls: TestSessionCall[] = []
  let resets = 0
  /** Associated while there was no session yet: they come with it. */
  let early: Associations = {}
  let waiting: ((info: SessionInfo) => void)[] = []
  const setState = (change: Partial<SessionState>) => {
    const id = idOf(change, state.sessionId ?? (change.status === 'ready' ? 'test-session' : null))
    // An id that is another one takes its session with it.
    const session = id === state.sessionId ? state.session : id ? { sessionId: id } : null
    state = { ...state, sessionId: id, session, ...change } as SessionState
    if (state.session) {
      const before = state.session
      const isNews = fieldsOf(early).some((field) => early[field] !== before[field])
      const info = isNews ? { ...before, ...early } : before
      state = { ...state, session: info } as SessionState
      early = {}
      for (const resolve of waiting) resolve(info)
      waiting = []
    }
    for (const listener of listeners) listener()
  }
  const comingSession = () =>
    new Promise<SessionInfo>((resolve) => {
      waiting.push(resolve)
    })
  const session = quiet(async (): Promise<SessionInfo> => {
    if (state.session) return state.session
    if (state.status === 'pending') return comingSession()
    throw state.error ?? new SessionError('disabled', 'The test session has no session')
  })
  const associate = quiet(async (ids: Associations): Promise<SessionInfo> => {
    const given = checkAssociations(ids)
    if (state.status === 'disabled') return session()
    early = { ...early, ...given }
    if (state.session) setState({})
    // Trouble does not end it: the ids are kept until there is a session.
    return state.session ?? comingSession()
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
    associate: logged('associate', associate),
    reset: logged('reset', () => {
      if (state.status === 'disabled') return session()
      early = {}
      const next = `test-session-${++resets}`
      setState({ status: 'ready', sessionId: next, session: { sessionId: next }, error: null })
      return session()
    }),
    settled: async () => state,
    identify: () => undefined,
    setQueryClient: () => undefined,
    observe: () => () => undefined,
    pendingFields: () => [],
    forget: logged('forget', disable),
    setEnabled: logged('setEnabled', (enabled: boolean) => {
      if (!enabled) disable()
      else if (state.status === 'disabled')
        setState({
          ...serverState,
          ...(sessionId && { status: 'ready', sessionId, session: { sessionId } }),
        } as SessionState)
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

/** The id that a change of the state says, by itself, by its session or by its status; else the one from before. */
function idOf({ status = 'ready', sessionId, session }: Partial<SessionState>, before: string | null) {
  if (sessionId !== undefined) return sessionId
  if (session !== undefined) return session?.sessionId ?? null
  return status === 'ready' ? before : null
}
