import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router'
import type { SessionClient } from 'storefront-session'
import { AccountPage } from './account/account-page.tsx'
import { CartPage } from './cart/cart-page.tsx'
import { CheckoutPage, ThanksPage } from './cart/checkout-page.tsx'
import { cartQuery } from './cart/use-cart.ts'
import { HelpPage } from './help/help-page.tsx'
import { NotFound } from './shell/not-found.tsx'
import { Shell } from './shell/shell.tsx'
import { ProductList } from './shop/product-list.tsx'
import { ProductPage } from './shop/product-page.tsx'
import { type Choice, KINDS, SORTS, type Sort } from './shop/products.ts'

/** What loaders get. */
interface ShopRouterContext {
  client: SessionClient
  queryClient: QueryClient
}

const root = createRootRouteWithContext<ShopRouterContext>()({
  component: Shell,
  notFoundComponent: NotFound,
})

/** The session in a loader: the cart of a visitor who is known is asked for before its view is there. */
async function loadCart({ context: { client, queryClient } }: { context: ShopRouterContext }): Promise<void> {
  const { sessionId } = await client.settled()
  // Not awaited: without a network this query waits until there is one, and the view says so.
  if (sessionId) void queryClient.prefetchQuery(cartQuery(client, sessionId))
}

const routes = [
  createRoute({
    getParentRoute: () => root,
    path: '/',
    component: ProductList,
    validateSearch: readChoice,
  }),
  createRoute({ getParentRoute: () => root, path: '/products/$slug', component: ProductPage }),
  createRoute({ getParentRoute: () => root, path: '/cart', component: CartPage, loader: loadCart }),
  createRoute({ getParentRoute: () => root, path: '/checkout', component: CheckoutPage, loader: loadCart }),
  createRoute({ getParentRoute: () => root, path: '/thanks/$number', component: ThanksPage }),
  createRoute({ getParentRoute: () => root, path: '/account', component: AccountPage }),
  createRoute({
    getParentRoute: () => root,
    path: '/help',
    component: HelpPage,
    validateSearch: ({ q }: Record<string, unknown>): { q?: string } =>
      q === undefined || q === '' ? {} : { q: String(q) },
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/lab',
    component: lazyRouteComponent(() => import('./lab/laboratory.tsx'), 'Laboratory'),
  }),
] as const

const tree = root.addChildren(routes)

export const createShopRouter = (context: ShopRouterContext) =>
  createRouter({ routeTree: tree, context, defaultPreload: 'intent', defaultPendingMs: 400 })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createShopRouter>
  }
}

/** Whatever an address says: only what the list knows is taken from it. */
function readChoice(search: Record<string, unknown>): Choice {
  const kind = KINDS.find((known) => known === search.kind)
  const sort = typeof search.sort === 'string' && search.sort in SORTS ? (search.sort as Sort) : undefined
  const q = search.q === undefined ? '' : String(search.q)
  return { ...(q && { q }), ...(kind && { kind }), ...(sort && { sort }) }
}
