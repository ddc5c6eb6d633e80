import { Link } from '@tanstack/react-router'
import { useSession } from 'storefront-session'
import { useCustomer } from '../account/customer.ts'
import { useCart } from '../cart/use-cart.ts'
import { readFrameOrder } from '../page/frame.ts'
import { BagIcon, Logo } from './icons.tsx'

const isFrame = readFrameOrder() !== undefined

export const Header = () => (
  <header className="top">
    <Link to="/" className="brand" aria-label="Halfnote, to the start">
      <Logo />
      <span className="brand-name">Halfnote</span>
    </Link>
    <nav aria-label="Main">
      <Link to="/" activeOptions={{ exact: true, includeSearch: false }}>
        Shop
      </Link>
      <Link to="/help">Help</Link>
      <AccountLink />
      {!isFrame && <LaboratoryLink />}
    </nav>
    <CartLink />
  </header>
)

function AccountLink() {
  const [customer] = useCustomer()
  return (
    <Link to="/account" className="account-link">
      {customer ? 'Account' : 'Sign in'}
    </Link>
  )
}

/** The dot says how the session is. */
function LaboratoryLink() {
  const status = useSession((session) => session.status)
  return (
    <Link to="/lab">
      Lab<span className="wide">oratory</span>
      <span className={`dot ${status}`} aria-hidden="true" />
    </Link>
  )
}

function CartLink() {
  const cart = useCart()
  const count = cart?.count ?? 0
  return (
    <Link to="/cart" className="cart-link">
      <BagIcon />
      <span>Cart</span>
      {/* The key lets the number move when it changes. */}
      <span className="count" key={count} data-some={count > 0}>
        {count}
      </span>
      <span className="unseen">{count === 1 ? 'item' : 'items'}</span>
    </Link>
  )
}
