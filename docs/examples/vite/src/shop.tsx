import { useState } from 'react'
import { useAssociate, useSession, useSessionFetch } from 'storefront-session'

export function Shop() {
  // Your auth library's user. The hook stands above the routes, so that signing out does not unmount it.
  const [user, setUser] = useState<{ id: string } | null>(null)
  useAssociate({ customerId: user?.id })

  const { status, sessionId, session, error } = useSession()
  const sessionFetch = useSessionFetch()
  const [cart, setCart] = useState('not loaded')

  async function loadCart() {
    const response = await sessionFetch('/api/cart') // sent as /api/cart?sessionId=…
    setCart(response.ok ? await response.text() : `error ${response.status}`)
  }

  return (
    <>
      <h1>Shop</h1>
      <p>Session: {sessionId ?? status}</p>
      <p>Customer: {session?.customerId ?? 'nobody'}</p>
      {error && <p role="alert">{error.message}</p>}
      {user ? (
        <button type="button" onClick={() => setUser(null)}>
          Sign out
        </button>
      ) : (
        <button type="button" onClick={() => setUser({ id: 'ada' })}>
          Sign in
        </button>
      )}
      <button type="button" onClick={loadCart}>
        Load the cart
      </button>
      <p>Cart: {cart}</p>
    </>
  )
}
