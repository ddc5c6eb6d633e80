import { createRootRouteWithContext, createRoute, createRouter, Link, Outlet } from '@tanstack/react-router'
import type { SessionClient } from 'storefront-session'
import { client } from './session'
import { Shop } from './shop'

const rootRoute = createRootRouteWithContext<{ session: SessionClient }>()({ component: Outlet })

const shopRoute = createRoute({ getParentRoute: () => rootRoute, path: '/', component: Shop })

const cartRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/cart',
  loader: async ({ context: { session }, abortController }) => {
    // Never rejects, and waits for attach.waitMs at most: an API that is down does not hold up the page.
    await session.settled()
    const response = await session.fetch('/api/cart', { signal: abortController.signal })
    return response.ok ? await response.text() : `error ${response.status}`
  },
  component: function Cart() {
    return (
      <>
        <h1>Your cart</h1>
        <p>Cart: {cartRoute.useLoaderData()}</p>
        <Link to="/">To the shop</Link>
      </>
    )
  },
})

export const router = createRouter({
  routeTree: rootRoute.addChildren([shopRoute, cartRoute]),
  context: { session: client },
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
