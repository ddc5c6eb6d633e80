import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useSessionClient } from 'storefront-session'
import { useCustomer } from '../account/customer.ts'
import { View, ViewHeading } from '../shell/view.tsx'
import { nameOf } from '../shop/products.ts'
import { EMPTY_CART } from './cart.ts'
import { sendOrder } from './cart-api.ts'
import { emptyGuestCart } from './guest-cart.ts'
import { cartQuery, useCart } from './use-cart.ts'

/** A stub: it asks for no address and takes no money. */
export function CheckoutPage() {
  const cart = useCart() ?? EMPTY_CART
  const [customer] = useCustomer()
  const { mutate, isPending, error } = useOrder()
  return (
    <View title="Check out" className="checkout-view">
      <ViewHeading>Check out</ViewHeading>
      {cart.count === 0 ? (
        <p className="lead">
          There is nothing to pay for yet. <Link to="/">To the shop</Link>
        </p>
      ) : (
        <>
          <p className="lead">
            {customer ? `An order for ${customer}.` : 'You order as a guest.'} This shop sells nothing, so
            nothing is charged.
          </p>
          <ul className="bill">
            {cart.lines.map(({ slug, quantity }) => (
              <li key={slug}>
                {quantity} × {nameOf(slug)}
              </li>
            ))}
          </ul>
          <p className="bill-sum">
            Total <strong className="price">€{cart.total}</strong>
          </p>
          <button
            type="button"
            className="primary"
            aria-disabled={isPending}
            onClick={() => !isPending && mutate()}
          >
            {isPending ? 'Placing your order …' : 'Place order'}
          </button>
          <p role="alert">{error ? 'The order did not go through. Try again.' : ''}</p>
        </>
      )}
    </View>
  )
}

function useOrder() {
  const client = useSessionClient()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    async mutationFn() {
      const { sessionId } = client.getState()
      if (!sessionId) {
        emptyGuestCart()
        return { number: 'GUEST' }
      }
      const order = await sendOrder(client.fetch)
      queryClient.setQueryData(cartQuery(client, sessionId).queryKey, EMPTY_CART)
      return order
    },
    onSuccess: ({ number }) => navigate({ to: '/thanks/$number', params: { number }, replace: true }),
  })
}

export const ThanksPage = () => (
  <View title="Thank you" className="quiet-view">
    <ViewHeading>Thank you.</ViewHeading>
    <p className="lead">Your order is placed. Nothing will arrive, and nothing is charged.</p>
    <Link to="/" className="button primary">
      Back to the shop
    </Link>
  </View>
)
