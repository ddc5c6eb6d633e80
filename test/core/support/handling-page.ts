import type { SessionClient, SessionClientOptions, SessionEvent } from 'storefront-session/core'
import type { openBrowser } from './client-page.ts'

/** A page whose app handles events with its own client in hand. */
export function openPage(
  browser: ReturnType<typeof openBrowser>,
  onEvent: (event: SessionEvent, client: SessionClient) => void,
  options: Partial<SessionClientOptions> = {},
) {
  const page = browser.open({ ...options, onEvent: (event) => onEvent(event, page.client) })
  return page
}
