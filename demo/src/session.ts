import type { QueryClient } from '@tanstack/react-query'
import { createSessionClient, type SessionClient } from 'storefront-session'
import { BASE_URL } from './session-address.ts'

export { BASE_URL }

/** The requests that mean a visitor: the session API's own address, and the shop's backend. */
export const ATTACH_TO = [BASE_URL, '/api']
/** Of those, this one is the same for everybody, so that a cache may keep its answer. */
const isForEverybody = (url: URL) => url.pathname.startsWith('/api/stock')

/** The session of this page. Made outside React, because the router's loaders need it, too. */
export function createShopSession(queryClient: QueryClient, isEnabled: boolean): SessionClient {
  return createSessionClient({
    baseUrl: BASE_URL,
    queryClient,
    enabled: isEnabled,
    attach: { to: ATTACH_TO, when: (url) => !isForEverybody(url) },
  })
}
