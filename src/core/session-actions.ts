import type { SessionError } from '../wire/session-error.ts'
import { type Associations, checkAssociations, fieldsOf, type SessionInfo } from '../wire/session-info.ts'
import type { BackOff } from './back-off.ts'
import { nothing, quiet } from './callbacks.ts'
import type { SessionClient } from './client-interface.ts'
import type { Environment } from './environment.ts'
import type { SessionClientOptions, SessionEvent } from './options.ts'
import type { PendingAssociations } from './pending-associations.ts'
import type { Persistence } from './persistence.ts'
import type { SessionCache } from './session-cache.ts'
import type { SessionFacts } from './session-facts.ts'
import type { SessionLife } from './session-life.ts'
import type { SessionRecord } from './session-record.ts'
import { within } from './within.ts'

/** What an app asks of the session. */
export interface SessionActions extends Pick<SessionClient, 'ready' | 'associate' | 'reset' | 'confirming'> {
  /** Leaves the session in this page; `reset()` tells the other tabs, too. */
  leave(reason: string): void
}

interface SessionActionsParts {
  world: Environment
  create: SessionClientOptions['create']
  /** How long a session that is stored waits for its confirmation, in milliseconds. */
  waitMs: number
  persistence: Persistence
  record: SessionRecord
  pending: PendingAssociations
  backOff: BackOff
  cache: SessionCache
  facts: SessionFacts
  life: SessionLife
  snapshot(): SessionInfo
  isAlive(): boolean
  sendPending(): Promise<void>
  tell(message: unknown): void
  emit(event: SessionEvent): void
  changed(): void
  work(): void
}

export function createSessionActions(parts: SessionActionsParts): SessionActions {
  const { world, create, record, pending, cache, facts, life, snapshot, isAlive, changed, work } = parts

  /** @throws SessionError `invalid-input`, and says so where nobody looks at the promise */
  const check = (ids: Associations): Associations => {
    try {
      return checkAssociations(ids)
    } catch (cause) {
      parts.emit({ type: 'association-failed', sessionId: record.id(), fields: fieldsOf(ids) })
      throw cause
    }
  }

  const actions: SessionActions = {
    async ready() {
      const id = life.enter()
      // What the app kept in its cache is no session: without an id the query runs in any case.
      const confirmed = cache.fetch(!id)
      // A stored session can be used at once: that the API is slow holds nobody up.
      const failure = await (id ? within(world, parts.waitMs, confirmed) : confirmed).then(
        nothing,
        (error: SessionError) => error, // the cache rejects with nothing else
      )
      life.demandEnabled()
      if (record.id()) return { ...snapshot(), ...pending.unconfirmed() }
      // What a callback of the app threw in its place says less than what the API did.
      if (failure && (facts.error || failure.code !== 'aborted' || !isAlive())) throw facts.error ?? failure
      // Left meanwhile, or lost: the next one is waited for.
      return actions.ready()
    },
    associate: quiet(async (ids) => {
      const given = check(ids)
      const id = life.enter()
      const confirmed = id && id === facts.confirmedId ? cache.get() : undefined
      if (!fieldsOf(given).some((field) => pending.isOpen(field) || confirmed?.[field] !== given[field]))
        return actions.ready()
      pending.accept(given)
      const confirmation = pending.confirmation(given)
      changed()
      work()
      await confirmation
      return snapshot()
    }),
    leave(reason) {
      const sessionId = record.id()
      record.leave()
      facts.leave(reason)
      facts.isNextOurs = true
      parts.emit({ type: 'reset', sessionId })
      if (create === 'client') record.keep(world.randomUUID(), 0)
      work()
      changed()
    },
    reset: quiet(async () => {
      life.enter()
      actions.leave('The session was reset')
      // Without a storage in common there is nothing to follow.
      parts.tell(parts.persistence.isShared() ? 'follow' : 'leave')
      return actions.ready()
    }),
    confirming() {
      if (!life.isEnabled()) return
      const id = life.enter()
      const isOpen = () => isAlive() && record.id() === id && facts.confirmedId !== id
      // Chosen by this browser and not brought to the server yet, it can be nobody's.
      const isNew = create === 'client' && !record.confirmedAt()
      if (!id || isNew || !isOpen()) return
      const signal = facts.signal()
      return (async () => {
        while (isOpen()) {
          await cache.fetch(true).catch(nothing)
          // What was accepted does not wait for an API that won't tell; its answer tells, too.
          if (isOpen() && fieldsOf(pending.ids()).length) await parts.backOff.gate().then(parts.sendPending)
        }
        return !signal.aborted
      })()
    },
  }
  return actions
}
