import { fieldsOf } from '../wire/session-info.ts'
import type { BackOff } from './back-off.ts'
import { nothing } from './callbacks.ts'
import type { PendingAssociations } from './pending-associations.ts'
import type { SessionCache } from './session-cache.ts'
import type { SessionFacts } from './session-facts.ts'

interface SessionWorkParts {
  facts: SessionFacts
  pending: PendingAssociations
  backOff: BackOff
  cache: SessionCache
  /** Enabled, and not stopped. */
  isAlive(): boolean
  isRunning(): boolean
  sendPending(): Promise<void>
}

/** Does what is due, one thing after another, at the pace of the back-off, until nothing is. */
export function createSessionWork(parts: SessionWorkParts): () => Promise<void> {
  const { facts, pending, backOff, cache, isAlive } = parts
  let isWorking = false

  return async () => {
    if (isWorking) return
    isWorking = true
    // Calls of one tick go together.
    await undefined
    while (isAlive()) {
      await backOff.gate()
      if (!isAlive()) break
      const hasPending = fieldsOf(pending.ids()).length > 0
      const isFailing = facts.isFailing && !hasPending && parts.isRunning()
      // What fails here is told by the state, and tried again when the gate opens.
      if (facts.isDue() || isFailing || cache.isFetching()) await cache.fetch(true).catch(nothing)
      // A callback of the app's MutationCache may throw before anything is sent, or behind it: then nothing is pending.
      else if (hasPending) await cache.mutate(parts.sendPending).catch(parts.sendPending)
      else break
    }
    isWorking = false
  }
}
