import type { SessionError } from '../wire/session-error.ts'
import type { Associations, SessionInfo } from '../wire/session-info.ts'
import type { Waiting } from './associations.ts'
import type { BackOff } from './back-off.ts'
import type { Environment } from './environment.ts'
import type { Erasing } from './erasing.ts'
import type { SessionEvent, SessionEvents } from './events.ts'
import type { SessionClientOptions } from './options.ts'
import type { Persistence } from './persistence.ts'
import type { SessionCache } from './session-cache.ts'
import type { SessionState } from './session-state.ts'
import type { Origin, Stored } from './stored-session.ts'
import type { TabChannel } from './tab-channel.ts'
import type { TabLock } from './tab-lock.ts'

/** How the API said that it does not know an id. It decides how the session is made again. */
export type Loss = 'lost' | 'replaced' | 'refused'

/** Which session this page is in, and how far it is known. */
type Standing =
  /** `maker` tells which tab makes the next session, where somebody left the last one. */
  | { is: 'none'; maker?: 'us' | 'them' | undefined }
  /** Chosen by this browser (`create: 'client'`), and not brought to the server yet. */
  | { is: 'chosen'; id: string; isWritten: boolean }
  /** Found in storage. The server has not confirmed it in this page's life. */
  | { is: 'stored'; id: string }
  /** The server confirmed it in this page's life, to this tab or to another one. */
  | { is: 'confirmed'; id: string }
  /** The API does not know this id any more. `wasOurs`: it was confirmed in this page's life. */
  | { is: 'lost'; id: string; how: Loss; wasOurs: boolean }

/** Who is signed in, as the app says. */
export interface Identity {
  /** The latest value that the app said; undefined before the first. */
  readonly said: string | null | undefined
  /** The value that was acted on; another one than `said` while the client is disabled. */
  readonly decided: string | null | undefined
  /** Everybody whom the app named since the last decision. */
  readonly named: readonly string[]
  /** The decision waits until the server has told whose session this is. */
  readonly isOpen: boolean
}

/** What follows a turn: written, told and emitted when the outermost turn ends. */
export interface Outbox {
  /** Lifetimes that have ended. */
  ended: AbortController[]
  /** The query gives up what is under way and forgets its data. */
  cacheReset: 'reset' | 'remove' | undefined
  /** What the query shall hold. `at`: wall clock of its confirmation, in milliseconds. */
  info: { value: SessionInfo; at: number } | undefined
  /** Queries that belong to the customer are to be fetched again. */
  isCustomerNews: boolean
  events: SessionEvent[]
}

/** What a session is made of; none of it changes but the query cache, when the tree gets another QueryClient. */
interface SessionParts {
  /** Read when used: the provider keeps functions and `agentId` up to date in this object. */
  options: SessionClientOptions
  /** `fetch` is the app's, or the page's at the moment of the call. */
  environment: Environment
  /** False on a server: there is no browser whose session could be kept. */
  isBrowser: boolean
  storageKey: string
  revalidateMs: number
  waitMs: number
  timeoutMs: number
  persistence: Persistence
  /** Where ids wait to be confirmed: the same, or memory with `durable: false`. */
  waitingRoom: Persistence
  cache: SessionCache
  backOff: BackOff
  channel: TabChannel
  lock: TabLock
  erasing: Erasing
  events: SessionEvents
  listeners: Set<() => void>
  /** What follows each turn: the listeners of the page, and the requests. */
  followUps: (() => void)[]
}

/**
 * All that one page knows of its session. Only the floor of the transitions (`looks.ts`, `answers.ts` and their
 * neighbours) and those below write this record.
 */
export interface SessionRecord extends SessionParts {
  // What the app said.
  isEnabled: boolean
  isStarted: boolean
  /** Requests may be made: from `start()` or the first use, until the client is stopped or disabled. */
  isActive: boolean
  /** The session that the app handed in, until it is written. */
  initialSession: SessionInfo | undefined
  identity: Identity

  // What this page knows.
  standing: Standing
  /** What storage held at the last look; undefined before the first one. */
  stored: Stored | undefined
  /** Only the server can say what belongs to this session. */
  doubt: boolean
  /**
   * The customer as last confirmed. `unknown`: the server has not told yet. `unlearned`: the session was left before
   * the server told, so that any later customer counts as another one.
   */
  customer: 'unknown' | 'unlearned' | { id: string | undefined }
  /** Wall clock of the confirmation that this page's data is of, in milliseconds; another tab may have sent ids since. */
  knownAt: number
  /** The server's answers tell what is associated (not all servers do), so that a missing field means something. */
  isEchoing: boolean
  /** This page hears nothing of the other tabs: stopped, disabled, frozen, or in the back-forward cache. */
  isDeaf: boolean
  /** The id was found in storage, and no event has told so yet. */
  isRestored: boolean
  origin: Origin
  /** The last id that was left or lost, for `previousSessionId` in events. */
  previousId: string | undefined

