import { type QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { type SessionClient, useSession, useSessionClient } from 'storefront-session'
import { useCustomer } from '../account/customer.ts'
import { maskId } from '../masked-id.ts'
import { announce } from '../shell/announcer.tsx'
import { nameOf } from '../shop/products.ts'
import { followStream } from '../tabs/live-stream.ts'
import { type Cart, type CartLine, changeCart, EMPTY_CART } from './cart.ts'
import { fetchCart, sendLines } from './cart-api.ts'
import { changeGuestCart, emptyGuestCart, readGuestCart, subscribeToGuestCart } from './guest-cart.ts'

const KEY = ['cart']

/** The cart that the shop's server keeps for this session. The session's customer changes: it is asked for again. */
export const cartQuery = (client: SessionClient, sessionId: string | null) =>
  queryOptions({
    queryKey: [...KEY, sessionId],
    queryFn: ({ signal }) => fetchCart(client.fetch, signal),
    enabled: sessionId !== null,
    meta: { session: true },
  })

/** The cart of this visitor: the session's, or this tab's while there is no session. Undefined until it is known. */
export function useCart(): Cart | undefined {
  const client = useSessionClient()
  const sessionId = useSession((session) => session.sessionId)
  const guest = useSyncExternalStore(subscribeToGuestCart, readGuestCart)
  const { data } = useQuery(cartQuery(client, sessionId))
  return sessionId ? data : guest
}

/** Puts pieces into the cart, or takes some out; says so, and shows it at once. */
export function useChangeCart(): (slug: string, by: number) => void {
  const client = useSessionClient()
  const queryClient = useQueryClient()
  const { mutate } = useMutation({
    mutationKey: KEY,
    // One after another, also the ones that wait for the network.
    scope: { id: 'cart' },
    mutationFn: (line: CartLine) => sendLines(client.fetch, [line]),
    async onMutate({ slug, quantity }) {
      const { queryKey } = cartQuery(client, client.getState().sessionId)
      await queryClient.cancelQueries({ queryKey })
      queryClient.setQueryData(queryKey, (cart = EMPTY_CART) => changeCart(cart, slug, quantity))
      return { queryKey }
    },
    onSuccess(cart, _line, { queryKey }) {
      // A later change is shown already, and this answer does not know it.
      if (queryClient.isMutating({ mutationKey: KEY }) === 1) queryClient.setQueryData(queryKey, cart)
    },
    onError() {
      announce('The shop could not change your cart. Try again.')
      void queryClient.invalidateQueries({ queryKey: KEY })
    },
  })
  return (slug, by) => {
    announce(`${nameOf(slug)} ${by > 0 ? 'added to' : 'taken out of'} the cart.`)
    if (client.getState().sessionId) mutate({ slug, quantity: by })
    else changeGuestCart(slug, by)
  }
}

/** Keeps the cart live in this tab: what other tabs and the server do to it, and what a visitor brings along. */
export function useLiveCart(): void {
  const client = useSessionClient()
  const queryClient = useQueryClient()
  const sessionId = useSession((session) => session.sessionId)
  const [customer] = useCustomer()
  const before = useRef(customer)

  useEffect(() => {
    // Also where there is no session that could be left.
    if (before.current && before.current !== customer) leaveCart(queryClient)
    before.current = customer
  }, [queryClient, customer])

  useEffect(() => {
    if (!sessionId) return
    const { lines, count } = readGuestCart()
    if (!count) return
    emptyGuestCart()
    sendLines(client.fetch, lines).then(
      (cart) => queryClient.setQueryData(cartQuery(client, sessionId).queryKey, cart),
      () => {
        for (const { slug, quantity } of lines) changeGuestCart(slug, quantity)
      },
    )
  }, [client, queryClient, sessionId])

  useEffect(() => {
    if (!sessionId) return
    const mask = maskId(sessionId)
    return followStream((message) => {
      if (message.type === 'open' || (message.type === 'cart' && message.masks.includes(mask)))
        void refreshCart(queryClient)
    })
  }, [queryClient, sessionId])
}

/** Not while changes of this tab are under way: the last of them brings the cart. */
async function refreshCart(queryClient: QueryClient): Promise<void> {
  if (!queryClient.isMutating({ mutationKey: KEY }))
    await queryClient.invalidateQueries({ queryKey: KEY }, { cancelRefetch: false })
}

/** A session that is left takes its cart along, also what waits to be sent. */
export function leaveCart(queryClient: QueryClient): void {
  emptyGuestCart()
  const mutations = queryClient.getMutationCache()
  for (const mutation of mutations.findAll({ mutationKey: KEY })) mutations.remove(mutation)
  queryClient.removeQueries({ queryKey: KEY, type: 'inactive' })
}
