import type { SessionError } from '../wire/session-error.ts'
import { ASSOCIATION_FIELDS, type Associations } from '../wire/session-info.ts'
import { isTransient, type SessionContext } from './session-context.ts'

/**
 * Sends pending associations until none is left: with the request that creates the session where there is none
 * yet, else by a `POST` of their own. Ends when all are confirmed or refused, or when `signal` says so.
 */
export async function sendPending(
  context: SessionContext,
  signal: () => AbortSignal,
  confirmSession: () => Promise<void>,
): Promise<void> {
  while (hasIds(context.pending.ids()) && !signal().aborted) {
    await context.backOff.gate()
    if (signal().aborted) return
    try {
      const id = context.follow()
      if (!id || context.lost?.id === id) await confirmSession()
      else await context.lock(() => send(context, signal()))
    } catch (cause) {
      const error = cause as SessionError // the calls throw nothing else
      if (error.code === 'aborted') {
        if (signal().aborted) return
      } else if (error.code === 'http' && !isTransient(error)) context.refuse(context.pending.ids(), error)
    }
  }
  // Sent by this tab or, meanwhile, by another.
  if (!signal().aborted && context.record.id()) context.succeed()
}

async function send(context: SessionContext, signal: AbortSignal): Promise<void> {
  const id = context.follow()
  // Another tab may have sent them while this one waited for the lock.
  const ids = context.pending.ids()
  if (!id || !hasIds(ids)) return
  try {
    // keepalive lets it outlive the page; where that budget is used up, the next attempt goes without.
    const info = await context.call({
      method: 'POST',
      sessionId: id,
      ids,
      keepalive: !context.backOff.failures(),
      signal,
    })
    if (context.follow() !== id || signal.aborted) return
    if (info.sessionId !== id) return context.lose(id, 'replaced')
    context.confirm(info, ids)
    context.emit({ type: 'associated', sessionId: id, fields: fieldsOf(ids) })
  } catch (cause) {
    const error = cause as SessionError
    const isCurrent = context.follow() === id
    if (error.code === 'session-not-found') {
      if (isCurrent) context.lose(id, 'refused')
    } else if (error.code === 'http' && !isTransient(error)) {
      if (isCurrent) context.refuse(ids, error)
    } else {
      if (error.code !== 'aborted') context.backOff.fail(error.retryAfterMs)
      throw error
    }
  }
}

export const fieldsOf = (ids: Associations) => ASSOCIATION_FIELDS.filter((field) => ids[field])

const hasIds = (ids: Associations) => fieldsOf(ids).length > 0
