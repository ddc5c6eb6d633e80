import { SessionError } from '../wire/session-error.ts'
import {
  ASSOCIATION_FIELDS,
  type Associations,
  fieldsOf,
  pickAssociations,
  type SessionInfo,
} from '../wire/session-info.ts'
import type { BackOff } from './back-off.ts'
import type { SessionEvent } from './options.ts'
import type { PendingAssociations } from './pending-associations.ts'
import type { SessionCache } from './session-cache.ts'
import type { SessionRecord } from './session-record.ts'

/** How the API said that it does not know an id: decides how the session is made again. */
type Loss = 'lost' | 'replaced' | 'refused'

/** What one page knows of the session, and the only place where that changes. */
export interface SessionFacts {
  /** The latest trouble, until the next success. */
  error: SessionError | null
  /** The latest request failed: the session has to be asked for again. */
  isFailing: boolean
  lost: { id: string; how: Loss } | undefined
  /**
   * Whether this tab makes the next session: true where it left the last one itself, false where another tab did;
   * undefined once the next one is there, or making it has failed.
   */
  isNextOurs: boolean | undefined
  /** This client was stopped or disabled: nothing is heard of the other tabs. */
  isAsleep: boolean
  /** The id that the server confirmed in this page's life. */
  confirmedId: string | undefined
  /** Aborts when the session is left, or the client ends. */
  signal(): AbortSignal
  /** Only the server can say whether the session has all that this page accepted. */
  isUnsure(): boolean
  /** There is no session to work with, or only the server can say whether there is. */
  isDue(): boolean
  /** All that is known to belong to the session, for a session that has to be made again. */
  known(): Associations
  /**
   * Reads storage again and follows what other tabs did. Returns the id that is current then. After a sleep another
   * id is anybody's: others may have signed in and out.
   */
  follow(hasSlept?: boolean): string | null
  /** The server confirmed this session, with these ids that we sent. */
  confirm(info: SessionInfo, sent: Associations): void
  /** What the server confirmed to others. Another tab tells it when that is news, also where this one never asked. */
  hear(info: SessionInfo, isNews?: boolean): void
  /** The app has emptied the cache: only the server can say what belongs to the session, and whose it is. */
  doubt(): void
  lose(id: string, how: Loss): void
  /** These ids are refused for good. */
  refuse(ids: Associations, error: SessionError): void
  /** A request failed; it will be tried again. */
  fail(error: SessionError): void
  /** The API works: no trouble, no back-off. */
  succeed(): void
  /** The session is left: what is under way belongs to nobody. */
  leave(reason: string): void
  /** Gives up what is under way; `revive` allows new work. */
  stop(): void
  revive(): void
}

/** What the facts are made of. */
interface SessionFactsParts {
  record: SessionRecord
  pending: PendingAssociations
  backOff: BackOff
  cache: SessionCache
  /** Wall clock in milliseconds. */
  now(): number
  tell(message: unknown): void
  emit(event: SessionEvent): void
  /** Something has changed. */
  changed(): void
  /** There is something to do. */
  work(): void
}

