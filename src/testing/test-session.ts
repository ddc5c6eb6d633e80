import type { QueryClient } from '@tanstack/react-query'
import { QueryClientProvider } from '@tanstack/react-query'
import { createElement, type ReactNode } from 'react'
import type { AttachOptions, SessionClient, SessionClientOptions, SessionError } from '../core.ts'
import { SessionProvider } from '../react/session-provider.tsx'
import { createTestFetch } from './test-fetch.ts'
import { createScript, type Script } from './test-script.ts'
import type { TestState } from './test-state.ts'

/** One call of a method of a test session. */
export interface TestSessionCall {
  name:
    | 'start'
    | 'stop'
    | 'ready'
    | 'settled'
    | 'associate'
    | 'identify'
    | 'reset'
    | 'forget'
    | 'setEnabled'
    | 'fetch'
  args: unknown[]
}

/** What a test session has in common with a real one. */
export interface TestSessionOptions {
  /** Which requests get the id; as with the real client. `baseUrl` is `/gks-server/v1`. */
  attach?: AttachOptions | undefined
  /** Queries with `meta: { session: true }` in it are invalidated when the customer changes. */
  queryClient?: QueryClient | undefined
  /** Hears the events that the real client would tell. */
  onEvent?: SessionClientOptions['onEvent']
}

/** A session client without network or timers, whose state a test sets. */
export interface TestSession extends SessionClient {
  /** The same object, for `const { client } = createTestSession()`. */
  client: TestSession
  /** The methods that were called, in order. */
  calls: TestSessionCall[]
  /**
   * Changes parts of the state and tells all readers.
   * @throws TypeError for a state that the real client can't have
   */
  setState(state: TestState): void
  /** The next call of `ready`, `associate`, `reset`, `identify` or `fetch` fails with this error, whatever its code. */
  failNext(error: SessionError): void
  /** The API does not know the session any more: the client makes it again under the same id, and tells the event `lost`. */
  lose(): void
  /** A provider with this session, for `render(ui, { wrapper: session.wrapper })`. */
  wrapper: (props: { children?: ReactNode }) => ReactNode
}

/**
 * A client for component tests. It is `ready` with the id `test-session` unless told otherwise, and behaves as the real
 * client on a server that answers at once.
 *
 * @throws TypeError for a state that the real client can't have
 * @example
 * const session = createTestSession({ status: 'pending' })
 * render(<Cart />, { wrapper: session.wrapper })
 * act(() => session.setState({ status: 'ready', sessionId: 'abc' }))
 * expect(session.calls).toContainEqual({ name: 'associate', args: [{ customerId: 'ada' }] })
 */
export function createTestSession(state: TestState = {}, options: TestSessionOptions = {}): TestSession {
  const script = createScript(state, options)
  const calls: TestSessionCall[] = []
  const logged =
    <Args extends unknown[], Result>(name: TestSessionCall['name'], work: (...args: Args) => Result) =>
    (...args: Args): Result => {
      calls.push({ name, args })
      return work(...args)
    }
  const client: TestSession = {
    get client() {
      return client
    },
    calls,
    ...pickShared(script),
    start: logged('start', () => undefined),
    stop: logged('stop', () => undefined),
    ready: logged('ready', script.ready),
    settled: logged('settled', async () => script.getState()),
    associate: logged('associate', script.associate),
    identify: logged('identify', script.identify),
    reset: logged('reset', script.reset),
    forget: logged('forget', script.forget),
    setEnabled: logged('setEnabled', script.setEnabled),
    fetch: logged('fetch', createTestFetch(script, options.attach)),
    wrapper({ children }) {
      const { queryClient } = options
      const provider = createElement(SessionProvider, { client, children })
      return queryClient ? createElement(QueryClientProvider, { client: queryClient }, provider) : provider
    },
  }
  return client
}

const pickShared = ({
  setState,
  failNext,
  lose,
  getState,
  getServerState,
  subscribe,
  setQueryClient,
  observe,
  pendingFields,
  queryOptions,
}: Script) => ({
  setState,
  failNext,
  lose,
  getState,
  getServerState,
  subscribe,
  setQueryClient,
  observe,
  pendingFields,
  queryOptions,
})
