import { useState } from 'react'
import { SessionProvider, useSessionFetch } from 'storefront-session'
import { client } from '../session'

export function Cart() {
  return (
    <SessionProvider client={client}>
      <CartButton />
    </SessionProvider>
  )
}

function CartButton() {
  const sessionFetch = useSessionFetch()
  const [cart, setCart] = useState('not loaded')

  async function loadCart() {
    const response = await sessionFetch('/api/cart') // sent as /api/cart?sessionId=…
    setCart(response.ok ? await response.text() : `error ${response.status}`)
  }

  return (
    <>
      <button type="button" onClick={loadCart}>
        Load the cart
      </button>
      <p>Cart: {cart}</p>
    </>
  )
}
