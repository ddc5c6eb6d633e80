import {
  type CreateExtras,
  callSessionApi,
  eraseSession,
  METHODS,
  type SessionAnswer,
} from '../wire/session-api.ts'
import type { SessionError } from '../wire/session-error.ts'
import { fieldsOf } from '../wire/session-info.ts'
import { settledWithin } from '../wire/settled-within.ts'
import { answered, failed, notFound, refused, sent, simplified } from './answers.ts'
import { looked } from './looks.ts'
import type { NextRequest } from './next-request.ts'
import { confirmedAt, idOf, type Session, type SessionRecord } from './session.ts'
import { turn } from './turn.ts'
import { warn } from './warnings.ts'

/** A refusal that would be the same next time: a 4xx, but for those that ask for patience. */
export const isFinal = ({ status = 0 }: SessionError): boolean =>
  status >= 400 && status < 500 && ![408, 425, 429].includes(status)

/** The API said no to a request about the current session. */
function turnedDown(session: SessionRecord, { call, id, ids, why }: NextRequest, error: SessionError): void {
  const isLost = error.code === 'session-not-found'
  if (call !== 'create' && (isLost || why === 'chosen' || why === 'lost'))
    notFound(session, String(id), call === 'retrieve' ? 'lost' : 'refused')
  else refused(session, ids, error)
}

/**
 * Erases a session that was left, at the pace of all other requests. It belongs to no lifetime.
 *
 * @throws SessionError when it has to be tried again
 */
export async function erase(session: Session, id: string): Promise<void> {
  const { options, environment, backOff } = session
  await backOff.gate()
  backOff.spend()
  const sentAt = environment.now()
  let failure: SessionError | undefined
  await eraseSession(options, environment, id, new AbortController().signal).catch((error) => {
    failure = error
  })
  noteCall(session, 'erase', sentAt, sentAt, failure)
  if (failure) throw failure
}

/** Tells devtools of a call that has ended. `since`: when it could have been sent. Wall clocks in milliseconds. */
function noteCall(
  { events, environment, backOff }: Session,
  call: keyof typeof METHODS,
  since: number,
  sentAt: number,
  error?: SessionError,
) {
  events.note({
    type: 'called',
    method: METHODS[call],
    ms: environment.now() - sentAt,
    waitedMs: sentAt - since,
    code: error?.code ?? null,
    nextTryAt: backOff.nextTryAt(),
  })
}

/** What a `PUT` says beside the ids. After a reset or a forgetting no session of before is wanted back. */
function extrasOf(session: Session, { id, ids, why }: NextRequest): CreateExtras {
  const { options, stored, hasForgotten, isPlain } = session
  if (isPlain) return {}
  if (why === 'rotate') return id ? { previousSessionId: id } : {}
  const isWanted =
    !stored?.generation &&
    !hasForgotten &&
    !session.persistence.read(':erase') &&
    !(options.rotate && ids.customerId)
  return options.resume && isWanted ? { resume: true } : {}
}

/** One call, and what its answer means. An answer about an id that is no longer current means nothing. */
export async function perform(
  session: Session,
  request: NextRequest,
  since: number,
  keepalive = false,
): Promise<void> {
  const { call, id: sessionId, ids } = request
  const { lifetime, environment, options } = session
  const extras = call === 'create' ? extrasOf(session, request) : {}
  const onLate = lateAnswer(session, call)
  // The answer to an erasure takes the cookie away, and must not take the next one.
  if (call === 'create' && options.resume)
    await settledWithin(environment, session.timeoutMs, session.erasing.settled(), lifetime.signal)
  const { sentAt, conclude, note } = openExchange(session, request, since, lifetime)
  let answer: SessionAnswer
  if (!lifetime.signal.aborted) sent(session, ids)
  try {
    answer = await callSessionApi(options, environment, {
      call,
      sessionId,
      ids,
      extras,
      keepalive,
      signal: lifetime.signal,
      onLate,
    })
  } catch (cause) {
    const error = cause as SessionError // callSessionApi throws nothing else
    // Without the ids that it does not like the visitor still gets a session.
    const isRefused =
      isFinal(error) && (call === 'associate' || (call === 'create' && fieldsOf(ids).length > 0))
    if (isFinal(error) && Object.keys(extras).length) conclude(simplified)
    else if (isRefused || error.code === 'session-not-found')
      conclude((record) => turnedDown(record, request, error))
    else {
      if (error.code !== 'aborted') postpone(session, error)
      note(error)
      throw error
    }
    return note(error)
  }
  note()
  conclude((record) =>
    call !== 'create' && answer.info.sessionId !== sessionId
      ? notFound(record, String(sessionId), 'replaced')
      : answered(record, request, answer, sentAt),
  )
}

/** What a `PUT` makes although its session was left is erased with it. */
function lateAnswer(session: Session, call: NextRequest['call']) {
  const { options, departures, erasing } = session
  return () => {
    const isErased = options.eraseOnServer || (options.resume && session.hasForgotten)
    if (call === 'create' && isErased && session.departures !== departures)
      return ({ info }: SessionAnswer) => erasing.add(info.sessionId)
  }
}

/** What a call that is about to be sent ends with: a turn, and a note for who observes. */
function openExchange(session: Session, { call, id }: NextRequest, since: number, lifetime: AbortController) {
  const { environment } = session
  const sentAt = environment.now()
  const isChosen = session.standing.is === 'chosen'
  return {
    sentAt,
    /** A turn that happens only where the session is still the one that was asked about. */
    conclude: (transition: (record: SessionRecord) => void) =>
      turn(session, (record) => {
        looked(record)
        // Where every tab has chosen an id, the first that is confirmed counts, whichever was written last.
        const isCurrent = idOf(record) === id || (isChosen && !confirmedAt(record))
        if (record.lifetime === lifetime && isCurrent) transition(record)
      }),
    note: (error?: SessionError) => noteCall(session, call, since, sentAt, error),
  }
}

/** A call failed in a way that the next try may not. */
function postpone(session: Session, error: SessionError): void {
  if (process.env.NODE_ENV !== 'production' && !idOf(session) && !session.error)
    warn(`there is no session yet, and the client tries again. ${error.message}`)
  turn(session, (record) => {
    failed(record, error)
    // Another tab may have been luckier.
    looked(record)
  })
}
