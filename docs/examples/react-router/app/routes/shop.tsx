import { useState } from 'react'
import { Link } from 'react-router'
import { useAssociate, useSession, useSessionFetch } from 'storefront-session'

export const meta = () => [{ title: 'Shop' }]

export default function Shop() {
  const [user, setUser] = useState<{ id: string } | null>(null) // your auth library's user
  useAssociate({ customerId: user?.id })

  const { status, sessionId, session, error } = useSession()
  const sessionFetch = useSessionFetch()
  const [cart, setCart] = useState('not loaded')

  async function loadCart() {
    const response = await sessionFetch('/api/cart') // sent as /api/cart?sessionId=…
    setCart(response.ok ? await response.text() : `error ${response.status}`)
  }

  return (
    <main>
      <h1>Shop</h1>
      <p>Session: {sessionId ?? status}</p>
      <p>Customer: {session?.customerId ?? 'nobody'}</p>
      {error && <p role="alert">{error.message}</p>}
      <button type="button" onClick={() => setUser(user ? null : { id: 'ada' })}>
        {user ? 'Sign out' : 'Sign in'}
      </button>
      <button type="button" onClick={loadCart}>
        Load the cart
      </button>
      <p>Cart: {cart}</p>
      <Link to="/cart">To the cart</Link>
    </main>
  )
}
