import { SessionError } from '../wire/session-error.ts'
import type { SessionInfo } from '../wire/session-info.ts'
import type { BackOff } from './back-off.ts'
import { nothing } from './callbacks.ts'
import type { Environment } from './environment.ts'
import type { SessionEvent } from './options.ts'
import { watchPage } from './page-watch.ts'
import type { PendingAssociations } from './pending-associations.ts'
import type { Persistence } from './persistence.ts'
import type { SessionCache } from './session-cache.ts'
import type { SessionFacts } from './session-facts.ts'
import type { SessionRecord } from './session-record.ts'
import type { TabChannel } from './tab-channel.ts'

/** When a client reads, listens and works: from `start()` to `stop()`, as far as it is enabled. */
export interface SessionLife {
  isEnabled(): boolean
  isRunning(): boolean
  /** @throws SessionError `disabled` */
  demandEnabled(): void
  /** The session that the app handed in, until it is written. */
  initialSession(): SessionInfo | undefined
  /**
   * Something is asked of the client, started or not. Returns the id that is current then.
   *
   * @throws SessionError `disabled`
   */
  enter(): string | null
  /** Reads storage, so that the first render has the id. */
  load(): void
  start(): void
  stop(): void
  enable(): void
  disable(): void
  /** Removes all that was stored, and disables. The tab that is asked first tells the others. */
  forget(isFirst?: boolean): void
  /** Forgets what another tab's notice names; false if the message is no notice. */
  heed(message: unknown): boolean
  /** Asks for the session where that is due, and sends what waits. */
  begin(): void
}

interface SessionLifeParts {
  /** `undefined` on a server. */
  environment: Environment | undefined
  storageKey: string
  persistence: Persistence
  record: SessionRecord
  pending: PendingAssociations
  cache: SessionCache
  facts: SessionFacts
  channel: TabChannel
  backOff: BackOff
  isEnabled: boolean
  initialSession: SessionInfo | undefined
  create: 'server' | 'client' | undefined
  durable: boolean | undefined
  emit(event: SessionEvent): void
  changed(): void
  work(): void
  /** The page goes away. */
  flush(): void
}

export function createSessionLife(parts: SessionLifeParts): SessionLife {
  const { environment, storageKey, persistence, record, pending, cache, facts, channel, emit, changed } =
    parts
  let { isEnabled, initialSession } = parts
  let isRunning = false
  let isRestored = false
  let isStopping = false
  let close = nothing

  const takeInitial = () => {
    if (!initialSession || !environment) return
    const info = initialSession
    initialSession = undefined
    record.sync()
    const waiting = pending.ids().customerId
    // What an earlier visit has left to be sent is of another customer than the one whom the server knows here.
    if (waiting && info.customerId && waiting !== info.customerId) {
      emit({ type: 'reset', sessionId: record.id() })
      record.leave()
      facts.leave('The session that the app handed in is another customer’s')
    }
    record.keep(info.sessionId, environment.now())
    facts.hear(info)
  }
  const open = () => {
    if (!environment || !isRunning || !isEnabled) return
    takeInitial()
    const sessionId = facts.follow()
    facts.isAsleep = false
    if (sessionId) {
      // Chosen by this page: the other tabs shall have it, too.
      if (parts.create === 'client' && persistence.read('') === null) record.keep(sessionId, 0)
      if (cache.get()?.sessionId !== sessionId) cache.set({ sessionId }, record.confirmedAt())
      if (isRestored) emit({ type: 'restored', sessionId })
    }
    isRestored = false
    channel.open()
    const endings = [
      cache.listen((isEmptied) => {
        if (isEmptied && record.id()) {
          facts.doubt()
          queueMicrotask(() => isRunning && isEnabled && life.begin())
        }
        changed()
      }),
      watchPage(environment, storageKey, {
        follow(value) {
          if (!life.heed(value)) facts.follow()
        },
        wake() {
          persistence.retry()
          changed()
          facts.follow()
          parts.backOff.wake()
          life.begin()
        },
        show() {
          // What was asked before may be answered as it was then: another tab may have signed somebody in meanwhile.
          facts.stop()
          facts.revive()
          channel.open()
          const isEmpty = persistence.read('') === null && persistence.read(':at') === null
          // Storage was emptied while this page heard nothing: forgotten. Another id than before is anybody's.
          if (isEmpty && (record.id() || pending.isGone())) life.forget()
          else facts.follow(true)
        },
        hide() {
          parts.flush()
          channel.close()
        },
      }),
      channel.close,
    ]
    close = () => {
      for (const end of endings) end()
      facts.isAsleep = true
      close = nothing
    }
    life.begin()
    changed()
  }

  const life: SessionLife = {
    isEnabled: () => isEnabled,
    isRunning: () => isRunning,
    demandEnabled() {
      if (!environment || !isEnabled)
        throw new SessionError('disabled', 'The session is disabled: no consent, or on a server')
    },
    initialSession: () => initialSession,
    enter() {
      life.demandEnabled()
      takeInitial()
      isStopping = false
      facts.revive()
      return facts.follow()
    },
    load() {
      if (!environment || !isEnabled) return
      isRestored = record.sync() === 'adopted' && !initialSession
      if (!record.id() && parts.create === 'client') record.adopt(environment.randomUUID())
      if (parts.durable === false) record.eraseIds()
      pending.sync()
    },
    start() {
      if (isRunning || !environment) return
      isRunning = true
      isStopping = false
      facts.revive()
      open()
    },
    stop() {
      isRunning = false
      isStopping = true
      close()
      // StrictMode stops and starts again at once, and an app may ask for something: what is under way goes on then.
      queueMicrotask(() => isStopping && facts.stop())
    },
    enable() {
      isEnabled = true
      facts.revive()
      if (facts.isAsleep) facts.follow()
      life.load()
      open()
    },
    disable() {
      close()
      isEnabled = false
      // Others may sign in and out until it is enabled again.
      facts.confirmedId = undefined
      facts.stop()
      cache.remove()
    },
    forget(isFirst = false) {
      const sessionId = record.id()
      const notice = isFirst ? record.notice() : undefined
      if (notice) channel.tell(notice)
      life.disable()
      facts.leave('The session was forgotten')
      record.erase(notice)
      pending.sync()
      emit({ type: 'forgotten', sessionId })
      changed()
    },
    heed(message) {
      const notice = record.readNotice(message)
      if (notice === 'past') facts.follow(true)
      if (notice === 'present') life.forget()
      return !!notice
    },
    begin() {
      cache.fetch().catch(nothing)
      parts.work()
    },
  }
  return life
}
