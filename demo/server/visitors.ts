import type { IncomingMessage, ServerResponse } from 'node:http'
import { createSessionReader, type SessionStore, type StoredSession } from '../../src/server.ts'
import { maskId } from '../src/masked-id.ts'
import type { Carts } from './carts.ts'
import { sendFailure } from './reply.ts'
import type { SessionBook } from './session-book.ts'

/** Whose request it is: how the shop's own backend uses the session that the middleware attached. */
export interface Visitors {
  /**
   * The owner of the cart that this request means: the session's customer, or the session. Answers 404 in the words
   * of the session API where the session is unknown, so that the client notices, makes it again and repeats.
   */
  ownerOf(request: IncomingMessage, response: ServerResponse, line: string): Promise<string | undefined>
  /** What an anonymous visitor has put into the cart goes along when the customer is known. Returns its owner then. */
  mergeCart(session: StoredSession): string
  /** The masked ids of all sessions that look at this cart. */
  masksOf(owner: string): string[]
}

export function createVisitors(store: SessionStore, carts: Carts, book: SessionBook): Visitors {
  const sessions = createSessionReader({ store })
  const masks = new Map<string, Set<string>>()

  const mergeCart = ({ sessionId, customerId, previousSessionId }: StoredSession): string => {
    const owner = customerId ? `customer:${customerId}` : `session:${sessionId}`
    // Where a sign-in has changed the id, the cart stands under the earlier one.
    if (customerId)
      for (const id of [sessionId, previousSessionId]) if (id) carts.move(`session:${id}`, owner)
    const known = masks.get(owner) ?? new Set()
    masks.set(owner, known.add(maskId(sessionId)))
    return owner
  }
  return {
    async ownerOf(request, response, line) {
      const session = await sessions.of(request)
      if (!session) {
        sendFailure(response, 404, 6, 'Session not found')
        return undefined
      }
      book.note(session.sessionId, line)
      return mergeCart(session)
    },
    mergeCart,
    masksOf: (owner) => [...(masks.get(owner) ?? [])],
  }
}
