import { createSessionClient, type SessionClientOptions, type SessionEvent } from 'storefront-session/core'
import type { Environment, EnvironmentChannel } from '../../../src/core/environment.ts'
import { createEnvironment, createStorage } from './simple-environment.ts'

/** One browser: what its tabs have in common, and an API that answers at once. */
export function openBrowser() {
  const storage = createStorage()
  /** What hears on a channel, and the name of that channel. */
  const ends = new Map<(message: unknown) => void, string>()
  const sent: { call: string; headers: Headers; keepalive: boolean }[] = []
  const told: unknown[] = []
  let sessions = 0
  let fault: ((call: string) => Response | Promise<Response> | undefined) | undefined

  const fetch: typeof globalThis.fetch = async (input, init) => {
    const { pathname } = new URL(String(input), 'https://shop.example')
    const call = `${init?.method ?? 'GET'} ${pathname}`
    sent.push({ call, headers: new Headers(init?.headers), keepalive: !!init?.keepalive })
    const instead = await fault?.(call)
    if (instead) return instead
    const name = pathname.split('/').at(-1)
    const sessionId = name === 'new' ? `session-${++sessions}` : name
    return Response.json({ statusCode: 0, response: { sessionId } })
  }

  const channel =
    (hear: { current?: (message: unknown) => void }) =>
    (name: string): EnvironmentChannel => {
      let own: (message: unknown) => void = () => undefined
      return {
        postMessage(message) {
          told.push(message)
          for (const [end, of] of ends) if (end !== own && of === name) queueMicrotask(() => end(message))
        },
        addEventListener(_, listener) {
          own = (data) => listener({ data })
          hear.current = own
          ends.set(own, name)
        },
        close: () => ends.delete(own),
      }
    }

  return {
    storage,
    /** The network, and the API behind it. */
    fetch,
    /** Every message from tab to tab. */
    told,
    /** Every request; `call` is its method and path. */
    sent,
    asked: () => sent.splice(0).map(({ call }) => call),
    /** What is answered in place of the usual. */
    setFault(instead: typeof fault) {
      fault = instead
    },
    /** An earlier visit has left this session, which the server confirmed so long ago; without a time, at no time. */
    store(sessionId: string, ageMs?: number) {
      storage.values.set('storefront-session', sessionId)
      if (ageMs !== undefined)
        storage.values.set('storefront-session:at', ` ${Date.now() - ageMs} ${sessionId}`)
    },
    openTabs: () => ends.size,
    /** A tab with a client that is not started yet. */
    open(options: Partial<SessionClientOptions> = {}, parts: Partial<Environment> = {}) {
      const listeners = new Map<string, (event: never) => void>()
      const events: SessionEvent[] = []
      const hear: { current?: (message: unknown) => void } = {}
      const environment = createEnvironment({
        storage: () => storage,
        fetch,
        channel: channel(hear),
        listen(name, listener) {
          listeners.set(name, listener)
          return () => listeners.delete(name)
        },
        ...parts,
      })
      const client = createSessionClient(
        { baseUrl: '/api', onEvent: (event) => events.push(event), ...options },
        environment,
      )
      return {
        client,
        events: () => events.splice(0).map(({ type }) => type),
        /** Something happens to the page. */
        happen: (name: string, event: object = {}) => listeners.get(name)?.(event as never),
        listeners,
        hear: (message: unknown) => hear.current?.(message),
      }
    },
  }
}

/** Lets everything that answers at once be done. */
export const quiet = () => new Promise<void>((resolve) => setTimeout(resolve, 15))
