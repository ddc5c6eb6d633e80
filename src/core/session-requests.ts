import { callSessionApi } from '../wire/session-api.ts'
import { isSessionError, SessionError } from '../wire/session-error.ts'
import { fieldsOf, type SessionInfo } from '../wire/session-info.ts'
import { asking, worked } from './lifecycle.ts'
import { isDue, type NextRequest, nextRequest } from './next-request.ts'
import { confirmedAt, idOf, isAlive, type Session, type SessionRecord } from './session.ts'
import { reportCacheError } from './session-cache.ts'
import { answered, confirmedElsewhere, failed, looked, notFound, paused, refused } from './transitions.ts'
import { turn } from './turn.ts'
import { warn } from './warnings.ts'

/** Until then storage shows what another tab wrote before it gave the lock away (5 ms in Chromium, more under load). */
const SIGHT_MS = 200
/**
 * Hidden tabs have their timers fire together, once a second: they meet at the lock again after a pause, and every tab
 * but the first has to look a second time.
 */
const MOST_PAUSES = 3

const METHODS = { create: 'PUT', retrieve: 'GET', associate: 'POST' } as const

/** A refusal that would be the same next time: a 4xx, but for those that ask for patience. */
const isFinal = ({ status = 0 }: SessionError): boolean =>
  status >= 400 && status < 500 && ![408, 425, 429].includes(status)

const wasLeft = () => new SessionError('aborted', 'The session was left while this request was under way')

/** Does what is due, one request after another, at the pace of the back-off, until nothing is. */
export async function work(session: Session): Promise<void> {
  if (session.isWorking || !nextRequest(session)) return
  worked(session, true)
  // Calls of one tick go together.
  await undefined
  for (;;) {
    await session.backOff.gate()
    const next = nextRequest(session)
    if (!next) break
    const { outcomes } = session
    // State and events tell what fails here; it is tried again when the gate opens.
    if (next.why === 'pending') await session.cache.mutate(() => sendPending(session)).catch(reportCacheError)
    else await ask(session).catch(() => undefined)
    if (session.outcomes === outcomes) paused(session)
  }
  worked(session, false)
}

/**
 * Confirms the session as a query of the app's QueryClient; callers share one run.
 *
 * @throws SessionError when there is no session and none can be made now
 */
export async function ask(session: Session): Promise<void> {
  const { lifetime, outcomes } = session
  let failure: unknown
  await session.cache.fetch().catch((cause: unknown) => {
    failure = cause
  })
  // TanStack Query marks a run that it gave up with this field. Any other error is the app's.
  const isGivenUp = failure instanceof Object && 'revert' in failure
  if (failure && !isGivenUp && !isSessionError(failure)) reportCacheError(failure)
  if (session.lifetime !== lifetime || !isAlive(session)) throw wasLeft()
  // Prefer the API's error to one thrown by a callback of the app.
  if (session.outcomes !== outcomes && session.error) throw session.error
  if (isSessionError(failure)) throw failure
  // Given up by the app, or a listener in the app's cache threw: the request goes without the cache.
  if (isDue(session)) await confirm(session)
}

/**
 * Creates, restores or replaces the session: asks what has to be asked until the current id is confirmed.
 *
 * @throws SessionError when it can't be done now
 */
export async function confirm(session: Session): Promise<void> {
  const { lifetime } = session
  turn(session, (record) => asking(record, 1))
  try {
    let failures = 0
    for (let pauses = 0; ; ) {
      await session.backOff.gate()
      try {
        const since = session.environment.now()
        const how = await session.lock((hadToWait) => step(session, { lifetime, pauses, hadToWait, since }))
        if (how === 'done') return
        if (how === 'early') {
          pauses++
          // Without the lock: in a hidden page it may take a minute, which costs the other tabs nothing.
          await new Promise<void>((resolve) => session.environment.setTimeout(resolve, SIGHT_MS))
        }
      } catch (error) {
        // With an id to work with, one failure is answer enough: the client asks again later.
        const isEnough =
          idOf(session) || lifetime !== session.lifetime || failures++ >= (session.options.retry ?? 3)
        if (isEnough || isFinal(error as SessionError)) throw error
      }
    }
  } finally {
    turn(session, (record) => asking(record, -1))
  }
}

/** How a step came about. */
interface Circumstances {
  lifetime: AbortController
  /** How often this run has looked again already. */
  pauses: number
  /** Another tab held the lock until just now. */
  hadToWait: boolean
  /** When this tab asked for the lock, as a wall clock in milliseconds. */
  since: number
}

