import { cacheExchange, createClient, fetchExchange } from '@urql/core'
import { client } from './session'

export const api = createClient({
  url: 'https://api.shop.example/graphql',
  fetch: client.fetch,
  exchanges: [cacheExchange, fetchExchange],
})
