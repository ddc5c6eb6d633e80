import { useAssociate, useSession } from 'storefront-session'

export function Account({ user }: { user: { id: string } | null }) {
  useAssociate({ customerId: user?.id })
  const { status, session, error } = useSession()
  if (status === 'error') return <p role="alert">No session: {error.code}</p>
  if (status === 'disabled') return <p>Nothing is kept</p>
  return <p>Hello {session?.customerId ?? 'visitor'}</p>
}
