import type { Cart, CartLine } from './cart.ts'

type Fetch = typeof globalThis.fetch

/** What an order came to. */
export interface Order {
  number: string
  count: number
  total: number
}

export const fetchCart = (fetch: Fetch, signal: AbortSignal): Promise<Cart> =>
  ask(fetch, '/api/cart', { signal })

/** Adds these pieces to the cart of the session; a negative quantity takes some out. */
export const sendLines = (fetch: Fetch, lines: readonly CartLine[]): Promise<Cart> =>
  ask(fetch, '/api/cart', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ lines }),
  })

export const sendOrder = (fetch: Fetch): Promise<Order> => ask(fetch, '/api/cart/order', { method: 'POST' })

async function ask<Answer>(fetch: Fetch, path: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(path, init)
  if (!response.ok) throw new Error(`The shop answered ${response.status}`)
  // The demo's own server stands behind this address, so its answer is trusted.
  return (await response.json()) as Answer
}
