import type { SessionClient, SessionClientOptions } from 'storefront-session/core'
import { expect } from 'vitest'
import { openBrowser } from './client-page.ts'
import { createApi } from './remembering-api.ts'

/** A browser and an API that knows its stored session: of this customer, or anonymous. */
export function openShop(stored?: { customerId?: string; ageMs?: number }) {
  const browser = openBrowser()
  const api = createApi()
  if (stored) {
    const { customerId, ageMs = 1_000 } = stored
    api.server.sessions.set('stored-1', customerId ? { customerId } : {})
    browser.store('stored-1', ageMs)
  }
  const open = (options: Partial<SessionClientOptions> = {}) => browser.open({ fetch: api.fetch, ...options })
  return { browser, api, open }
}

/** The session is confirmed, and the page has nothing left to do. */
export const settled = ({ client }: { client: SessionClient }) =>
  expect
    .poll(() => client.getState())
    .toMatchObject({ status: 'ready', isConfirmed: true, isAssociating: false, isValidating: false })
