import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, cleanup, render, screen, waitFor } from '@testing-library/react'
import { StrictMode } from 'react'
import { SessionProvider, useAssociate, useSession } from 'storefront-session'
import { afterEach, expect, test } from 'vitest'
import { withSessionApi } from '../support/session-setup.ts'

const session = withSessionApi()
afterEach(cleanup)

const readers = {
  'by selector': () => useSession(({ sessionId }) => sessionId),
  'by destructuring': () => useSession().sessionId,
}

test.each(Object.entries(readers))(
  'a reader of the id %s renders twice on a first visit, once on restore',
  async (_, useId) => {
    let renders = 0
    function Reader() {
      renders++
      return <p>{useId() ?? 'none'}</p>
    }
    const client = session.open()
    const view = render(
      <SessionProvider client={client}>
        <Reader />
      </SessionProvider>,
    )
    expect(screen.getByText('none')).toBeTruthy()
    await waitFor(() => expect(screen.queryByText('none')).toBeNull())
    expect(renders).toBe(2)
    await act(() => client.associate({ customerId: 'ada' }))
    expect(renders).toBe(2)
    view.unmount()

    renders = 0
    const restored = session.open({ revalidateMs: 0 })
    render(
      <SessionProvider client={restored}>
        <Reader />
      </SessionProvider>,
    )
    await waitFor(() =>
      expect(restored.getState()).toMatchObject({ isValidating: false, session: { customerId: 'ada' } }),
    )
    expect(renders).toBe(1)
  },
)

test('a component that reads only what can be done with the session renders once', async () => {
  let renders = 0
  function SignIn() {
    renders++
    const { associate } = useSession()
    return (
      <button type="button" onClick={() => associate({ customerId: 'ada' })}>
        Sign in
      </button>
    )
  }
  const client = session.open()
  render(
    <SessionProvider client={client}>
      <SignIn />
    </SessionProvider>,
  )
  await waitFor(() => expect(client.getState().status).toBe('ready'))
  await act(async () => screen.getByRole('button').click())
  await waitFor(() =>
    expect(client.getState()).toMatchObject({ isAssociating: false, session: { customerId: 'ada' } }),
  )
  expect(renders).toBe(1)
})

test('F65: a hundred components under StrictMode make one request', async () => {
  const Reader = () => <p>{useSession().status}</p>
  render(
    <StrictMode>
      <QueryClientProvider client={new QueryClient()}>
        <SessionProvider baseUrl={session.api.baseUrl}>
          {Array.from({ length: 100 }, (_, index) => (
            <Reader key={String(index)} />
          ))}
        </SessionProvider>
      </QueryClientProvider>
    </StrictMode>,
  )
  await waitFor(() => expect(screen.getAllByText('ready')).toHaveLength(100))
  expect(session.api.calls()).toEqual(['PUT /sessions/new'])
})

test('F72: inline options neither recreate the client nor render the tree again', async () => {
  let renders = 0
  const Reader = () => {
    renders++
    return <p>{useSession(({ sessionId }) => sessionId) ?? 'none'}</p>
  }
  const reader = <Reader />
  const App = () => (
    <SessionProvider
      baseUrl={session.api.baseUrl}
      attach={{ waitMs: 5 }}
      headers={{ a: 'b' }}
      onEvent={() => undefined}
    >
      {reader}
    </SessionProvider>
  )
  const view = render(<App />)
  await waitFor(() => expect(screen.queryByText('none')).toBeNull())
  for (let again = 0; again < 20; again++) view.rerender(<App />)
  expect(renders).toBe(2)
  expect(session.api.calls()).toEqual(['PUT /sessions/new'])
})

test('useAssociate associates what appears, and a customer who goes away is a sign-out', async () => {
  const Shop = ({ customerId }: { customerId?: string | undefined }) => {
    useAssociate({ customerId })
    const { sessionId, session: info } = useSession()
    return <p>{`${sessionId} ${info?.customerId ?? 'nobody'}`}</p>
  }
  const client = session.open()
  const App = (props: { customerId?: string }) => (
    <StrictMode>
      <SessionProvider client={client}>
        <Shop {...props} />
      </SessionProvider>
    </StrictMode>
  )
  const view = render(<App customerId="ada" />)
  await waitFor(() => expect(client.getState()).toMatchObject({ status: 'ready', isAssociating: false }))
  const first = client.getState().sessionId
  expect(screen.getByText(`${first} ada`)).toBeTruthy()
  view.rerender(<App />)
  await waitFor(() => expect(client.getState().sessionId).not.toBe(first))
  await waitFor(() => expect(client.getState().status).toBe('ready'))
  expect(client.getState().session?.customerId).toBeUndefined()
  view.rerender(<App customerId="bob" />)
  await waitFor(() =>
    expect(client.getState()).toMatchObject({ isAssociating: false, session: { customerId: 'bob' } }),
  )
  expect(session.events.filter(({ type }) => type === 'reset')).toHaveLength(1)
})

test('F71: a hook outside a provider says which provider is missing', () => {
  const Lost = () => <p>{useSession().status}</p>
  expect(() => render(<Lost />)).toThrow(/<SessionProvider>/)
})
