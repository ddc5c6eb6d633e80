import { createStorefrontApiClient } from '@shopify/storefront-api-client'
import { client } from './session'

export const api = createStorefrontApiClient({
  storeDomain: 'https://api.shop.example',
  apiVersion: '2026-07',
  publicAccessToken: 'public-token',
  customFetchApi: client.fetch,
})
