import type { IncomingMessage, ServerResponse } from 'node:http'
import type { SessionStore } from '../../src/server.ts'
import { maskId } from '../src/masked-id.ts'
import type { Carts } from './carts.ts'
import { queryOf, sendFailure } from './reply.ts'
import type { SessionBook } from './session-book.ts'

const TTL_MS = 30 * 24 * 3_600_000

/** Whose request it is: how the shop's own backend uses the session that the middleware attached. */
export interface Visitors {
  /**
   * The owner of the cart that this request means: the session's customer, or the session. Answers 404 in the words
   * of the session API where the session is unknown, so that the client notices, makes it again and repeats.
   */
  ownerOf(request: IncomingMessage, response: ServerResponse, line: string): Promise<string | undefined>
  /** What an anonymous visitor has put into the cart goes along when the customer is known. Returns its owner then. */
  mergeCart(sessionId: string): Promise<string | undefined>
  /** The masked ids of all sessions that look at this cart. */
  masksOf(owner: string): string[]
}

export function createVisitors(store: SessionStore, carts: Carts, book: SessionBook): Visitors {
  const masks = new Map<string, Set<string>>()

  const find = async (sessionId: string): Promise<string | undefined> => {
    // v2: createSessionReader({ store }).of(request), which renews nothing.
    const session = await store.get(sessionId, TTL_MS)
    if (!session) return undefined
    const anonymous = `session:${sessionId}`
    const owner = session.customerId ? `customer:${session.customerId}` : anonymous
    if (owner !== anonymous) carts.move(anonymous, owner)
    const known = masks.get(owner) ?? new Set()
    masks.set(owner, known.add(maskId(sessionId)))
    return owner
  }
  return {
    async ownerOf(request, response, line) {
      const sessionId = queryOf(request).get('sessionId')
      if (!sessionId) {
        sendFailure(response, 400, 1, 'A cart needs the parameter sessionId')
        return undefined
      }
      const owner = await find(sessionId)
      if (owner) book.note(sessionId, line)
      else sendFailure(response, 404, 6, 'Session not found')
      return owner
    },
    mergeCart: find,
    masksOf: (owner) => [...(masks.get(owner) ?? [])],
  }
}
