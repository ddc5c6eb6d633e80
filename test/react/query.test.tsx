import { QueryClient, QueryClientProvider, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { act, cleanup, render, screen, waitFor } from '@testing-library/react'
import { Suspense } from 'react'
import { SessionProvider, useSession } from 'storefront-session'
import { afterEach, expect, test } from 'vitest'
import { withSessionApi } from '../support/session-setup.ts'

const session = withSessionApi()
afterEach(cleanup)

test('useQuery and useSession show one session, by one request', async () => {
  const queryClient = new QueryClient()
  const client = session.open({ queryClient })
  const Page = () => {
    const { data } = useQuery(client.queryOptions)
    const id = useSession(({ sessionId }) => sessionId)
    return <p>{`${data?.sessionId} ${id}`}</p>
  }
  render(
    <QueryClientProvider client={queryClient}>
      <SessionProvider client={client}>
        <Page />
      </SessionProvider>
    </QueryClientProvider>,
  )
  const { sessionId } = await client.ready()
  await waitFor(() => expect(screen.getByText(`${sessionId} ${sessionId}`)).toBeTruthy())
  expect(session.api.calls()).toEqual(['PUT /sessions/new'])
})

test('useQuery shows nothing of a session that is forgotten, and the next one once there is consent again', async () => {
  const queryClient = new QueryClient()
  const client = session.open({ queryClient })
  const Page = () => <p>{JSON.stringify(useQuery(client.queryOptions).data ?? 'nothing')}</p>
  const { container } = render(
    <QueryClientProvider client={queryClient}>
      <SessionProvider client={client}>
        <Page />
      </SessionProvider>
    </QueryClientProvider>,
  )
  await act(() => client.associate({ customerId: 'ada' }))
  await waitFor(() => expect(container.textContent).toContain('ada'))
  act(() => client.forget())
  await waitFor(() => expect(container.textContent).toBe('"nothing"'))
  act(() => client.setEnabled(true))
  const { sessionId } = await client.ready()
  await waitFor(() => expect(container.textContent).toContain(sessionId))
  act(() => client.setEnabled(false))
  await waitFor(() => expect(container.textContent).toBe('"nothing"'))
})

test('useSuspenseQuery waits for the session, and shows what is associated', async () => {
  const queryClient = new QueryClient()
  const client = session.open({ queryClient })
  const Page = () => {
    const { data } = useSuspenseQuery(client.queryOptions)
    return <p>{`${data.sessionId} ${data.customerId ?? 'nobody'}`}</p>
  }
  await act(async () => {
    render(
      <QueryClientProvider client={queryClient}>
        <SessionProvider client={client}>
          <Suspense fallback={<p>waiting</p>}>
            <Page />
          </Suspense>
        </SessionProvider>
      </QueryClientProvider>,
    )
  })
  const { sessionId } = await client.ready()
  await waitFor(() => expect(screen.getByText(`${sessionId} nobody`)).toBeTruthy())
  await act(() => client.associate({ customerId: 'ada' }))
  await waitFor(() => expect(screen.getByText(`${sessionId} ada`)).toBeTruthy())
})

test('a loader that prefetches the session saves the page its request', async () => {
  const queryClient = new QueryClient()
  const client = session.open({ queryClient })
  await queryClient.prefetchQuery(client.queryOptions)
  client.start()
  expect(await client.ready()).toEqual(queryClient.getQueryData(client.queryOptions.queryKey))
  expect(session.api.calls()).toEqual(['PUT /sessions/new'])
})

test('when the customer changes, the queries of the session are fetched again, and no others', async () => {
  const queryClient = new QueryClient()
  const client = session.open({ queryClient })
  client.start()
  await client.ready()
  const fetched = { cart: 0, products: 0 }
  const Page = () => {
    useQuery({ queryKey: ['cart'], queryFn: () => ++fetched.cart, meta: { session: true } })
    useQuery({ queryKey: ['products'], queryFn: () => ++fetched.products })
    return null
  }
  render(
    <QueryClientProvider client={queryClient}>
      <Page />
    </QueryClientProvider>,
  )
  await waitFor(() => expect(fetched).toEqual({ cart: 1, products: 1 }))
  await act(() => client.associate({ customerId: 'ada' }))
  await waitFor(() => expect(fetched).toEqual({ cart: 2, products: 1 }))
  await act(() => client.associate({ visitId: 'v' }))
  expect(fetched).toEqual({ cart: 2, products: 1 })
  await act(() => client.reset())
  await waitFor(() => expect(fetched).toEqual({ cart: 3, products: 1 }))
})

test('the provider takes the QueryClient of the tree', async () => {
  const queryClient = new QueryClient()
  const Page = () => <p>{useSession().status}</p>
  render(
    <QueryClientProvider client={queryClient}>
      <SessionProvider baseUrl={session.api.baseUrl}>
        <Page />
      </SessionProvider>
    </QueryClientProvider>,
  )
  await waitFor(() => expect(screen.getByText('ready')).toBeTruthy())
  const [query] = queryClient.getQueryCache().getAll()
  expect(query?.queryKey[0]).toBe('storefront-session')
  expect(query?.state.data).toMatchObject({ sessionId: localStorage.getItem('storefront-session') })
})

test('consent given, withdrawn and given again: enabled may change at any time', async () => {
  const Page = () => {
    const { status, sessionId } = useSession()
    return <p>{`${status} ${sessionId}`}</p>
  }
  const app = (enabled: boolean) => (
    <SessionProvider baseUrl={session.api.baseUrl} enabled={enabled}>
      <Page />
    </SessionProvider>
  )
  const view = render(app(false))
  expect(screen.getByText('disabled null')).toBeTruthy()
  expect(session.api.calls()).toEqual([])
  view.rerender(app(true))
  await waitFor(() => expect(screen.getByText(/^ready /)).toBeTruthy())
  const id = localStorage.getItem('storefront-session')
  view.rerender(app(false))
  await waitFor(() => expect(screen.getByText('disabled null')).toBeTruthy())
  expect(localStorage.getItem('storefront-session')).toBe(id)
  view.rerender(app(true))
  await waitFor(() => expect(screen.getByText(`ready ${id}`)).toBeTruthy())
  expect(session.api.calls()).toEqual(['PUT /sessions/new'])
})

test('F69, F70: another client takes the place of the first, which stops', async () => {
  const [first, second] = [session.open({ storageKey: 'first' }), session.open({ storageKey: 'second' })]
  const Page = () => <p>{useSession(({ sessionId }) => sessionId)}</p>
  const app = (client: typeof first) => (
    <SessionProvider client={client}>
      <Page />
    </SessionProvider>
  )
  const view = render(app(first))
  await waitFor(() => expect(screen.getByText(String(localStorage.getItem('first')))).toBeTruthy())
  view.rerender(app(second))
  await waitFor(() => expect(screen.getByText(String(localStorage.getItem('second')))).toBeTruthy())
  expect(localStorage.getItem('first')).not.toBe(localStorage.getItem('second'))
})
