import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, cleanup, render, screen } from '@testing-library/react'
import { Activity, Component, type ReactNode, StrictMode, Suspense } from 'react'
import { SessionProvider, useSession, useSessionClient } from 'storefront-session'
import { createTestSession } from 'storefront-session/testing'
import { afterEach, expect, test, vi } from 'vitest'
import { withSessionApi } from '../support/session-setup.ts'

const session = withSessionApi()
afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

test('a provider without an address and without a client says what it needs', () => {
  vi.spyOn(console, 'error').mockReturnValue()
  expect(() =>
    render(<SessionProvider {...({ client: undefined } as unknown as { baseUrl: string })} />),
  ).toThrow(/baseUrl or a client/)
})

// React 18 has no such thing.
test.skipIf(!Activity)('a hidden tree that is shown again does not begin what was forgotten', async () => {
  const Consent = () => {
    const { status, forget } = useSession()
    return (
      <button type="button" onClick={forget}>
        {status}
      </button>
    )
  }
  const page = (mode: 'visible' | 'hidden') => (
    <Activity mode={mode}>
      <SessionProvider baseUrl={session.api.baseUrl}>
        <Consent />
      </SessionProvider>
    </Activity>
  )
  const view = render(page('visible'))
  ;(await screen.findByText('ready')).click()
  await screen.findByText('disabled')
  view.rerender(page('hidden'))
  view.rerender(page('visible'))
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(screen.getByRole('button').textContent).toBe('disabled')
  expect(localStorage.length).toBe(0)
})

test('another client takes the place of the first for every reader', () => {
  const [one, two] = ['ada', 'bob'].map((customerId) =>
    createTestSession({ session: { sessionId: customerId, customerId } }),
  )
  const Reader = () => (
    <p>{`${useSession().session?.customerId} ${useSession(({ sessionId }) => sessionId)}`}</p>
  )
  const app = (client: typeof one) => (
    <SessionProvider client={client as NonNullable<typeof one>}>
      <Reader />
    </SessionProvider>
  )
  const view = render(app(one))
  view.rerender(app(two))
  expect(screen.getByText('bob bob')).toBeTruthy()
  act(() => one?.setState({ session: { sessionId: 'ada', customerId: 'eve' } }))
  act(() => two?.setState({ session: { sessionId: 'bob', customerId: 'cy' } }))
  expect(screen.getByText('cy bob')).toBeTruthy()
})

test('a reader that throws reaches the boundary of the app, and reads again when that tries again', () => {
  vi.spyOn(console, 'error').mockReturnValue()
  class Boundary extends Component<{ children: ReactNode }> {
    override state = { isBroken: false }
    static getDerivedStateFromError = () => ({ isBroken: true })
    override render() {
      if (!this.state.isBroken) return this.props.children
      return (
        <button type="button" onClick={() => this.setState({ isBroken: false })}>
          again
        </button>
      )
    }
  }
  const client = createTestSession({ session: { sessionId: 'one', customerId: 'ada' } })
  const Customer = () => (
    <p>{useSession(({ session: info }) => (info as { customerId: string }).customerId)}</p>
  )
  render(
    <SessionProvider client={client}>
      <Boundary>
        <Customer />
      </Boundary>
    </SessionProvider>,
  )
  act(() => client.setState({ sessionId: null }))
  act(() => client.setState({ session: { sessionId: 'two', customerId: 'bob' } }))
  act(() => screen.getByText('again').click())
  expect(screen.getByText('bob')).toBeTruthy()
})

test('an agent who is gone from the props is sent no more', async () => {
  const Visit = () => {
    const { associate } = useSession()
    return (
      <button type="button" onClick={() => void associate({ visitId: 'v-1' })}>
        visit
      </button>
    )
  }
  const app = (props: { agentId?: string }) => (
    <SessionProvider baseUrl={session.api.baseUrl} {...props}>
      <Visit />
    </SessionProvider>
  )
  const agents = () => session.api.seen.map(({ headers }) => headers.gkc_agentid)
  const { rerender } = render(app({ agentId: 'agent-1' }))
  await vi.waitFor(() => expect(agents()).toEqual(['agent-1']))
  rerender(app({}))
  screen.getByRole('button').click()
  await vi.waitFor(() => expect(agents()).toEqual(['agent-1', undefined]))
})

test('a consent that is not known yet is none', async () => {
  const { rerender } = render(<SessionProvider baseUrl={session.api.baseUrl} enabled={null as never} />)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(session.api.seen).toEqual([])
  rerender(<SessionProvider baseUrl={session.api.baseUrl} enabled={true} />)
  await vi.waitFor(() => expect(session.api.calls()).toEqual(['PUT /sessions/new']))
})

test('two providers share a client that was made outside, and the last one to go stops it', () => {
  const client = createTestSession()
  const page = (count: number) =>
    Array.from({ length: count }, (_, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the list only becomes shorter
      <SessionProvider key={index} client={client} />
    ))
  const stops = () => client.calls.filter(({ name }) => name === 'stop').length
  const view = render(page(2))
  view.rerender(page(1))
  expect(stops()).toBe(0)
  view.rerender(page(0))
  expect(stops()).toBe(1)
})

test('a provider of another tenant does not take over the client of one that is suspended', async () => {
  const never = new Promise<never>(() => undefined)
  const Suspended = () => {
    throw never
  }
  const page = (tenantId: string, child: ReactNode) => (
    <QueryClientProvider client={queryClient}>
      <Suspense>
        <SessionProvider baseUrl={session.api.baseUrl} tenantId={tenantId} create="client" storage="memory">
          {child}
        </SessionProvider>
      </Suspense>
    </QueryClientProvider>
  )
  const queryClient = new QueryClient()
  const Key = () => <p>{useSessionClient().queryOptions.queryKey[1]}</p>
  const view = render(page('a', <Suspended />))
  await act(() => new Promise((resolve) => setTimeout(resolve, 10)))
  view.rerender(page('b', <Key />))
  expect(await screen.findByText('storefront-session@b')).toBeTruthy()
})

test('in StrictMode an erasure that an earlier visit left, and that the API puts off, is asked for once', async () => {
  localStorage.setItem('storefront-session', 'stored-1')
  localStorage.setItem('storefront-session:at', ` ${Date.now()} stored-1`)
  localStorage.setItem('storefront-session:erase', `old-1 ${Date.now() - 1000}`)
  const fetch = vi.fn(async () => new Response('{}', { status: 429, headers: { 'retry-after': '60' } }))
  const Id = () => <p>{useSession().sessionId}</p>
  await act(async () => {
    render(
      <StrictMode>
        <SessionProvider baseUrl="/api" eraseOnServer fetch={fetch}>
          <Id />
        </SessionProvider>
      </StrictMode>,
    )
    await new Promise((resolve) => setTimeout(resolve, 100))
  })
  expect(fetch.mock.calls.map(([url]: unknown[]) => url)).toEqual(['/api/sessions/old-1'])
})
