import type { SessionCall } from '../wire/session-api.ts'
import { SessionError } from '../wire/session-error.ts'
import { type Associations, fieldsOf, type SessionInfo } from '../wire/session-info.ts'
import type { BackOff } from './back-off.ts'
import { nothing } from './callbacks.ts'
import type { SessionEvent } from './options.ts'
import type { PendingAssociations } from './pending-associations.ts'
import type { SessionFacts } from './session-facts.ts'
import type { SessionRecord } from './session-record.ts'

/** The requests of a session. Each is one step under the tab lock, after a fresh look into storage. */
export interface SessionRequests {
  /**
   * Creates, restores or replaces the session: asks the one question that the facts of the moment call for, until
   * the current id is confirmed.
   *
   * @throws SessionError when it can't be done now
   */
  confirmSession(): Promise<void>
  /** Sends what is pending, once. Never rejects: state and events tell the trouble. */
  sendPending(): Promise<void>
  /** The page goes away: what was not sent goes now, without waiting for a turn, and outlives it. */
  flush(): void
}

interface SessionRequestsParts {
  facts: SessionFacts
  record: SessionRecord
  pending: PendingAssociations
  backOff: BackOff
  create: 'server' | 'client' | undefined
  /** Attempts after the first one. */
  retry: number
  now(): number
  pause(ms: number): Promise<void>
  lock<T>(task: (hadToWait: boolean) => Promise<T>): Promise<T>
  call(call: SessionCall): Promise<SessionInfo>
  emit(event: SessionEvent): void
}

/** What the page knew when it asked whether the session is confirmed. */
interface Question {
  id: string | null
  /** Wall clock in milliseconds. */
  at: number
  signal: AbortSignal
}

/** Until then storage shows what another tab wrote before it gave the lock away (5 ms in Chromium, more under load). */
const SIGHT_MS = 200
/**
 * Hidden tabs have their timers fire together, once a second: they meet at the lock again after a pause, and who is
 * not the first of them has to look a second time.
 */
const MOST_PAUSES = 3

const created = (sessionId: string): SessionEvent => ({ type: 'created', sessionId })

/** A refusal that would be the same next time: a 4xx, but for those that ask for patience. */
const isFinal = ({ status = 0 }: SessionError): boolean =>
  status >= 400 && status < 500 && ![408, 425, 429].includes(status)

