import type { SessionAnswer } from '../wire/session-api.ts'
import type { SessionError } from '../wire/session-error.ts'
import {
  ASSOCIATION_FIELDS,
  type AssociationField,
  type Associations,
  fieldsOf,
  pickAssociations,
  type SessionInfo,
} from '../wire/session-info.ts'
import { accept, isOpen, knownIds, learn, readPending, settle } from './associations.ts'
import { decided } from './identity.ts'
import { confirmedAt, idOf, infoOf, type Loss, type SessionRecord, tell } from './session.ts'
import { writeStored } from './stored-session.ts'

/** A request whose answer changes the record. `id`: the session that it names, or that a new one replaces. */
export interface Request {
  call: 'create' | 'retrieve' | 'associate'
  id: string | null
  ids: Associations
}

/** A request with these ids goes out. */
export function sent(session: SessionRecord, { customerId }: Associations): void {
  if (customerId) session.sentCustomer = customerId
}

/** The server confirmed this session, with the ids that were sent. */
export function answered(
  session: SessionRecord,
  { call, id, ids }: Request,
  { info, isResumed }: SessionAnswer,
  /** When it was sent, as a wall clock in milliseconds. */
  sentAt: number,
): void {
  const { sessionId } = info
  const { standing } = session
  const fields = fieldsOf(ids).filter((field) => session.pending[field] === ids[field])
  const isNews = infoOf(session)?.sessionId !== sessionId || fieldsOf(ids).length > 0
  const isReplaced = standing.is === 'lost' && standing.how === 'replaced'
  const isCustomers = !!(info.customerId ?? ids.customerId)
  session.stored = writeStored(session, sessionId, session.environment.now(), isCustomers)
  session.standing = { is: 'confirmed', id: sessionId }
  session.question = undefined
  session.isPlain = false
  if (call === 'create') session.origin = { since: sentAt, replaces: id }
  taken(session, info, ids)
  succeeded(session)
  const value = session.outbox.info?.value
  if (isNews) session.channel.tell(value)
  if (call === 'create' || standing.is === 'chosen') {
    const previousSessionId = (call === 'create' && id) || session.previousId
    session.previousId = undefined
    if (isResumed) tell(session, { type: 'restored', sessionId })
    else if (isReplaced && id) tell(session, { type: 'replaced', sessionId, previousSessionId: id })
    else tell(session, { type: 'created', sessionId, ...(previousSessionId && { previousSessionId }) })
  }
  if (fields.length) tell(session, { type: 'associated', sessionId, fields })
  if (session.identity.isOpen) decided(session)
}

/** A `PUT` was refused: it goes once more without what no documented server knows. */
export function simplified(session: SessionRecord): void {
  session.isPlain = true
  session.outcomes++
}

/** This browser chooses the id with which the customer goes on (`rotate` with `create: 'client'`). */
export function rotated(session: SessionRecord): void {
  const id = session.environment.randomUUID()
  const before = idOf(session) ?? undefined
  // Where storage was emptied, another tab may have forgotten the session, and only be about to tell.
  const isWritten = session.stored?.id === before
  // Whichever tab brings the new id to the server sends them all.
  accept(session, knownIds(session))
  session.previousId = before
  session.origin = { since: session.environment.now(), replaces: before }
  if (isWritten) session.stored = writeStored(session, id, 0, true)
  session.standing = { is: 'chosen', id, isWritten }
  session.outbox.info = { value: { sessionId: id } as SessionInfo, at: 0 } // the only field that is known
  session.outcomes++
}

/** Another tab has confirmed the session since this page asked. */
export function confirmedElsewhere(session: SessionRecord): void {
  session.question = undefined
  succeeded(session)
}

