import { findProduct } from '../shop/products.ts'

/** So many pieces of one product. */
export interface CartLine {
  slug: string
  quantity: number
}

export interface Cart {
  lines: readonly CartLine[]
  /** Of pieces. */
  count: number
  /** In euros. */
  total: number
}

export const makeCart = (lines: readonly CartLine[]): Cart => ({
  lines,
  count: lines.reduce((sum, { quantity }) => sum + quantity, 0),
  total: lines.reduce((sum, { slug, quantity }) => sum + quantity * (findProduct(slug)?.price ?? 0), 0),
})

export const EMPTY_CART = makeCart([])

/** The cart as it will be: so many pieces more, or fewer where `by` is negative. */
export function changeCart(cart: Cart, slug: string, by: number): Cart {
  const before = cart.lines.find((line) => line.slug === slug)
  const quantity = Math.min((before?.quantity ?? 0) + by, MOST_PIECES)
  const line = { slug, quantity }
  const lines = before
    ? cart.lines.map((other) => (other.slug === slug ? line : other))
    : [...cart.lines, line]
  return makeCart(lines.filter((other) => other.quantity > 0))
}

/** Of one product. */
export const MOST_PIECES = 20
