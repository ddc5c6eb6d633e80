/** The same shop as `by-hand.tsx`, with the library. Bundled into a page. */
import { useEffect } from 'react'
import { SessionProvider, useSession, useSessionFetch } from 'storefront-session'
import { mountTogether } from './mount-together.ts'

function Shop() {
  const id = useSession((session) => session.sessionId)
  const sessionFetch = useSessionFetch()
  const associate = useSession((session) => session.associate)
  useEffect(() => {
    const customerId = new URLSearchParams(location.search).get('customer')
    if (customerId) void associate({ customerId })
    void sessionFetch('/api/cart')
  }, [associate, sessionFetch])
  return <p>{id}</p>
}

mountTogether(
  <SessionProvider baseUrl="/gks-server/v1" attach={{ to: ['/gks-server/v1', '/api'] }}>
    <Shop />
  </SessionProvider>,
)
