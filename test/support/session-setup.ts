import {
  createSessionClient,
  type SessionClientOptions,
  type SessionEvent,
  type SessionInfo,
} from 'storefront-session/core'
import { afterEach, beforeEach, vi } from 'vitest'
import type { EnvironmentLocks } from '../../src/core/environment.ts'
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
    /** A session that the API knows and no client has. Returns its id. */
    async createElsewhere(): Promise<string> {
      const answer = await fetch(`${context.api.baseUrl}/sessions/new`, { method: 'PUT' })
      return (await answer.json()).response.sessionId
    },
    /** What the API has of a session. */
    async readSession(sessionId: string | null): Promise<SessionInfo> {
      return (await (await fetch(`${context.api.baseUrl}/sessions/${sessionId}`)).json()).response
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

/** Writes a session as a tab leaves it in storage when the API has confirmed it. */
export function storeSession(sessionId: string, confirmedAt = Date.now()): void {
  localStorage.setItem('storefront-session:at', ` ${confirmedAt} ${sessionId}`)
  localStorage.setItem('storefront-session', sessionId)
}

/** Gives the page these Web Locks, until `vi.unstubAllGlobals()`. */
export function stubLocks(request: EnvironmentLocks['request']): void {
  vi.stubGlobal('navigator', Object.create(navigator, { locks: { value: { request } } }))
}
