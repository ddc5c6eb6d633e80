import type { APIRoute } from 'astro'
import { createSessionHandler, memoryStore } from 'storefront-session/server'

export const prerender = false

const store = memoryStore() // in production: redisStore({ url }) or sqliteStore({ path })
const handle = createSessionHandler({ store, basePath: '/gks-server/v1' })

export const ALL: APIRoute = ({ request }) => handle(request)
