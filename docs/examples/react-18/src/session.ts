import { createSessionClient } from 'storefront-session'

/** One client for the whole page: components use it through the provider, other code imports it. */
export const client = createSessionClient({
  baseUrl: '/gks-server/v1',
  attach: { to: ['/gks-server/v1', '/api'] },
})
