import type { IncomingMessage, ServerResponse } from 'node:http'
import { type CartLine, MOST_PIECES, makeCart } from '../src/cart/cart.ts'
import { findProduct } from '../src/shop/products.ts'
import type { Carts } from './carts.ts'
import { type Handler, readJson, sendFailure, sendJson } from './reply.ts'
import type { Visitors } from './visitors.ts'

/**
 * `GET /` the cart, `POST /` changes it by a list of lines, `POST /order` orders what is in it. The session of the
 * request says whose cart it is.
 */
export function createCartRoutes(
  carts: Carts,
  visitors: Visitors,
  /** The cart of this owner is another one. */
  changed: (owner: string) => void,
): Handler {
  const change = async (request: IncomingMessage, response: ServerResponse) => {
    const lines = readLines(await readJson(request))
    if (!lines) return sendFailure(response, 400, 2, 'The body must be { "lines": [{ "slug", "quantity" }] }')
    const owner = await visitors.ownerOf(request, response, 'POST /api/cart')
    if (!owner) return
    for (const { slug, quantity } of lines) carts.change(owner, slug, quantity)
    changed(owner)
    sendJson(response, 200, makeCart(carts.of(owner)))
  }
  const order = async (request: IncomingMessage, response: ServerResponse) => {
    const owner = await visitors.ownerOf(request, response, 'POST /api/cart/order')
    if (!owner) return
    const { count, total } = makeCart(carts.of(owner))
    if (!count) return sendFailure(response, 409, 4, 'The cart is empty')
    carts.empty(owner)
    changed(owner)
    sendJson(response, 200, { number: Date.now().toString(36).slice(-6).toUpperCase(), count, total })
  }
  return async (request, response) => {
    const path = (request.url ?? '/').split('?')[0]
    if (request.method === 'POST')
      return path === '/order' ? order(request, response) : change(request, response)
    const owner = await visitors.ownerOf(request, response, 'GET /api/cart')
    if (owner) sendJson(response, 200, makeCart(carts.of(owner)))
  }
}

/** What a visitor may ask for: known things, a few at a time. */
function readLines(body: unknown): CartLine[] | undefined {
  const lines = (body as { lines?: unknown } | undefined)?.lines
  if (!Array.isArray(lines)) return undefined
  return lines.flatMap((line: Partial<CartLine> | null) =>
    line && findProduct(line.slug) && Number.isInteger(line.quantity)
      ? [{ slug: String(line.slug), quantity: Math.min(Number(line.quantity), MOST_PIECES) }]
      : [],
  )
}
