import axios from 'axios'
import { client } from './session'

// Both are needed: without `adapter: 'fetch'` axios uses XMLHttpRequest and ignores `env.fetch`.
export const api = axios.create({
  baseURL: 'https://api.shop.example',
  adapter: 'fetch',
  env: { fetch: client.fetch },
})
