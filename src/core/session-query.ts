import { SessionError } from '../wire/session-error.ts'
import { isTransient, type SessionContext } from './session-context.ts'

/**
 * Creates, restores or replaces the session: asks the one question that the facts of the moment call for, under
 * the tab lock, until the current id is confirmed. After each wait storage is read again; an answer about an id
 * that is no longer current is ignored.
 *
 * @throws SessionError when it can't be done now
 */
export async function confirmSession(
  context: SessionContext,
  signal: AbortSignal,
  retry: number,
): Promise<void> {
  const askedAt = context.now()
  for (let attempt = 0; ; ) {
    await context.backOff.gate()
    try {
      if (await context.lock(() => ask(context, signal, askedAt))) return
    } catch (cause) {
      const error = cause as SessionError // the calls throw nothing else
      if (error.code !== 'aborted') context.backOff.fail(error.retryAfterMs)
      // With an id to work with, one failure is answer enough: the client asks again later.
      if (!isTransient(error) || context.record.id() || ++attempt > retry) throw error
    }
  }
}

/** One request. Resolves with true when the current session is confirmed. */
async function ask(context: SessionContext, signal: AbortSignal, askedAt: number): Promise<boolean> {
  const { record, call, create, pending } = context
  const current = () => {
    const now = context.follow()
    if (signal.aborted) throw new SessionError('aborted', 'The session was left')
    return now
  }
  const id = current()
  const lost = context.lost?.id === id ? context.lost?.how : undefined
  const isOwn = create === 'client' && id !== context.confirmedId && !record.confirmedAt()

  if (id && !lost && !isOwn) {
    // Another tab has confirmed it while this one waited for the lock.
    if (record.confirmedAt() > askedAt && !context.isUnsure()) {
      context.succeed()
      return true
    }
    try {
      const info = await call({ method: 'GET', sessionId: id, signal })
      if (current() !== id) return false
      if (info.sessionId !== id) context.lose(id, 'replaced')
      else context.confirm(info)
      return info.sessionId === id
    } catch (error) {
      return missed(context, error, id, current)
    }
  }

  const sent = id ? context.known() : pending.ids()
  if (id && (isOwn || (lost === 'lost' && id === context.confirmedId)) && lost !== 'refused') {
    try {
      const info = await call({ method: 'POST', sessionId: id, ids: sent, signal })
      if (current() !== id) return false
      if (info.sessionId !== id) context.lose(id, 'refused')
      else {
        context.confirm(info, sent)
        if (isOwn) context.emit({ type: 'created', sessionId: id })
      }
      return info.sessionId === id
    } catch (error) {
      if (isTransient(error as SessionError) || (error as SessionError).code === 'aborted') throw error
      if (current() === id) context.lose(id, 'refused')
      return false
    }
  }

  try {
    const info = await call({ method: 'PUT', ids: sent, signal })
    // Without locks another tab may have stored its session meanwhile: the stored id wins, ours is dropped.
    if (current() !== id) return false
    context.confirm(info, sent)
    const { sessionId } = info
    context.emit(
      id && lost === 'replaced'
        ? { type: 'replaced', sessionId, previousSessionId: id }
        : { type: 'created', sessionId },
    )
    return true
  } catch (cause) {
    const error = cause as SessionError
    // The ids may be what it does not like: without them the visitor still gets a session.
    if (error.code === 'http' && !isTransient(error) && Object.keys(sent).length) {
      context.refuse(sent, error)
      return false
    }
    throw error
  }
}

function missed(context: SessionContext, error: unknown, id: string, current: () => string | null): false {
  if ((error as SessionError).code !== 'session-not-found') throw error
  if (current() === id) context.lose(id, 'lost')
  return false
}
