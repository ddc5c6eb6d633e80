import type { SessionStore } from '../../src/server.ts'
import type { SessionBook } from './session-book.ts'

/** The store, with a line in the book for each request that reaches it. */
export function watchStore(
  store: SessionStore,
  book: SessionBook,
  /** A customer came to this session. */
  recognised: (sessionId: string) => void,
): SessionStore {
  return {
    ...store,
    async create(...args) {
      const session = await store.create(...args)
      book.note(session.sessionId, 'PUT /sessions/new')
      if (session.customerId) book.recognise(session.sessionId)
      return session
    },
    async get(...args) {
      const session = await store.get(...args)
      if (session) book.note(session.sessionId, 'GET /sessions/{id}')
      return session
    },
    async associate(...args) {
      const session = await store.associate(...args)
      if (!session) return session
      book.note(session.sessionId, 'POST /sessions/{id}')
      if (session.customerId) {
        book.recognise(session.sessionId)
        recognised(session.sessionId)
      }
      return session
    },
  }
}
