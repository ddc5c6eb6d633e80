import { SessionError } from '../wire/session-error.ts'
import { dropOwn, eraseIds, readPending } from './associations.ts'
import { idOf, noIdentity, type SessionRecord, tell } from './session.ts'
import { eraseStored, forgottenNotice, latestId, writeLeft, writeStored } from './stored-session.ts'

const REASONS = {
  us: 'The session was reset',
  peer: 'The session was left in another tab',
  them: 'The session was left in another tab',
  given: 'The session that the app handed in belongs to another customer',
  forgotten: 'The session was forgotten',
}

/** The session is left, here or in another tab: what is under way belongs to nobody, and its customer must not follow. */
export function left(session: SessionRecord, by: keyof typeof REASONS): void {
  const id = idOf(session)
  const { outbox, environment, options } = session
  const isOurs = by === 'us' || by === 'peer'
  if (isOurs || by === 'given') session.stored = writeLeft(session)
  outbox.cacheReset = 'reset'
  outbox.info = undefined
  givenUp(session)
  session.initialSession = undefined
  session.standing = { is: 'none', maker: isOurs ? 'us' : by === 'them' ? 'them' : undefined }
  session.origin = {}
  session.sentCustomer = undefined
  session.doubt = false
  session.error = null
  session.isFailing = false
  session.departures++
  session.previousId = id ?? session.previousId
  session.identity = { ...session.identity, isOpen: false }
  if (session.customer === 'unknown') session.customer = 'unlearned'
  dropOwn(
    session,
    new SessionError('aborted', process.env.NODE_ENV === 'production' ? 'aborted' : REASONS[by]),
  )
  if (by === 'forgotten') return
  tell(session, { type: 'reset', sessionId: id })
  // Without a storage in common there is nothing that the other tabs could read.
  if (by === 'us') {
    if (id && options.eraseOnServer) session.erasing.add(id)
    session.channel.tell(session.persistence.isShared() ? 'look' : 'leave')
  }
  if (isOurs && options.create === 'client') {
    const chosen = environment.randomUUID()
    session.stored = writeStored(session, chosen, 0)
    session.standing = { is: 'chosen', id: chosen, isWritten: true }
  }
}

/** All that was stored is removed, and the client is disabled. The tab that is asked first tells the others. */
export function forgotten(session: SessionRecord, isFirst = false): void {
  const sessionId = idOf(session)
  const { options, erasing } = session
  const notice = isFirst ? forgottenNotice(session) : undefined
  if (notice) session.channel.tell(notice)
  const lastId = latestId(session) ?? session.initialSession?.sessionId
  if (notice && lastId && (options.eraseOnServer || options.resume)) erasing.add(lastId)
  session.hasForgotten = true
  disabled(session)
  left(session, 'forgotten')
  session.outbox.cacheReset = 'remove'
  session.identity = noIdentity
  session.previousId = undefined
  session.stored = undefined
  eraseStored(session, notice)
  eraseIds(session.persistence)
  eraseIds(session.waitingRoom)
  readPending(session)
  tell(session, { type: 'forgotten', sessionId })
}

/** Nothing is read, written or sent from now on; what is stored stays. */
export function disabled(session: SessionRecord): void {
  session.isEnabled = false
  session.isDeaf = true
  // Other tabs may sign in and out until it is enabled again.
  const id = idOf(session)
  if (id && session.standing.is === 'confirmed') session.standing = { is: 'stored', id }
  session.outbox.cacheReset = 'remove'
  session.outbox.info = undefined
  rested(session)
}

/** What is under way is given up, and no request is made until somebody asks for one. */
export function rested(session: SessionRecord): void {
  session.isActive = false
  givenUp(session)
  session.backOff.stop()
}

/** What is under way belongs to nobody from now on. */
function givenUp(session: SessionRecord): void {
  session.question = undefined
  session.outbox.ended.push(session.lifetime)
  session.lifetime = new AbortController()
  session.outcomes++
}
