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

// Everything that the demo asks of the library beyond the hooks stands here. A line marked `v2:` changes with version 2
// of the contract.

export { BASE_URL }

const WAIT_MS = 2_000
/** The requests that mean a visitor: the session API's own address, and the shop's backend. */
export const ATTACH_TO = [BASE_URL, '/api']
/** Of those, this one is the same for everybody, so that a cache may keep its answer. */
const isForEverybody = (url: URL) => url.pathname.startsWith('/api/stock')

/** The session of this page. Made outside React, because the router's loaders need it, too. */
export function createShopSession(queryClient: QueryClient, isEnabled: boolean): SessionClient {
  const client = createSessionClient({
    baseUrl: BASE_URL,
    queryClient,
    enabled: isEnabled,
    attach: attachOptions,
    fetch: createNotedFetch(BASE_URL, (url) => reasonWithout(url, client.getState())),
    onEvent: ({ type }) => {
      eventCount += 1
      tellNote({ kind: 'event', key: `${TAB}-e${eventCount}`, tab: TAB, at: Date.now(), type })
    },
  })
  return client
}
let eventCount = 0

// v2: the option `when` is one of AttachOptions: { to: ATTACH_TO, waitMs: WAIT_MS, when: (url) => !isForEverybody(url) }
const attachOptions = {
  to: ATTACH_TO,
  waitMs: WAIT_MS,
  when: (url: URL) => !isForEverybody(url),
} as NonNullable<SessionClientOptions['attach']>

/** Why a request went without the id, in the words of the laboratory. */
function reasonWithout(url: URL, { status }: SessionState): string {
  const isBelow = (path: string) => url.pathname === path || url.pathname.startsWith(`${path}/`)
  if (url.origin !== location.origin || !ATTACH_TO.some(isBelow)) return 'outside attach.to'
  if (isForEverybody(url)) return 'refused by attach.when'
  if (status === 'disabled') return 'disabled: no consent'
  return 'no session in time: it waited two seconds'
}

/** v2: `client.settled()`. The state as soon as there is an id, a first error or no consent, after two seconds at the latest. */
export const settled = (client: SessionClient): Promise<SessionState> =>
  new Promise((resolve) => {
    const timer = setTimeout(finish, WAIT_MS)
    const end = client.subscribe(() => isSettled() && finish())
    const isSettled = () => client.getState().status !== 'pending' || client.getState().error !== null
    function finish() {
      clearTimeout(timer)
      end()
      resolve(client.getState())
    }
    client.start()
    if (isSettled()) finish()
  })

/** Options that version 1 does not know; it leaves them aside, and the promise card says so. v2: no cast. */
export const withRotation = (options: SessionClientOptions): SessionClientOptions =>
  ({ ...options, rotate: 'on-sign-in' }) as SessionClientOptions
