'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useSession, useSessionFetch } from 'storefront-session'
import { addToCart, signIn, signOut } from './actions'

export function Shop() {
  const { status, sessionId, session, error, reset } = useSession()
  const sessionFetch = useSessionFetch()
  const router = useRouter()
  const [cart, setCart] = useState('not loaded')

  async function loadCart() {
    const response = await sessionFetch('/api/cart') // sent as /api/cart?sessionId=…
    setCart(response.ok ? await response.text() : `error ${response.status}`)
  }

  async function leave() {
    await reset() // before the page or the user changes
    await signOut()
    router.refresh()
  }

  return (
    <>
      <p>Session: {sessionId ?? status}</p>
      <p>Customer: {session?.customerId ?? 'nobody'}</p>
      {error && <p role="alert">{error.message}</p>}
      <form
        action={async () => {
          await signIn('ada')
          router.refresh()
        }}
      >
        <button type="submit">Sign in</button>
      </form>
      <button type="button" onClick={leave}>
        Sign out
      </button>
      <button type="button" onClick={loadCart}>
        Load the cart
      </button>
      <button type="button" onClick={async () => setCart(await addToCart('lamp'))}>
        Add a lamp
      </button>
      <p>Cart: {cart}</p>
    </>
  )
}