export function createSessionRequests(parts: SessionRequestsParts): SessionRequests {
  const { facts, record, pending, backOff, lock, emit } = parts

  /** Chosen by this browser, and not brought to the server yet. */
  const isChosenHere = (id: string | null): boolean =>
    parts.create === 'client' && !!id && id !== facts.confirmedId && !record.confirmedAt()

  /** One call, and what its answer means. An answer about an id that is no longer current means nothing. */
  const ask = async (
    call: Omit<SessionCall, 'signal'> & { ids?: Associations },
    onRefused?: (error: SessionError) => void,
    madeEvent?: (sessionId: string) => SessionEvent,
  ): Promise<boolean | undefined> => {
    const { method, sessionId: id = null, ids = {} } = call
    /** The id that the answer must be about; a `PUT` names none. */
    const expectedId = method === 'PUT' ? null : id
    const isChosen = isChosenHere(id)
    const signal = facts.signal()
    // In this order: to follow may be to leave. Where every tab has chosen an id, the first that is confirmed counts,
    // whichever of them was written last.
    const isCurrent = () =>
      !signal.aborted && (facts.follow() === id || (isChosen && !record.confirmedAt())) && !signal.aborted
    try {
      const info = await parts.call({ ...call, signal })
      if (!isCurrent()) return
      if (expectedId && info.sessionId !== expectedId) {
        facts.lose(expectedId, 'replaced')
        return
      }
      const { sessionId } = info
      const waiting = pending.ids()
      const fields = fieldsOf(ids).filter((field) => waiting[field] === ids[field])
      facts.confirm(info, ids)
      if (madeEvent) emit(madeEvent(sessionId))
      if (fields.length) emit({ type: 'associated', sessionId, fields })
      return true
    } catch (cause) {
      const error = cause as SessionError // the calls throw nothing else
      if (expectedId && error.code === 'session-not-found') {
        if (isCurrent()) facts.lose(expectedId, method === 'GET' ? 'lost' : 'refused')
      } else if (onRefused && isFinal(error)) {
        if (isCurrent()) onRefused(error)
      } else {
        if (error.code !== 'aborted') facts.fail(error)
        throw error
      }
    }
  }

  /** One request. Resolves with true when the current session is confirmed. */
  const step = async (question: Question): Promise<boolean | undefined> => {
    const id = facts.follow()
    if (question.signal.aborted) throw new SessionError('aborted', 'The session was left')
    // A request of ours failed while this one waited for the lock.
    if (!backOff.isOpen()) return
    const how = facts.lost?.id === id ? facts.lost.how : undefined
    const isChosen = isChosenHere(id)

    if (id && !how && !isChosen) {
      // Another tab may have confirmed it while this one waited for the lock. An id that was not there when this
      // one asked needs no such time: another process may see what is written in storage some milliseconds late.
      if (record.confirmedAt() <= (id === question.id ? question.at : 0) || facts.isUnsure())
        return ask({ method: 'GET', sessionId: id })
      facts.succeed()
      return true
    }
    const ids = id ? facts.known() : pending.ids()
    if (id && how !== 'refused' && (isChosen || (how === 'lost' && id === facts.confirmedId))) {
      const onRefused = () => facts.lose(id, 'refused')
      return ask({ method: 'POST', sessionId: id, ids }, onRefused, isChosen ? created : undefined)
    }
    // The ids may be what it does not like: without them the visitor still gets a session.
    const onRefused = (error: SessionError) => facts.refuse(ids, error)
    return ask(
      { method: 'PUT', ids, sessionId: id },
      fieldsOf(ids).length ? onRefused : undefined,
      (sessionId) =>
        id && how === 'replaced'
          ? { type: 'replaced', sessionId, previousSessionId: id }
          : created(sessionId),
    )
  }

  /** Sends what is pending, also what another tab has accepted: that tab may be frozen, or have sent it already. */
  const send = async (keepalive: boolean): Promise<void> => {
    const sessionId = facts.follow()
    const ids = pending.ids()
    if (sessionId && !facts.lost && fieldsOf(ids).length)
      await ask({ method: 'POST', sessionId, ids, keepalive }, (error) => facts.refuse(ids, error))
  }

  /** How often to look again, because another tab may have made the session that is not to be seen yet. */
  const mostPauses = (hadToWait: boolean): number => {
    if (facts.isNextOurs) return 0
    if (hadToWait) return MOST_PAUSES
    return facts.isNextOurs === false ? 1 : 0
  }

  return {
    async confirmSession() {
      const question = { id: record.id(), at: parts.now(), signal: facts.signal() }
      let pauses = 0
      let failures = 0
      let isConfirmed: boolean | undefined = false
      while (!isConfirmed) {
        await backOff.gate()
        let isTooEarly = false
        try {
          isConfirmed = await lock(async (hadToWait) => {
            facts.follow()
            isTooEarly = pauses < mostPauses(hadToWait) && !record.confirmedAt()
            return isTooEarly ? false : step(question)
          })
        } catch (error) {
          // With an id to work with, one failure is answer enough: the client asks again later.
          const isEnough = record.id() || question.signal.aborted || failures++ >= parts.retry
          if (isEnough || isFinal(error as SessionError)) throw error
        }
        if (isTooEarly) {
          pauses++
          // Without the lock: in a hidden page it may take a minute, which costs the other tabs nothing.
          await parts.pause(SIGHT_MS)
        }
      }
    },
    sendPending: () =>
      lock(async () => {
        // keepalive lets it outlive the page; where that budget is used up, the next attempt goes without.
        if (backOff.isOpen()) await send(!facts.isFailing)
      }).catch(nothing),
    flush() {
      // Without an answer it is kept, and sent by the next page.
      send(true).catch(nothing)
    },
  }
}
