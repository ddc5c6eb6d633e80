import createClient from 'openapi-fetch'
import type { paths } from './openapi'
import { client } from './session'

export const api = createClient<paths>({ baseUrl: 'https://api.shop.example', fetch: client.fetch })
