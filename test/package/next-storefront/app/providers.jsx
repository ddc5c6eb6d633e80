'use client'

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useState } from 'react'
import { SessionProvider } from 'storefront-session'

export function Providers({ children }) {
  const [queryClient] = useState(() => new QueryClient())
  return (
    <QueryClientProvider client={queryClient}>
      <SessionProvider baseUrl="/gks-server/v1">{children}</SessionProvider>
    </QueryClientProvider>
  )
}
