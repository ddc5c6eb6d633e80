import { useState } from 'react'
import { SessionProvider, useAssociate, useSession } from 'storefront-session'
import { client } from '../session'

export function Account() {
  return (
    <SessionProvider client={client}>
      <Visitor />
    </SessionProvider>
  )
}

function Visitor() {
  const [user, setUser] = useState<{ id: string } | null>(null) // your auth library's user
  useAssociate({ customerId: user?.id })
  const { status, sessionId, session, error } = useSession()

  return (
    <>
      <p>Session: {sessionId ?? status}</p>
      <p>Customer: {session?.customerId ?? 'nobody'}</p>
      {error && <p role="alert">{error.message}</p>}
      <button type="button" onClick={() => setUser(user ? null : { id: 'ada' })}>
        {user ? 'Sign out' : 'Sign in'}
      </button>
    </>
  )
}
