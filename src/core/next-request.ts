import { fieldsOf } from '../wire/session-info.ts'
import type { Request } from './answers.ts'
import { isGone, isSignIn, knownIds } from './associations.ts'
import { confirmedAt, hasCustomer, isAlive, type Session } from './session.ts'

/** What has to be asked now, and why. */
export interface NextRequest extends Request {
  why: /** There is no session. */
    | 'none'
    /** The API does not know the session any more, answered another one, or refused to make it again. */
    | 'lost'
    | 'replaced'
    | 'refused'
    /** The id was chosen by this browser and is new to the server. */
    | 'chosen'
    /** Only the server can say what belongs to this session. */
    | 'doubt'
    /** Only the server can say whose session this is, and a customer is named. */
    | 'identity'
    /** A caller wants the session to be confirmed. */
    | 'asked'
    /** The last request failed. */
    | 'failed'
    /** Ids wait to be sent. */
    | 'pending'
    /** The first customer of an anonymous session gets a new one (`rotate`). */
    | 'rotate'
}

/** What has to be asked now, if anything. Pure: the only place that decides. */
export function nextRequest(session: Session): NextRequest | undefined {
  const { standing, pending } = session
  if (!isAlive(session)) return
  if (standing.is === 'none') return { call: 'create', id: null, ids: pending, why: 'none' }
  const { id } = standing
  const ids = standing.is === 'chosen' || standing.is === 'lost' ? knownIds(session) : pending
  const isRotating = isSignIn(session, ids)
  if (standing.is === 'chosen') return { call: 'associate', id, ids, why: isRotating ? 'rotate' : 'chosen' }
  if (standing.is === 'lost') {
    // Made again under the same id, no tab has to change anything: where this page saw it alive.
    const isSame = standing.how === 'lost' && standing.wasOurs && !isRotating
    return { call: isSame ? 'associate' : 'create', id, ids, why: standing.how }
  }
  const isWaiting = fieldsOf(pending).length > 0
  const why = whyAsk(session, id)
  // What was accepted does not wait for an API that fails to answer this question; its answer tells, too.
  if (why && !(session.isFailing && isWaiting)) return { call: 'retrieve', id, ids: {}, why }
  if (isRotating) return { call: 'create', id, ids: knownIds(session), why: 'rotate' }
  if (isWaiting) return { call: 'associate', id, ids, why: 'pending' }
}

function whyAsk(session: Session, id: string): NextRequest['why'] | undefined {
  const { question, options } = session
  const isRetry = session.isFailing && session.isStarted
  // Another tab has chosen this id for its customer, and brings it to the server: unless it fails as this one did, or
  // crashes.
  if (options.create === 'client' && hasCustomer(session) && !confirmedAt(session))
    return question?.id === id ? 'asked' : isRetry ? 'failed' : undefined
  if (session.doubt || isGone(session)) return 'doubt'
  if (session.identity.isOpen) return 'identity'
  // The next session gets the visit ids of this one, and only the server has those that other tabs have sent.
  const isUpToDate = session.standing.is === 'confirmed' && session.knownAt >= confirmedAt(session)
  if (!isUpToDate && isSignIn(session, session.pending)) return 'identity'
  // Another tab may have confirmed the session since. An id that was not there at that time needs no such proof:
  // another process may see what is written in storage some milliseconds late.
  if (question && confirmedAt(session) <= (question.id === id ? question.at : 0)) return 'asked'
  if (isRetry) return 'failed'
}

/** The session itself has to be asked for or made: more than ids wait. */
export function isDue(session: Session): boolean {
  const next = nextRequest(session)
  return !!next && !isForIds(next)
}

/** It is sent for the sake of the ids alone, as a mutation. */
export const isForIds = ({ why }: NextRequest): boolean => why === 'pending' || why === 'rotate'
