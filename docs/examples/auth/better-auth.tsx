import { createAuthClient } from 'better-auth/react'
import type { ReactNode } from 'react'
import { useAssociate } from 'storefront-session'

export const auth = createAuthClient()

export function CustomerOfSession({ children }: { children: ReactNode }) {
  const { data } = auth.useSession()
  useAssociate({ customerId: data?.user.id })
  return children
}
