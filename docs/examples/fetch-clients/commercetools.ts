import { ClientBuilder } from '@commercetools/ts-client'
import { client } from './session'

export const api = new ClientBuilder()
  .withHttpMiddleware({ host: 'https://api.shop.example', httpClient: client.fetch })
  .build()
