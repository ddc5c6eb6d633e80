import { readValue, writeValue } from '../page/shop-storage.ts'
import { type Cart, type CartLine, changeCart, EMPTY_CART, makeCart } from './cart.ts'

const KEY = 'halfnote-cart'
const listeners = new Set<() => void>()
let cart = load()

/**
 * The cart of a visitor without a session (no consent yet, or the API is out of reach): it stays in this tab, and
 * joins the session's cart as soon as there is one.
 */
export const readGuestCart = (): Cart => cart

export function subscribeToGuestCart(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function changeGuestCart(slug: string, by: number): void {
  keep(changeCart(cart, slug, by))
}

export function emptyGuestCart(): void {
  keep(EMPTY_CART)
}

function keep(next: Cart): void {
  cart = next
  writeValue('tab', KEY, cart.count ? JSON.stringify(cart.lines) : null)
  for (const listener of listeners) listener()
}

function load(): Cart {
  const lines = parse(readValue('tab', KEY) ?? '[]')
  return Array.isArray(lines) ? makeCart(lines.filter(isLine)) : EMPTY_CART
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // Not ours, or broken.
  }
}

function isLine(line: Partial<CartLine> | null): line is CartLine {
  return typeof line?.slug === 'string' && Number.isInteger(line.quantity)
}