  // Ids of customer and visit.
  /** Accepted and not confirmed; also what other tabs or an earlier visit accepted. */
  pending: Associations
  /** The latest values that this page accepted for the session, confirmed or not. */
  own: Associations
  waiting: Waiting[]
  /** The last customer whom this page has sent for the session: the server may know that one, whatever came of it. */
  sentCustomer: string | undefined

  // Requests.
  /** Somebody wants the session to be confirmed: the id at that time, and the wall clock in milliseconds. */
  question: { id: string | null; at: number } | undefined
  /** The latest error, until the next success. */
  error: SessionError | null
  /** The latest request failed. */
  isFailing: boolean
  /** The next `PUT` carries only what is documented: one with `resume` or `previousSessionId` was refused. */
  isPlain: boolean
  /** Sessions that were left or forgotten in this page's life. */
  departures: number
  /** The session was forgotten in this page's life: none of before is wanted back. */
  hasForgotten: boolean
  /** Requests that ask for or create the session, under way. */
  asking: number
  isWorking: boolean
  /** Counts answers, failures and departures, so that a round of requests without any of them is noticed. */
  outcomes: number
  /** Ends when the session is left or the client stops: what is under way then belongs to nobody. */
  lifetime: AbortController

  // The turn.
  depth: number
  isEmitting: boolean
  outbox: Outbox
  hasToldRefusal: boolean
  /** The state as last derived, and as last told. */
  state: SessionState | undefined
  told: SessionState | undefined
}

/** The record as the rooms above the transitions see it. */
export type Session = Readonly<SessionRecord>

export const emptyOutbox = (): Outbox => ({
  ended: [],
  cacheReset: undefined,
  info: undefined,
  isCustomerNews: false,
  events: [],
})

export const noIdentity: Identity = { said: undefined, decided: undefined, named: [], isOpen: false }

export const createSession = (parts: SessionParts): SessionRecord => ({
  ...parts,
  // Null means: no consent yet.
  isEnabled: parts.options.enabled === undefined || !!parts.options.enabled,
  isStarted: false,
  isActive: false,
  initialSession: parts.options.initialSession,
  identity: noIdentity,
  standing: { is: 'none' },
  stored: undefined,
  doubt: false,
  customer: 'unknown',
  knownAt: 0,
  isEchoing: false,
  isDeaf: false,
  isRestored: false,
  origin: {},
  previousId: undefined,
  pending: {},
  own: {},
  waiting: [],
  sentCustomer: undefined,
  question: undefined,
  error: null,
  isFailing: false,
  isPlain: false,
  departures: 0,
  hasForgotten: false,
  asking: 0,
  isWorking: false,
  outcomes: 0,
  lifetime: new AbortController(),
  depth: 0,
  isEmitting: false,
  outbox: emptyOutbox(),
  hasToldRefusal: false,
  state: undefined,
  told: undefined,
})

/** To be emitted when the turn ends. */
export const tell = (session: SessionRecord, event: SessionEvent): void =>
  void session.outbox.events.push(event)

// --- what follows from the record ---

/** The id to work with, also of a session that is lost and will be made again. */
export const idOf = ({ standing }: Session): string | null => ('id' in standing ? standing.id : null)

/** Requests may be made now. */
export const isAlive = ({ isBrowser, isEnabled, isActive }: Session): boolean =>
  isBrowser && isEnabled && isActive

/**
 * `off`: no consent. `idle`: made, or stopped. `deaf`: started, and frozen or in the back-forward cache. `open`: hears
 * the other tabs.
 */
export const phaseOf = ({ isEnabled, isStarted, isDeaf }: Session): 'off' | 'idle' | 'deaf' | 'open' =>
  !isEnabled ? 'off' : !isStarted ? 'idle' : isDeaf ? 'deaf' : 'open'

/** What the query cache holds of the current session, or will hold when the turn ends. */
export function infoOf(session: Session): SessionInfo | undefined {
  const { outbox, cache } = session
  const info = outbox.info?.value ?? (outbox.cacheReset ? undefined : cache.get())
  return info?.sessionId === idOf(session) ? info : undefined
}

/** What storage remembers of the current id; its mark may still be another one's. */
const markOf = ({ stored, standing }: Session) =>
  'id' in standing && stored?.confirmedId === standing.id ? stored : undefined

/** Wall clock of the last confirmation of the current id by the server, in any tab; 0 if there was none. */
export const confirmedAt = (session: Session): number => markOf(session)?.confirmedAt ?? 0

/** A customer was confirmed for the current id, or it was chosen for one. */
export const hasCustomer = (session: Session): boolean => !!markOf(session)?.hasCustomer
