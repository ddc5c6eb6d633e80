import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { SessionProvider, useSession } from 'storefront-session'
import { createSessionClient } from 'storefront-session/core'

const SESSION = '{"statusCode":0,"response":{"sessionId":"bench-session-0123456789"}}'

export async function createOurs() {
  let requests = 0
  /** In place of the network: answers at once. */
  const answer = () => {
    requests++
    return Promise.resolve(new Response(SESSION, { headers: { 'content-type': 'application/json' } }))
  }
  localStorage.clear()
  const queryClient = new QueryClient()
  const client = createSessionClient({ baseUrl: '/gks-server/v1', fetch: answer, queryClient })
  client.start()
  await client.ready()
  const settled = () =>
    new Promise((resolve) => {
      const look = () => {
        const { isValidating, isAssociating } = client.getState()
        if (isValidating || isAssociating) return
        end()
        resolve()
      }
      const end = client.subscribe(look)
      look()
    })
  return {
    client,
    requests: () => requests,
    Provider: ({ children }) => (
      <QueryClientProvider client={queryClient}>
        <SessionProvider client={client}>{children}</SessionProvider>
      </QueryClientProvider>
    ),
    useSelected: () => useSession((state) => state.session?.visitId),
    useWhole: () => useSession().session?.visitId,
    update: (visitId) => client.associate({ visitId }),
    /** A whole revalidation: asked, answered, confirmed. */
    async background() {
      await queryClient.fetchQuery({ ...client.queryOptions, staleTime: 0 })
      await settled()
    },
    settled,
    end: client.stop,
  }
}
