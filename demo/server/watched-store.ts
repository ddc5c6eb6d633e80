import type { SessionStore, StoredSession } from '../../src/server.ts'
import type { SessionBook } from './session-book.ts'

/** The store, with a line in the book for each request of the session API that reaches it. */
export function watchStore(
  store: SessionStore,
  book: SessionBook,
  /** A session has a customer now. */
  recognised: (session: StoredSession) => void,
): SessionStore {
  const note = (session: StoredSession | null, line: string) => {
    if (!session) return
    book.note(session.sessionId, line)
    if (session.customerId) book.recognise(session.sessionId)
    if (session.customerId && !line.startsWith('GET')) recognised(session)
  }
  return {
    ...store,
    async create(...args) {
      const session = await store.create(...args)
      note(session, 'PUT /sessions/new')
      return session
    },
    async get(...args) {
      const session = await store.get(...args)
      note(session, 'GET /sessions/{id}')
      return session
    },
    async associate(...args) {
      const session = await store.associate(...args)
      note(session, 'POST /sessions/{id}')
      return session
    },
    async remove(sessionId) {
      const wasThere = await store.remove(sessionId)
      book.strike(sessionId)
      return wasThere
    },
  }
}
