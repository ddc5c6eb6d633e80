import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client'
import { client } from './session'

export const api = new ApolloClient({
  cache: new InMemoryCache(),
  link: new HttpLink({ uri: 'https://api.shop.example/graphql', fetch: client.fetch }),
})
