import { emptyOutbox, idOf, phaseOf, type Session, type SessionRecord, tell } from './session.ts'
import { deriveState, type SessionState } from './session-state.ts'
import { report } from './uncaught.ts'

/** The most events that are told at once. A handler that answers each event with another one must not hang the page. */
const MOST_EVENTS = 50

/**
 * One change of the record, from its entry (a method, a page event, a message, an answer) to its end. When the
 * outermost turn ends, the state is derived once, subscribers are told, and then the events are emitted in order.
 * No code of the app runs before that; what a handler of the app does is a turn of its own.
 */
export function turn<T>(session: Session, transition: (record: SessionRecord) => T): T {
  const record: SessionRecord = session // turns are where the record may be written
  record.depth++
  try {
    return transition(record)
  } finally {
    record.depth--
    if (!record.depth) endTurn(record)
  }
}

/** A turn whose consequences follow in a microtask: for a look into storage while React renders. */
export function silentTurn(session: Session, transition: (record: SessionRecord) => void): void {
  const record: SessionRecord = session // as above
  record.depth++
  transition(record)
  record.depth--
  if (record.outbox.events.length) queueMicrotask(() => turn(session, () => undefined))
}

/** The state as it is now, where no turn tells of changes: the client is not started, or hears nothing. */
export function refreshState(session: Session): SessionState {
  const record: SessionRecord = session // as above
  record.state = deriveState(record, record.state)
  return record.state
}

function endTurn(session: SessionRecord): void {
  const { ended, cacheReset, info, isCustomerNews, events } = session.outbox
  session.outbox = { ...emptyOutbox(), events }
  for (const lifetime of ended) report(() => lifetime.abort())
  if (cacheReset) session.cache[cacheReset]()
  if (info) session.cache.set(info.value, info.at)
  tellRefusal(session)
  tellState(session)
  for (const followUp of session.followUps) followUp()
  if (isCustomerNews) session.cache.invalidateDependents()
  // A subscriber looked at the state, and storage showed that the session is left.
  if (session.outbox.ended.length) endTurn(session)
  else tellEvents(session)
}

function tellRefusal(session: SessionRecord): void {
  const { options, persistence } = session
  if (session.hasToldRefusal || phaseOf(session) !== 'open') return
  if (options.storage === 'memory' || persistence.kind() !== 'memory') return
  session.hasToldRefusal = true
  tell(session, { type: 'storage-unavailable', sessionId: idOf(session) })
}

function tellState(session: SessionRecord): void {
  const state = refreshState(session)
  if (state === session.told) return
  session.told = state
  for (const listener of session.listeners) report(listener)
}

function tellEvents(session: SessionRecord): void {
  if (session.isEmitting) return
  session.isEmitting = true
  for (let told = 0; told < MOST_EVENTS; told++) {
    const event = session.outbox.events.shift()
    if (!event) break
    session.events.emit(event)
  }
  session.isEmitting = false
  if (session.outbox.events.length)
    session.environment.setTimeout(() => turn(session, () => undefined), 1_000)
}
