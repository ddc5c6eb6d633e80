import { Link } from '@tanstack/react-router'
import { useRef } from 'react'
import { useSession } from 'storefront-session'
import { focusTitle, View, ViewHeading } from '../shell/view.tsx'
import { ProductArt } from '../shop/product-art.tsx'
import { findProduct } from '../shop/products.ts'
import { type CartLine, MOST_PIECES } from './cart.ts'
import { useCart, useChangeCart } from './use-cart.ts'

export function CartPage() {
  const cart = useCart()
  return (
    <View title="Cart" className="cart-view">
      <ViewHeading>Your cart</ViewHeading>
      {!cart ? (
        <p className="lead">Looking for your cart …</p>
      ) : cart.count === 0 ? (
        <>
          <p className="lead">It is empty. Twelve objects wait for you.</p>
          <Link to="/" className="button primary">
            To the shop
          </Link>
        </>
      ) : (
        <>
          <ul className="lines">
            {cart.lines.map((line) => (
              <Line key={line.slug} line={line} />
            ))}
          </ul>
          <div className="sum">
            <p>
              Total{' '}
              <strong key={cart.total} className="price">
                €{cart.total}
              </strong>
            </p>
            <Link to="/checkout" className="button primary">
              Check out
            </Link>
          </div>
          <Whereabouts />
        </>
      )}
    </View>
  )
}

/** Where the cart is, for whoever tries the demo. */
function Whereabouts() {
  const hasSession = useSession((session) => session.sessionId !== null)
  return (
    <p className="cart-note">
      {hasSession
        ? 'The server keeps this cart for your session. Reload, or open the shop in another tab: it is there, too, and follows every change.'
        : 'This cart is only in this tab. With your consent, the server keeps it for your session, in every tab.'}
    </p>
  )
}

function Line({ line: { slug, quantity } }: { line: CartLine }) {
  const changeCart = useChangeCart()
  const row = useRef<HTMLLIElement>(null)
  const product = findProduct(slug)
  if (!product) return null
  const takeOut = () => {
    // The line goes with its last piece: the next one takes the focus, or the heading.
    if (quantity === 1) {
      const next = row.current?.nextElementSibling ?? row.current?.previousElementSibling
      const button = next?.querySelector<HTMLElement>('button')
      if (button) button.focus()
      else focusTitle()
    }
    changeCart(slug, -1)
  }
  return (
    <li ref={row} className="line">
      <span className={`art ${slug}`}>
        <ProductArt slug={slug} />
      </span>
      <div className="line-text">
        <h2>
          <Link to="/products/$slug" params={{ slug }}>
            {product.name}
          </Link>
        </h2>
        <p className="note">€{product.price} each</p>
      </div>
      <div className="stepper">
        <button type="button" aria-label={`Remove one ${product.name}`} onClick={takeOut}>
          −
        </button>
        <span key={quantity} className="quantity">
          {quantity}
          <span className="unseen"> pieces</span>
        </span>
        <button
          type="button"
          aria-label={`One more ${product.name}`}
          aria-disabled={quantity >= MOST_PIECES}
          onClick={() => quantity < MOST_PIECES && changeCart(slug, 1)}
        >
          +
        </button>
      </div>
      <strong className="price">€{product.price * quantity}</strong>
    </li>
  )
}
