import { MutationCache, QueryCache, QueryClient } from '@tanstack/query-core'
import { expect, test, vi } from 'vitest'
import { openBrowser, quiet } from './support/client-page.ts'

// What an app may do to the QueryClient that it shares with the session, and to the caches behind it.

/** A loop of microtasks would hang the test as it hangs the page: here it ends after a thousand turns. */
function countRuns(queryClient: QueryClient) {
  const fetchQuery = queryClient.fetchQuery.bind(queryClient)
  const spy = vi.spyOn(queryClient, 'fetchQuery')
  spy.mockImplementation((options) =>
    spy.mock.calls.length > 1_000 ? new Promise(() => undefined) : fetchQuery(options),
  )
  return () => spy.mock.calls.length
}

test('an app that kept its query cache, but not the id, does not freeze', async () => {
  const browser = openBrowser()
  browser.setFault(() => new Promise((resolve) => setTimeout(resolve, 5)))
  const queryClient = new QueryClient()
  const runs = countRuns(queryClient)
  const { client } = browser.open({ queryClient })
  queryClient.setQueryData(client.queryOptions.queryKey, { sessionId: 'earlier-1' })
  client.start()
  const ready = client.ready()
  await quiet()
  expect(runs()).toBeLessThan(10)
  expect(await ready).toEqual({ sessionId: 'session-1' })
})

test('an app that persists its queries by default makes a session all the same', async () => {
  const browser = openBrowser()
  const persister = async () => ({ sessionId: 'earlier-1' })
  const queryClient = new QueryClient({ defaultOptions: { queries: { persister: persister as never } } })
  const runs = countRuns(queryClient)
  const { client } = browser.open({ queryClient })
  const ready = client.ready()
  await quiet()
  expect(runs()).toBeLessThan(10)
  expect(await ready).toEqual({ sessionId: 'session-1' })
})

// TanStack itself reports what onSettled throws.
test.each(['onMutate', 'onSuccess'])('an app whose %s throws loses nothing', async (name) => {
  const mutationCache = new MutationCache({
    [name]: () => {
      throw new Error('no such toast')
    },
  })
  const browser = openBrowser()
  const { client } = browser.open({ queryClient: new QueryClient({ mutationCache }) })
  client.start()
  await client.ready()
  void client.associate({ customerId: 'ada' })
  await quiet()
  void client.associate({ visitId: 'v-1' })
  await quiet()
  expect([client.pendingFields(), browser.asked().length]).toEqual([[], 3])
})

test('ready() gives up after retry, also where the app answers errors with one of its own', async () => {
  const browser = openBrowser()
  browser.setFault(() => new Response('', { status: 500 }))
  const queryCache = new QueryCache({
    onError: () => {
      throw new Error('no such toast')
    },
  })
  const { client } = browser.open({ queryClient: new QueryClient({ queryCache }), retry: 0 })
  await expect(client.ready()).rejects.toMatchObject({ name: 'SessionError' })
}, 1_000)

test('what an app shows of a customer is asked for again when one comes or goes, not when anonymous follows anonymous', async () => {
  const queryClient = new QueryClient()
  const invalidated = vi.spyOn(queryClient, 'invalidateQueries')
  const { client } = openBrowser().open({ queryClient })
  client.start()
  await client.associate({ visitId: 'v-1' })
  await client.reset()
  await client.ready()
  expect(invalidated).not.toHaveBeenCalled()
  await client.associate({ customerId: 'ada' })
  expect(invalidated).toHaveBeenCalledTimes(1)
  await client.reset()
  await client.ready()
  expect(invalidated).toHaveBeenCalledTimes(2)
})

test.each(['clear', 'removeQueries', 'resetQueries'] as const)(
  'after %s of the app the server says again whose session it is, and nobody takes it for nobody’s till then',
  async (empty) => {
    const browser = openBrowser()
    const queryClient = new QueryClient()
    const { client } = browser.open({ queryClient })
    client.start()
    await client.associate({ customerId: 'ada' })
    expect(client.getState().isConfirmed).toBe(true)
    browser.asked()
    queryClient[empty]()
    expect(client.getState().isConfirmed).toBe(false)
    await vi.waitFor(() => expect(client.getState().session?.customerId).toBe('ada'))
    expect(browser.asked()).toEqual(['GET /api/sessions/session-1'])
    expect(client.getState().isConfirmed).toBe(true)
  },
)
