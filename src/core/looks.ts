import { fieldsOf, type SessionInfo } from '../wire/session-info.ts'
import { taken } from './answers.ts'
import { isGone, readPending } from './associations.ts'
import { forgotten, left } from './departure.ts'
import { decided } from './identity.ts'
import { confirmedAt, idOf, phaseOf, type SessionRecord, tell } from './session.ts'
import { readNotice, readStored, writeGeneration } from './stored-session.ts'

/**
 * Reads storage again and follows what other tabs did. Ids of customer and visit are read only where that is asked
 * for (`isDeep`), or something else has changed.
 */
export function looked(session: SessionRecord, isDeep = false): void {
  const { stored: last, isDeaf, standing } = session
  const before = idOf(session)
  const stored = readStored(session)
  // A storage that refuses to be read tells nothing of what happened in a sleep.
  const hasSlept = isDeaf && session.persistence.isReadable()
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
      (hasSlept && (before ? isWritten && stored.id !== before : isGone(session))))
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
  session.origin = { replaces: idOf(session) }
  const mark = stored?.confirmedId === id ? stored : undefined
  const at = mark?.confirmedAt ?? 0
  // An id that another tab has chosen for its customer is that tab's to bring to the server.
  const isOurs = options.create === 'client' && !at && !(mark?.hasCustomer && !pending.customerId)
  session.standing = isOurs ? { is: 'chosen', id, isWritten: true } : { is: 'stored', id }
  // Made by a tab that may not know what this tab has sent.
  session.doubt = fieldsOf(session.own).length > 0
  session.outbox.info = { value: { sessionId: id } as SessionInfo, at } // the only field that is known
  session.previousId = undefined
  session.sentCustomer = undefined
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
  // The other tabs must not keep it, either.
  if (notice === 'undone') forgotten(session, true)
  if (notice === 'past' || notice === 'former') {
    if (notice === 'former') left(session, 'them')
    // Another session is in its place already: it may be anybody's.
    session.isDeaf = true
    looked(session, true)
    session.isDeaf = false
  }
  return !!notice
}
