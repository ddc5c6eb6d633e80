// A storefront as a user has it: built against the packed library, by tests that install it.
import { QueryClient, QueryClientProvider, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import {
  SessionError,
  type SessionEvent,
  SessionProvider,
  useAssociate,
  useSession,
  useSessionFetch,
} from 'storefront-session'
import { createSessionClient } from 'storefront-session/core'
import { SessionDevtools } from 'storefront-session/devtools'
import { readVisitIds } from 'storefront-session/web-engagement'

const queryClient = new QueryClient()
const client = createSessionClient({
  baseUrl: '/gks-server/v1',
  queryClient,
  onEvent: (event: SessionEvent) => console.log(event.type, event.sessionId),
})

function Visitor({ customerId }: { customerId?: string | undefined }) {
  const sessionId = useSession((state) => state.sessionId)
  const { status, error, associate } = useSession()
  const fetch = useSessionFetch()
  useAssociate({ customerId })
  const { data } = useQuery({
    queryKey: ['help'],
    queryFn: async () => (await fetch('/gks-server/v1/help')).text(),
    meta: { session: true },
  })
  const visit = async () => {
    try {
      await associate(await readVisitIds())
    } catch (cause) {
      if (cause instanceof SessionError) console.warn(cause.code, cause.status)
    }
  }
  return (
    <button type="button" onClick={visit}>
      {sessionId ?? status} {error?.code} {data}
    </button>
  )
}

function Details() {
  const { data } = useSuspenseQuery(client.queryOptions)
  return <pre>{data.customerId ?? data.sessionId}</pre>
}

createRoot(document.body).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <SessionProvider client={client}>
        <Visitor customerId="ada" />
        <Suspense fallback="…">
          <Details />
        </Suspense>
        <SessionDevtools />
      </SessionProvider>
      <SessionProvider baseUrl="/other" storageKey="other">
        <Visitor />
      </SessionProvider>
    </QueryClientProvider>
  </StrictMode>,
)
