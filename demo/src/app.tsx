import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useState } from 'react'
import { SessionProvider } from 'storefront-session'
import { leaveCart } from './cart/use-cart.ts'
import { readConsent } from './consent/consent.ts'
import { createShopRouter } from './router.tsx'
import { createShopSession } from './session.ts'
import { withHistory } from './tabs/note-history.ts'
import { linkTab } from './tabs/tab-link.ts'

function createShop() {
  const queryClient = new QueryClient({ defaultOptions: { queries: { staleTime: 5_000 } } })
  linkTab()
  const client = withHistory(createShopSession(queryClient, readConsent() === 'yes'))
  client.observe((note) => {
    const isLeft = note.type === 'reset' || (note.type === 'forgotten' && note.sessionId !== null)
    if (isLeft) leaveCart(queryClient)
  })
  return { client, queryClient, router: createShopRouter({ client, queryClient }) }
}

export function App() {
  const [{ client, queryClient, router }] = useState(createShop)
  return (
    <QueryClientProvider client={queryClient}>
      <SessionProvider client={client}>
        <RouterProvider router={router} />
      </SessionProvider>
    </QueryClientProvider>
  )
}