/** Writes into the cache what the session has, and settles what the answer settles. */
export function taken(session: SessionRecord, info: SessionInfo, sent: Associations, isRead = false): void {
  const before = pickAssociations(infoOf(session))
  // An answer to what we sent may be older than what we have sent since.
  if (!fieldsOf(sent).length) learn(session, pickAssociations(info))
  const { own, pending } = session
  session.isEchoing ||= fieldsOf(sent).some((field) => info[field] === sent[field])
  const missing: Associations = {}
  const settled: Associations = {}
  for (const field of ASSOCIATION_FIELDS) {
    const waits = pending[field]
    if (waits && waits !== sent[field]) continue
    // Our earlier value may have overtaken a later one on its way. A server may have begun anew, under the same id,
    // without what it knew.
    const isMissing = sent[field]
      ? own[field] && own[field] !== sent[field]
      : !info[field] && (session.isEchoing || isOpen(session, field))
    if (isMissing) missing[field] = own[field] ?? before[field]
    else settled[field] = sent[field] ?? own[field]
  }
  const absent = fieldsOf(missing)
  if (absent.length && !isRead) {
    // What another tab has accepted by now must not be overwritten.
    readPending(session)
    taken(session, info, sent, true)
    return
  }
  session.doubt = false
  session.knownAt = confirmedAt(session)
  const merged = { ...before, ...own, ...sent, ...info }
  session.outbox.info = { value: merged, at: session.knownAt }
  if (absent.length) {
    // Confirmed is what the server has all at once: the ids go together, once more.
    accept(session, missing)
    if (absent.some((field) => before[field] && !sent[field]))
      tell(session, { type: 'lost', sessionId: info.sessionId })
  } else settle(session, settled)
  customerLearned(session, merged.customerId, sent.customerId)
}

function customerLearned(session: SessionRecord, id: string | undefined, sent: string | undefined): void {
  const { customer } = session
  const isNews = customer === 'unknown' ? sent !== undefined : customer === 'unlearned' || customer.id !== id
  session.outbox.isCustomerNews ||= isNews
  session.customer = { id }
}

/** The API works: no error, no back-off. */
function succeeded(session: SessionRecord): void {
  session.error = null
  session.isFailing = false
  session.outcomes++
  session.backOff.succeed()
}

/** The API does not know the id (`lost`, or `refused` where it does not make it again), or answered another one. */
export function notFound(session: SessionRecord, id: string, how: Loss): void {
  const { standing } = session
  const wasLost = standing.is === 'lost'
  if (how !== 'replaced' && !wasLost) tell(session, { type: 'lost', sessionId: id })
  const wasOurs = standing.is === 'confirmed' || (wasLost && standing.wasOurs)
  session.standing = { is: 'lost', id, how, wasOurs }
  session.question = undefined
  session.outcomes++
  // Whose session it was does not matter any more.
  if (session.identity.isOpen) decided(session)
}

/**
 * A request was refused for good. One refused field does not take the others with it: the visit ids go once more
 * without the customer id.
 */
export function refused(session: SessionRecord, ids: Associations, error: SessionError): void {
  const { customerId } = ids
  const rejected: Associations = customerId ? { customerId } : ids
  const info = infoOf(session)
  if (info) {
    const value = { ...info }
    for (const field of fieldsOf(rejected)) if (value[field] === rejected[field]) delete value[field]
    session.outbox.info = { value, at: confirmedAt(session) }
  }
  session.error = error
  session.outcomes++
  if (session.sentCustomer === rejected.customerId) session.sentCustomer = undefined
  settle(session, rejected, error)
  tell(session, { type: 'association-failed', sessionId: idOf(session), fields: fieldsOf(rejected) })
}

/** A request failed; it will be tried again when the back-off allows it. */
export function failed(session: SessionRecord, error: SessionError): void {
  const { standing } = session
  session.error = error
  session.isFailing = true
  session.outcomes++
  if (standing.is === 'none') session.standing = { is: 'none' }
  session.backOff.fail(error.retryAfterMs)
}

/** Nothing came of a round of requests, by the doing of the app: the next one waits. */
export function paused(session: SessionRecord): void {
  session.backOff.fail(undefined)
}

/** An id that can't be sent. */
export function invalid(session: SessionRecord, error: SessionError, fields: AssociationField[]): void {
  session.error = error
  tell(session, { type: 'association-failed', sessionId: idOf(session), fields })
}
