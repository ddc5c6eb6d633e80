import { QueryClient } from '@tanstack/react-query'
import { createSessionClient } from 'storefront-session'

export const queryClient = new QueryClient()

/** One client for the page: loaders get it from the router's context, components through the provider. */
export const client = createSessionClient({
  baseUrl: '/gks-server/v1',
  queryClient,
  attach: { to: ['/gks-server/v1', '/api'] },
})
