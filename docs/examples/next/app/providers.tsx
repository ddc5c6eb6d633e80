'use client'

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { type SessionInfo, SessionProvider, useAssociate } from 'storefront-session'

type Props = { user: { id: string } | null; initialSession?: SessionInfo | undefined; children: ReactNode }

export function Providers({ user, initialSession, children }: Props) {
  const [queryClient] = useState(() => new QueryClient()) // one for each visitor, not one for the server
  return (
    <QueryClientProvider client={queryClient}>
      <SessionProvider
        baseUrl="/gks-server/v1"
        attach={{ to: ['/gks-server/v1', '/api'] }}
        initialSession={initialSession}
      >
        <SignedIn user={user} />
        {children}
      </SessionProvider>
    </QueryClientProvider>
  )
}

function SignedIn({ user }: Pick<Props, 'user'>) {
  useAssociate({ customerId: user?.id })
  return null
}
