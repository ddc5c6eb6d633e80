'use client'

import { useSession as useAuthSession } from 'next-auth/react'
import type { ReactNode } from 'react'
import { useAssociate } from 'storefront-session'

export function CustomerOfSession({ children }: { children: ReactNode }) {
  const { data } = useAuthSession() // undefined while loading, null when signed out
  useAssociate({ customerId: data?.user?.email })
  return children
}
