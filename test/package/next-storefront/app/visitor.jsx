'use client'

import { useAssociate, useSession } from 'storefront-session'

export function Visitor() {
  const { status, session } = useSession()
  useAssociate({ customerId: 'ada' })
  return <p>{`${status} ${session?.customerId ?? 'nobody'}`}</p>
}
