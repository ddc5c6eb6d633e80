import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { act, cleanup, render, screen, waitFor } from '@testing-library/react'
import { useState } from 'react'
import { type SessionClient, SessionProvider, useSession } from 'storefront-session'
import { afterEach, expect, test, vi } from 'vitest'
import { withSessionApi } from '../support/session-setup.ts'

const session = withSessionApi()
afterEach(cleanup)

const Reader = () => <p>{useSession(({ sessionId }) => sessionId) ?? 'none'}</p>
const ours = (queryClient: QueryClient) =>
  queryClient.getQueryCache().findAll({ queryKey: ['storefront-session'] })

/** A tree that may get another QueryClient at any time. */
function open(client?: SessionClient) {
  const [first, second] = [new QueryClient(), new QueryClient()]
  const page = (queryClient: QueryClient | undefined) => {
    const provider = client ? (
      <SessionProvider client={client}>
        <Reader />
      </SessionProvider>
    ) : (
      <SessionProvider baseUrl={session.api.baseUrl}>
        <Reader />
      </SessionProvider>
    )
    return queryClient ? <QueryClientProvider client={queryClient}>{provider}</QueryClientProvider> : provider
  }
  const view = render(page(first))
  const ready = () => waitFor(() => expect(screen.queryByText('none')).toBeNull())
  return { first, second, show: (queryClient?: QueryClient) => view.rerender(page(queryClient)), ready }
}

test('F185: a tree that gets another QueryClient keeps its session: it moves, and no request is made', async () => {
  const { first, second, show, ready } = open()
  await ready()
  const shown = document.body.textContent
  show(second)
  await act(() => new Promise((resolve) => setTimeout(resolve, 50)))
  expect(document.body.textContent).toBe(shown)
  expect(ours(second).map(({ state }) => state.data)).toEqual([
    expect.objectContaining({ sessionId: localStorage.getItem('storefront-session') }),
  ])
  expect(ours(first)).toEqual([])
  expect(session.api.calls()).toEqual(['PUT /sessions/new'])
})

test('F185: after a move the queries of the new QueryClient are invalidated, and no more those of the old one', async () => {
  const { first, second, show, ready } = open()
  await ready()
  show(second)
  const fetched = { first: 0, second: 0 }
  const Cart = ({ name, queryClient }: { name: keyof typeof fetched; queryClient: QueryClient }) => {
    const query = { queryKey: ['cart'], queryFn: () => ++fetched[name], meta: { session: true } }
    return <i>{useQuery(query, queryClient).data}</i>
  }
  render(
    <>
      <Cart name="first" queryClient={first} />
      <Cart name="second" queryClient={second} />
    </>,
  )
  await waitFor(() => expect(fetched).toEqual({ first: 1, second: 1 }))
  const other = session.open()
  other.start()
  await act(() => other.associate({ customerId: 'ada' }))
  await waitFor(() => expect(fetched).toEqual({ first: 1, second: 2 }))
})

test('F185: a tree that gets another QueryClient while the session is asked for makes one session', async () => {
  session.api.latencyMs = 50
  const { second, show, ready } = open()
  await vi.waitFor(() => expect(session.api.seen.length).toBeGreaterThan(0))
  show(second)
  await ready()
  expect(session.api.calls()).toEqual(['PUT /sessions/new'])
  expect(ours(second)[0]?.state.data).toMatchObject({ sessionId: document.body.textContent })
})

test('F193: a client without a QueryClient gets the tree’s when a provider mounts it', async () => {
  const client = session.open()
  const { first, ready } = open(client)
  await ready()
  expect(ours(first).map(({ queryKey }) => queryKey)).toEqual([client.queryOptions.queryKey])
  expect(ours(first)[0]?.state.data).toMatchObject({ sessionId: client.getState().sessionId })
  expect(session.api.calls()).toEqual(['PUT /sessions/new'])
})

test('F193: so does one that has a session already: nothing is asked again', async () => {
  const client = session.open()
  client.start()
  await client.associate({ customerId: 'ada' })
  session.api.seen.length = 0
  const { first, ready } = open(client)
  await ready()
  expect(ours(first)[0]?.state.data).toMatchObject({ customerId: 'ada' })
  expect(session.api.calls()).toEqual([])
})

test('a client that was made with a QueryClient keeps it, whatever the tree has', async () => {
  const queryClient = new QueryClient()
  const client = session.open({ queryClient })
  const { first, ready } = open(client)
  await ready()
  expect([ours(queryClient).length, ours(first).length]).toEqual([1, 0])
})

test('F185: an app that makes its QueryClient in state keeps its session through hot reloads', async () => {
  const App = () => {
    const [queryClient, setQueryClient] = useState(() => new QueryClient())
    return (
      <QueryClientProvider client={queryClient}>
        <button type="button" onClick={() => setQueryClient(new QueryClient())}>
          hot reload
        </button>
        <SessionProvider baseUrl={session.api.baseUrl}>
          <Reader />
        </SessionProvider>
      </QueryClientProvider>
    )
  }
  render(<App />)
  await waitFor(() => expect(screen.queryByText('none')).toBeNull())
  const id = localStorage.getItem('storefront-session')
  for (let time = 0; time < 5; time++) await act(async () => screen.getByRole('button').click())
  expect(screen.getByText(String(id))).toBeTruthy()
  expect(session.api.calls()).toEqual(['PUT /sessions/new'])
})
