import type { SessionClient, SessionNote } from 'storefront-session'

const KEPT = 60

/**
 * Tells devtools that come later what happened before. In development the client does so itself; the demo is a
 * production build, and its devtools load after the shop.
 */
export function withHistory(client: SessionClient): SessionClient {
  let history: SessionNote[] = []
  client.observe((note) => {
    if (note.type === 'reset' || note.type === 'forgotten') history = []
    history = [...history, note].slice(-KEPT)
  })
  if (import.meta.env.DEV) return client
  return {
    ...client,
    observe(listener) {
      for (const note of history) listener(note)
      return client.observe(listener)
    },
  }
}
