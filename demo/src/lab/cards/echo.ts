import type { SessionClient } from 'storefront-session'

/** What arrived at the server of a request that the middleware sent. */
export interface Echo {
  /** The parameter `sessionId`. */
  query: string | null
  /** The header `x-session-id`. */
  header: string | null
}

/** A storefront request, by way of the middleware. */
export async function echoOf({ fetch }: Pick<SessionClient, 'fetch'>, search = ''): Promise<Echo> {
  const response = await fetch(`/api/echo${search}`)
  // The demo's own server stands behind this address, so its answer is trusted.
  return (await response.json()) as Echo
}
