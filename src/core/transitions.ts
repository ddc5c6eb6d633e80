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
import { accept, isGone, isOpen, knownIds, learn, readPending, settle } from './associations.ts'
import { forgotten, left } from './departure.ts'
import type { SessionEvent } from './events.ts'
import { decided } from './identity.ts'
import { confirmedAt, idOf, infoOf, type Loss, phaseOf, type SessionRecord } from './session.ts'
import { readNotice, readStored, writeGeneration, writeStored } from './stored-session.ts'

/** A request whose answer changes the record. `id`: the session that it names, or that a new one replaces. */
export interface Request {
  call: 'create' | 'retrieve' | 'associate'
  id: string | null
  ids: Associations
}

const tell = (session: SessionRecord, event: SessionEvent) => void session.outbox.events.push(event)

// --- storage and other tabs ---

/**
 * Reads storage again and follows what other tabs did. Ids of customer and visit are read only where that is asked
 * for (`isDeep`), or something else has changed.
 */
export function looked(session: SessionRecord, isDeep = false): void {
  const { stored: last, isDeaf, standing } = session
  const before = idOf(session)
  const stored = readStored(session)
  session.stored = stored
  const isMoved = !last || stored.id !== last.id || stored.generation !== last.generation
  if (isDeep || isMoved || isDeaf) readPending(session)
  const isWritten = before && !(standing.is === 'chosen' && !standing.isWritten)
  // Storage was emptied while this page heard nothing: the session is forgotten.
  const isAway = ['idle', 'deaf'].includes(phaseOf(session))
  if (isAway && last && stored.isEmpty && (isWritten || isGone(session))) {
    forgotten(session)
    return
  }
  const isLeft =
    last &&
    (stored.generation !== last.generation ||
      // After a sleep another id may be anybody's. Without an id, what was accepted for the first session tells.
      (isDeaf && (before ? isWritten && stored.id !== before : isGone(session))))
  if (isLeft) left(session, 'them')
  if (stored.id && stored.id !== before) adopted(session, stored.id)
  else if (!isLeft && isWritten && !stored.id && standing.is !== 'chosen') {
    // Storage was cleared or overwritten while this page is open. The id is not written again before the server has
    // confirmed it: a tab that forgets the session may only be about to tell.
    session.doubt = true
  } else if (standing.is === 'chosen' && confirmedAt(session))
    session.standing = { is: 'stored', id: standing.id }
  if (!idOf(session) && stored.generation && !stored.hasMark) writeGeneration(session, stored.generation)
}

/**
 * Another tab has told or written something. What only other tabs wait for is theirs to send: fifty tabs that hear of
 * one association must not all ask for the lock.
 */
export function followed(session: SessionRecord): void {
  looked(session, fieldsOf(session.pending).length > 0)
}

/** Another tab's session, or one that an earlier visit left. */
function adopted(session: SessionRecord, id: string): void {
  const { options, pending, stored } = session
  const at = stored?.confirmedId === id ? stored.confirmedAt : 0
  // An id that another tab has chosen for its customer is that tab's to bring to the server.
  const isOurs = options.create === 'client' && !at && !(stored?.hasCustomer && !pending.customerId)
  session.standing = isOurs ? { is: 'chosen', id, isWritten: true } : { is: 'stored', id }
  // Made by a tab that may not know what this tab has sent.
  session.doubt = fieldsOf(session.own).length > 0
  session.outbox.info = { value: { sessionId: id } as SessionInfo, at } // the only field that is known
  session.previousId = undefined
  tell(session, { type: 'adopted', sessionId: id })
}

/** What the server confirmed to another tab, or what the app handed in. `isNews`: that tab has sent something. */
export function heard(session: SessionRecord, info: SessionInfo, isNews: boolean): void {
  followed(session)
  if (idOf(session) !== info.sessionId) return
  if (isNews && session.customer === 'unknown') session.customer = { id: undefined }
  session.standing = { is: 'confirmed', id: info.sessionId }
  taken(session, info, {})
  if (session.identity.isOpen) decided(session)
}

/** Follows another tab's notice that the session is forgotten; false if the message is not a notice. */
export function noticed(session: SessionRecord, message: unknown): boolean {
  const notice = readNotice(session, message)
  if (notice === 'present') forgotten(session)
  if (notice === 'past') {
    // Another session is in its place already: it may be anybody's.
    session.isDeaf = true
    looked(session, true)
    session.isDeaf = false
  }
  return !!notice
}

// --- answers ---

/** The server confirmed this session, with the ids that were sent. */
export function answered(
  session: SessionRecord,
  { call, id, ids }: Request,
  { info, isResumed }: SessionAnswer,
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
  session.own = knownIds(session)
  session.previousId = before
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
function taken(session: SessionRecord, info: SessionInfo, sent: Associations, isRead = false): void {
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
  const merged = { ...before, ...own, ...sent, ...info }
  session.outbox.info = { value: merged, at: confirmedAt(session) }
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
