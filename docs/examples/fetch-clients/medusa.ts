import Medusa from '@medusajs/js-sdk'
import { createSessionClient } from 'storefront-session/core'

// The SDK takes no `fetch`, it calls the page's. So the page's fetch becomes the session's, around the one before.
export const client = createSessionClient({
  baseUrl: '/gks-server/v1',
  fetch: globalThis.fetch.bind(globalThis),
  attach: { to: ['/gks-server/v1', 'https://api.shop.example'] },
})
if (typeof document !== 'undefined') globalThis.fetch = client.fetch

export const api = new Medusa({ baseUrl: 'https://api.shop.example' })
