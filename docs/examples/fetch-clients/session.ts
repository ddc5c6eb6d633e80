import { createSessionClient } from 'storefront-session/core'

export const client = createSessionClient({
  baseUrl: '/gks-server/v1',
  attach: { to: ['/gks-server/v1', 'https://api.shop.example'] },
})
