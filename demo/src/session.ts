import type { QueryClient } from '@tanstack/react-query'
import {
  createSessionClient,
  type SessionClient,
  type SessionClientOptions,
  type SessionState,
} from 'storefront-session'
import { BASE_URL } from './session-address.ts'
import { createNotedFetch } from './tabs/noted-fetch.ts'
import { TAB, tellNote } from './tabs/tab-link.ts'

export { BASE_URL }

/** The requests that mean a visitor: the session API's own address, and the shop's backend. */
export const ATTACH_TO = [BASE_URL, '/api']
/** Of those, this one is the same for everybody, so that a cache may keep its answer. */
const isForEverybody = (url: URL) => url.pathname.startsWith('/api/stock')

/** The session of this page. Made outside React, because the router's loaders need it, too. */
export function createShopSession(queryClient: QueryClient, isEnabled: boolean): SessionClient {
  const client: SessionClient = createSessionClient({
    baseUrl: BASE_URL,
    queryClient,
    enabled: isEnabled,
    attach: { to: ATTACH_TO, when: (url) => !isForEverybody(url) },
    fetch: createNotedFetch(BASE_URL, (url) => reasonWithout(url, client.getState())),
    onEvent: ({ type }) => {
      eventCount += 1
      tellNote({ kind: 'event', key: `${TAB}-e${eventCount}`, tab: TAB, at: Date.now(), type })
    },
  })
  return client
}
let eventCount = 0

/** Why a request went without the id, in the words of the laboratory. */
function reasonWithout(url: URL, { status }: SessionState): string {
  const isBelow = (path: string) => url.pathname === path || url.pathname.startsWith(`${path}/`)
  if (url.origin !== location.origin || !ATTACH_TO.some(isBelow)) return 'outside attach.to'
  if (isForEverybody(url)) return 'refused by attach.when'
  if (status === 'disabled') return 'disabled: no consent'
  return 'no session in time: it waited two seconds'
}

/** v2: `rotate` is not an option yet; the promise card says so. */
export const withRotation = (options: SessionClientOptions): SessionClientOptions =>
  ({ ...options, rotate: 'on-sign-in' }) as SessionClientOptions
