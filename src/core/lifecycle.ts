import type { SessionInfo } from '../wire/session-info.ts'
import { eraseIds, readPending, unconfirmed } from './associations.ts'
import { left, rested } from './departure.ts'
import { considered } from './identity.ts'
import { heard, looked } from './looks.ts'
import { confirmedAt, idOf, infoOf, type SessionRecord, tell } from './session.ts'
import { readStored, writeStored } from './stored-session.ts'

/** Reads storage, so that the first render has the id. Writes no id and tells nobody. */
export function loaded(session: SessionRecord): void {
  const { options, environment, waitingRoom, persistence } = session
  session.stored = readStored(session)
  const { id, confirmedId } = session.stored
  const isChosen = options.create === 'client' && (!id || id !== confirmedId || !session.stored.confirmedAt)
  if (isChosen) session.standing = { is: 'chosen', id: id ?? environment.randomUUID(), isWritten: !!id }
  else if (id) session.standing = { is: 'stored', id }
  session.isRestored = !!id && !session.initialSession
  // Ids that an earlier visit left on the disk are not this visit's.
  if (waitingRoom !== persistence) eraseIds(persistence)
  readPending(session)
}

/** Somebody asks something of the client, started or not. */
export function entered(session: SessionRecord): void {
  session.isActive = true
  handedIn(session)
  looked(session)
}

/** Writes the session that the app handed in; it takes the place of a stored one. */
function handedIn(session: SessionRecord): void {
  const { initialSession, environment, departures } = session
  if (!initialSession) return
  session.initialSession = undefined
  looked(session, true)
  if (session.departures !== departures) return
  const { customerId } = unconfirmed(session)
  // What an earlier visit left to be sent belongs to another customer than the one whom the server knows here.
  if (customerId && initialSession.customerId && customerId !== initialSession.customerId)
    left(session, 'given')
  const isCustomers = !!initialSession.customerId
  session.stored = writeStored(session, initialSession.sessionId, environment.now(), isCustomers)
  session.standing = { is: 'stored', id: initialSession.sessionId }
  heard(session, initialSession, false)
}

/** The client is started, or enabled while it was started: what other tabs did is followed, and the session is restored. */
function opened(session: SessionRecord): void {
  session.isActive = true
  handedIn(session)
  looked(session, true)
  if (!session.isEnabled) return
  session.isDeaf = false
  const { standing } = session
  if ('id' in standing) {
    // Chosen by this page: the other tabs get it, too.
    if (standing.is === 'chosen' && !standing.isWritten) {
      session.stored = writeStored(session, standing.id, 0, !!session.pending.customerId)
      session.standing = { ...standing, isWritten: true }
    }
    const { id: sessionId } = standing
    if (!infoOf(session))
      session.outbox.info = { value: { sessionId } as SessionInfo, at: confirmedAt(session) } // the only field that is known
    if (session.isRestored) tell(session, { type: 'restored', sessionId })
  }
  session.isRestored = false
  begun(session)
}

export function started(session: SessionRecord): void {
  session.isStarted = true
  // Nothing was heard of the other tabs until now.
  session.isDeaf = true
  if (session.isEnabled) opened(session)
}

/** Nothing is heard any more. What is under way goes on for a moment: StrictMode stops and starts again at once. */
export function stopped(session: SessionRecord): void {
  session.isStarted = false
  session.isDeaf = true
  session.isActive = false
}

export function enabled(session: SessionRecord): void {
  const { stored } = session
  // Still disabled, so that an emptied storage means a new session, and not that this consent is withdrawn.
  if (stored) looked(session, true)
  session.isEnabled = true
  if (!idOf(session)) loaded(session)
  if (session.isStarted) opened(session)
  const { said, decided } = session.identity
  if (said !== undefined && said !== decided) considered(session)
}

/** Who is signed in, as the app knows it. Only a changed value acts. */
export function identified(session: SessionRecord, said: string | null): void {
  const { decided, named } = session.identity
  session.identity = { ...session.identity, said }
  if (!session.isEnabled) {
    // Who is named now and gone when consent comes has signed out, too.
    if (said && !named.includes(said)) session.identity = { ...session.identity, named: [...named, said] }
    return
  }
  if (said === decided) return
  // Null on load says nothing: the app may not know yet.
  if (said || named.length) entered(session)
  if (session.isEnabled) considered(session)
}

/** Asks for the session where its last confirmation is too old. */
export function begun(session: SessionRecord): void {
  const { environment, revalidateMs } = session
  const at = environment.now()
  const isFresh = at - confirmedAt(session) < revalidateMs && confirmedAt(session) > 0
  if (!isFresh && idOf(session)) asked(session)
}

/** Somebody wants the session to be confirmed. */
export function asked(session: SessionRecord): void {
  session.question = { id: idOf(session), at: session.environment.now() }
}

/** The page is frozen or in the back-forward cache. */
export function slept(session: SessionRecord): void {
  session.isDeaf = true
}

/** The page is back. Answers to requests sent before the freeze may be stale: another tab may have signed somebody in. */
export function woke(session: SessionRecord): void {
  rested(session)
  session.isActive = true
  looked(session, true)
  if (session.isEnabled) session.isDeaf = false
}

/** The page is in sight or online again. */
export function recalled(session: SessionRecord): void {
  session.persistence.retry()
  looked(session, true)
  session.backOff.wake()
  begun(session)
}

/** The app emptied its cache: only the server can say what belongs to the session, and whose it is. */
export function cacheEmptied(session: SessionRecord): void {
  const id = idOf(session)
  if (!id) return
  if (session.standing.is === 'confirmed') session.standing = { is: 'stored', id }
  session.doubt = true
}

/** A run of requests begins or ends. */
export function asking(session: SessionRecord, by: 1 | -1): void {
  session.asking += by
}

export function worked(session: SessionRecord, isWorking: boolean): void {
  session.isWorking = isWorking
}
