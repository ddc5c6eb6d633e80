import { createSessionClient } from 'storefront-session'

/** In the browser one client for the page: loaders import it, components use it through the provider. */
export const client = createSessionClient({
  baseUrl: '/gks-server/v1',
  attach: { to: ['/gks-server/v1', '/api'] },
})
