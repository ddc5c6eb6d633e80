import { createSessionClient, type SessionClientOptions, type SessionEvent } from 'storefront-session/core'
import { afterEach, beforeEach } from 'vitest'
import { type ApiServer, startApiServer } from './api-server.ts'

/** A real API and an empty storage for each test; every client that `open` made is stopped afterwards. */
export function withSessionApi() {
  const context = {
    api: undefined as unknown as ApiServer, // there from beforeEach on
    events: [] as SessionEvent[],
    /** One tab: a client of its own. */
    open(options: Partial<SessionClientOptions> = {}) {
      const client = createSessionClient({
        baseUrl: context.api.baseUrl,
        onEvent: (event) => context.events.push(event),
        ...options,
      })
      opened.push(client)
      return client
    },
  }
  let opened: { stop(): void }[] = []
  beforeEach(async () => {
    localStorage.clear()
    context.events = []
    context.api = await startApiServer()
  })
  afterEach(async () => {
    for (const client of opened) client.stop()
    opened = []
    await context.api.close()
  })
  return context
}
