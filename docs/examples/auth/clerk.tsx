import { useUser } from '@clerk/react'
import type { ReactNode } from 'react'
import { useAssociate } from 'storefront-session'

export function CustomerOfSession({ children }: { children: ReactNode }) {
  const { user } = useUser() // undefined while loading, null when signed out
  useAssociate({ customerId: user?.id })
  return children
}
