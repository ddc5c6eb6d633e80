import { createSessionClient } from 'storefront-session'

/** Islands are separate React trees: what they share is this module. */
export const client = createSessionClient({
  baseUrl: '/gks-server/v1',
  attach: { to: ['/gks-server/v1', '/api'] },
})