export function createSessionFacts(parts: SessionFactsParts): SessionFacts {
  const { record, pending, backOff, cache, emit, changed, work } = parts
  let lifetime = new AbortController()
  /** The server's answers tell what is associated (not all do), so that a missing field means something. */
  let isEchoing = false
  let mustAsk = false
  /** The customer as last confirmed: undefined for none, null while that is not known, '' for one who was never learned. */
  let customer: string | null | undefined = null

  const cachedIds = (sessionId: string | null) => {
    const info = cache.get()
    return info?.sessionId === sessionId ? pickAssociations(info) : {}
  }

  /** Writes what the session has into the cache, and settles what that answers. */
  const take = (info: SessionInfo, sent: Associations) => {
    const { sessionId } = info
    const before = cachedIds(sessionId)
    // An answer to what we sent may be older than what we have sent since.
    if (!fieldsOf(sent).length) pending.learn(pickAssociations(info))
    const own = pending.own()
    const known = { ...before, ...own, ...sent }
    const missing: Associations = {}
    const settled: Associations = {}
    isEchoing ||= fieldsOf(sent).some((field) => info[field] === sent[field])
    mustAsk = false
    for (const field of ASSOCIATION_FIELDS) {
      const waits = pending.ids()[field]
      if (waits && waits !== sent[field]) continue
      // Our earlier value may have overtaken a later one on its way; and a server may have begun anew, under the
      // same id, without what it knew.
      const isMissing = sent[field]
        ? own[field] && own[field] !== sent[field]
        : !info[field] && (isEchoing || pending.isOpen(field))
      if (isMissing) missing[field] = own[field] ?? before[field]
      else settled[field] = sent[field] ?? own[field]
    }
    const merged = { ...known, ...info }
    cache.set(merged, record.confirmedAt())
    const absent = fieldsOf(missing)
    if (absent.length) {
      // Confirmed is what the server has all at once: they go together, once more.
      pending.accept(missing)
      work()
      if (absent.some((field) => before[field] && !sent[field])) emit({ type: 'lost', sessionId })
    } else pending.settle(settled)
    if (customer === null ? sent.customerId : customer !== merged.customerId) cache.invalidateDependents()
    customer = merged.customerId
    changed()
  }

  const facts: SessionFacts = {
    error: null,
    isFailing: false,
    lost: undefined,
    isNextOurs: undefined,
    isAsleep: false,
    confirmedId: undefined,
    signal: () => lifetime.signal,
    isUnsure: () => mustAsk || pending.isGone(),
    isDue: () => !record.id() || !!facts.lost || facts.isUnsure(),
    known: () => ({ ...cachedIds(record.id()), ...pending.own(), ...pending.ids() }),
    follow(hasSlept = facts.isAsleep) {
      const before = record.id()
      // Without a session, what was accepted for the first one tells: forgotten, or sent for who knows whose.
      const isNobodys = hasSlept && !before && pending.isGone()
      const change = record.sync(hasSlept && !!before)
      if (change === 'left' || isNobodys) {
        facts.leave('The session was left in another tab')
        emit({ type: 'reset', sessionId: before })
      }
      if (change === 'gone') mustAsk = true
      const isNews = pending.sync()
      const id = record.id()
      if (id) facts.isNextOurs = undefined
      else if (change === 'left') facts.isNextOurs = false
      if (id && id !== before) {
        // Made by a tab that may not know what this one has sent.
        mustAsk = fieldsOf(pending.own()).length > 0
        cache.set({ sessionId: id }, record.confirmedAt())
        emit({ type: 'adopted', sessionId: id })
      }
      // What another tab accepted, that tab sends: here it only shows.
      if (facts.isUnsure() || change === 'left') work()
      if (isNews || id !== before) changed()
      return id
    },
    confirm(info, sent) {
      const { sessionId } = info
      const isNews = cache.get()?.sessionId !== sessionId || fieldsOf(sent).length
      record.keep(sessionId, parts.now())
      facts.lost = undefined
      facts.confirmedId = sessionId
      take(info, sent)
      facts.succeed()
      if (isNews) parts.tell(cache.get())
    },
    doubt() {
      facts.confirmedId = undefined
      mustAsk = true
    },
    hear(info, isNews) {
      if (facts.follow() !== info.sessionId) return
      if (isNews) customer ??= undefined
      facts.confirmedId = info.sessionId
      take(info, {})
    },
    lose(id, how) {
      if (how !== 'replaced' && facts.lost?.id !== id) emit({ type: 'lost', sessionId: id })
      facts.lost = { id, how }
    },
    refuse(ids, error) {
      facts.error = error
      pending.settle(ids, error)
      emit({ type: 'association-failed', sessionId: record.id(), fields: fieldsOf(ids) })
      changed()
    },
    fail(error) {
      facts.error = error
      facts.isFailing = true
      facts.isNextOurs = undefined
      backOff.fail(error.retryAfterMs)
      work()
      changed()
    },
    succeed() {
      facts.error = null
      facts.isFailing = false
      backOff.succeed()
      changed()
    },
    leave(reason) {
      lifetime.abort()
      facts.revive()
      facts.lost = undefined
      facts.isNextOurs = undefined
      mustAsk = false
      // Not knowing whose session this was, the next one's customer counts as another.
      if (customer === null) customer = ''
      facts.error = null
      facts.isFailing = false
      pending.clear(new SessionError('aborted', reason))
      cache.reset()
    },
    stop() {
      lifetime.abort()
      backOff.stop()
    },
    revive() {
      if (lifetime.signal.aborted) lifetime = new AbortController()
    },
  }
  return facts
}
