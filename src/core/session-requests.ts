import { isSessionError, SessionError } from '../wire/session-error.ts'
import { fieldsOf } from '../wire/session-info.ts'
import { confirmedElsewhere, paused, rotated } from './answers.ts'
import { isSignIn } from './associations.ts'
import { isFinal, perform } from './exchange.ts'
import { asking, worked } from './lifecycle.ts'
import { looked } from './looks.ts'
import { isDue, isForIds, type NextRequest, nextRequest } from './next-request.ts'
import { confirmedAt, idOf, isAlive, type Session } from './session.ts'
import { reportCacheError } from './session-cache.ts'
import { turn } from './turn.ts'

/** Until then storage shows what another tab wrote before it gave the lock away (5 ms in Chromium, more under load). */
const SIGHT_MS = 200
/**
 * Hidden tabs have their timers fire together, once a second: they meet at the lock again after a pause, and every tab
 * but the first has to look a second time.
 */
const MOST_PAUSES = 3

const wasLeft = () =>
  new SessionError(
    'aborted',
    process.env.NODE_ENV === 'production'
      ? 'aborted'
      : 'The session was left while this request was under way',
  )

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
    if (isForIds(next)) await session.cache.mutate(() => sendPending(session)).catch(reportCacheError)
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
  if (!next || isForIds(next)) {
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
      let next = nextRequest(session)
      // Another tab has confirmed the session while this one waited: what it sent belongs into the next session, too.
      // Under the same lock, or tabs that sign in together would ask in turns for ever.
      if (next?.why === 'identity' && session.backOff.isOpen()) {
        session.backOff.spend()
        await perform(session, next, since)
        next = nextRequest(session)
      }
      if (!session.backOff.isOpen() || !next || !isForIds(next)) return
      if (next.why === 'rotate' && session.options.create === 'client') return turn(session, rotated)
      // keepalive lets it outlive the page; where that budget is used up, the next attempt goes without.
      await perform(session, next, since, !session.isFailing && next.why === 'pending')
    })
    .catch(() => undefined) // state and events tell
}

/** The page goes away: what was not sent goes now, without waiting for the lock, and outlives the page. */
export function flush(session: Session): void {
  if (!isAlive(session)) return
  turn(session, (record) => looked(record, true))
  // A handler of the app may have withdrawn consent by now.
  if (!isAlive(session)) return
  const { standing, pending } = session
  const { customerId, ...visit } = pending
  const ids = isSignIn(session, pending) ? visit : pending
  if (standing.is === 'none' || standing.is === 'lost' || !fieldsOf(ids).length) return
  // Without an answer it is kept, and the next page sends it.
  const request: NextRequest = { call: 'associate', id: standing.id, ids, why: 'pending' }
  perform(session, request, session.environment.now(), true).catch(() => undefined)
}