/** One request under the tab lock, after a fresh look into storage. */
async function step(
  session: Session,
  { lifetime, pauses, hadToWait, since }: Circumstances,
): Promise<'done' | 'again' | 'early'> {
  turn(session, (record) => looked(record, true))
  if (session.lifetime !== lifetime) throw wasLeft()
  if (pauses < mostPauses(session, hadToWait) && !confirmedAt(session)) return 'early'
  // A request of ours failed while this one waited for the lock.
  if (!session.backOff.isOpen()) return 'again'
  const next = nextRequest(session)
  if (!next || next.why === 'pending') {
    turn(session, confirmedElsewhere)
    return 'done'
  }
  session.backOff.spend()
  await perform(session, next, since)
  return isDue(session) ? 'again' : 'done'
}

/** How often to look again, because another tab may have made the session that is not to be seen yet. */
function mostPauses({ standing }: Session, hadToWait: boolean): number {
  const maker = standing.is === 'none' ? standing.maker : undefined
  if (maker === 'us') return 0
  if (hadToWait) return MOST_PAUSES
  return maker === 'them' ? 1 : 0
}

/** Sends what is pending, also what another tab has accepted: that tab may be frozen, or have sent it already. */
function sendPending(session: Session): Promise<void> {
  const since = session.environment.now()
  return session
    .lock(async () => {
      turn(session, (record) => looked(record, true))
      const next = nextRequest(session)
      // keepalive lets it outlive the page; where that budget is used up, the next attempt goes without.
      if (session.backOff.isOpen() && next?.why === 'pending')
        await perform(session, next, since, !session.isFailing)
    })
    .catch(() => undefined) // state and events tell
}

/** The page goes away: what was not sent goes now, without waiting for the lock, and outlives the page. */
export function flush(session: Session): void {
  if (!isAlive(session)) return
  turn(session, (record) => looked(record, true))
  const { standing, pending } = session
  if (standing.is === 'none' || standing.is === 'lost' || !fieldsOf(pending).length) return
  // Without an answer it is kept, and the next page sends it.
  const request: NextRequest = { call: 'associate', id: standing.id, ids: pending, why: 'pending' }
  perform(session, request, session.environment.now(), true).catch(() => undefined)
}

/** The API said no to a request about the current session. */
function turnedDown(session: SessionRecord, { call, id, ids, why }: NextRequest, error: SessionError): void {
  const isLost = error.code === 'session-not-found'
  if (call !== 'create' && (isLost || why === 'chosen' || why === 'lost'))
    notFound(session, String(id), call === 'retrieve' ? 'lost' : 'refused')
  else refused(session, ids, error)
}

/** One call, and what its answer means. An answer about an id that is no longer current means nothing. */
async function perform(
  session: Session,
  request: NextRequest,
  since: number,
  keepalive = false,
): Promise<void> {
  const { call, id: sessionId, ids } = request
  const { lifetime, environment, options } = session
  const sentAt = environment.now()
  const isChosen = session.standing.is === 'chosen'
  /** A turn that happens only where the session is still the one that was asked about. */
  const conclude = (transition: (record: SessionRecord) => void) =>
    turn(session, (record) => {
      looked(record)
      // Where every tab has chosen an id, the first that is confirmed counts, whichever was written last.
      const isCurrent = idOf(record) === sessionId || (isChosen && !confirmedAt(record))
      if (record.lifetime === lifetime && isCurrent) transition(record)
    })
  const note = (error?: SessionError) =>
    session.events.note({
      type: 'called',
      method: METHODS[call],
      ms: environment.now() - sentAt,
      waitedMs: sentAt - since,
      code: error?.code ?? null,
      nextTryAt: session.backOff.nextTryAt(),
    })
  let info: SessionInfo
  try {
    const transport = { ...environment, fetch: session.fetch }
    info = await callSessionApi(options, transport, {
      call,
      sessionId,
      ids,
      keepalive,
      signal: lifetime.signal,
    })
  } catch (cause) {
    const error = cause as SessionError // callSessionApi throws nothing else
    // Without the ids that it does not like the visitor still gets a session.
    const isRefused =
      isFinal(error) && (call === 'associate' || (call === 'create' && fieldsOf(ids).length > 0))
    if (isRefused || error.code === 'session-not-found')
      conclude((record) => turnedDown(record, request, error))
    else {
      if (
        process.env.NODE_ENV !== 'production' &&
        error.code !== 'aborted' &&
        !idOf(session) &&
        !session.error
      )
        warn(`there is no session yet, and the client tries again. ${error.message}`)
      if (error.code !== 'aborted')
        turn(session, (record) => {
          failed(record, error)
          // Another tab may have been luckier.
          looked(record)
        })
      note(error)
      throw error
    }
    return note(error)
  }
  note()
  conclude((record) =>
    call !== 'create' && info.sessionId !== sessionId
      ? notFound(record, String(sessionId), 'replaced')
      : answered(record, request, info),
  )
}
