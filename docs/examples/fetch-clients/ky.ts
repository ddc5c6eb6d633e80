import ky from 'ky'
import { client } from './session'

export const api = ky.create({ prefix: 'https://api.shop.example', fetch: client.fetch })
