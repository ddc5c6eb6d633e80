import { Link } from 'react-router'
import { client } from '../session'
import type { Route } from './+types/cart'

export const meta = () => [{ title: 'Cart' }]

export async function clientLoader() {
  // Never rejects, and waits for attach.waitMs at most: an API that is down does not hold up the page.
  await client.settled()
  const response = await client.fetch('/api/cart')
  return { cart: response.ok ? await response.text() : `error ${response.status}` }
}

export default function Cart({ loaderData }: Route.ComponentProps) {
  return (
    <main>
      <h1>Your cart</h1>
      <p>Cart: {loaderData.cart}</p>
      <Link to="/">To the shop</Link>
    </main>
  )
}
