import { createSessionHandler, type SessionHandlerOptions, toNodeListener } from 'storefront-session/server'
import { onTestFinished } from 'vitest'
import { listen } from './node-server.ts'

/** Sends a request to a handler and gives its answer. */
export type Ask = (method: string, path: string, init?: RequestInit) => Promise<Response>

export const JSON_TYPE = { 'content-type': 'application/json' }
export const UNKNOWN_ID = 'an-id-that-nobody-has'

/** A handler that is asked by `Request` objects, all from one peer. */
export function askRequest(options: SessionHandlerOptions, peer = '192.0.2.1'): Ask {
  const handle = createSessionHandler(options)
  return (method, path, init) => handle(new Request(`http://api.test${path}`, { method, ...init }), { peer })
}

/** The same cases over both ways in: a plain `Request`, and Node's HTTP server through `toNodeListener`. */
export const waysIn: [string, (options: SessionHandlerOptions) => Promise<Ask>][] = [
  ['a Request', async (options) => askRequest(options)],
  [
    'a Node server',
    async (options) => {
      const server = await listen(toNodeListener(createSessionHandler(options)))
      onTestFinished(() => server.close())
      return (method, path, init) => fetch(`${server.url}${path}`, { method, ...init })
    },
  ],
]

/** Creates a session and gives its id. */
export async function createSession(ask: Ask, init?: RequestInit, query = ''): Promise<string> {
  const { response } = await (await ask('PUT', `/sessions/new${query}`, init)).json()
  return response.sessionId
}

/** The session in an answer. */
export const sessionOf = async (answer: Response) => (await answer.json()).response
