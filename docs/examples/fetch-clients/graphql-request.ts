import { GraphQLClient } from 'graphql-request'
import { client } from './session'

export const api = new GraphQLClient('https://api.shop.example/graphql', { fetch: client.fetch })
