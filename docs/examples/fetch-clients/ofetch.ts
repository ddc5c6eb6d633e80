import { ofetch } from 'ofetch'
import { client } from './session'

// The second argument: `fetch` among the first one's defaults is ignored without a word.
export const api = ofetch.create({ baseURL: 'https://api.shop.example' }, { fetch: client.fetch })
