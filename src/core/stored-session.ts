import { isSessionId } from '../wire/session-info.ts'
import { idOf, type Session } from './session.ts'

/**
 * What storage holds of the session. Beside the id stands `storageKey:at`: generation, time of the last confirmation,
 * the id that was confirmed, and the word "customer" where one was confirmed for it.
 *
 * The generation changes with every reset. By it, a tab that slept through a reset tells a session that was left (its
 * customer must not follow) from a session that was lost and replaced (its customer must follow).
 */
export interface Stored {
  id: string | null
  generation: string
  confirmedId: string | undefined
  /** Wall clock in milliseconds; 0 if there was no confirmation. */
  confirmedAt: number
  /** A customer was confirmed for `confirmedId`, or the id was chosen for one. */
  hasCustomer: boolean
  /** Storage can be read, and has neither an id nor a generation. */
  isEmpty: boolean
  /** `storageKey:at` is there and well formed. */
  hasMark: boolean
}

/** How this page came to the session. */
export interface Origin {
  /** When it asked for the session that it made, or chose its id, as a wall clock in milliseconds. */
  readonly since?: number
  /** The session that this one took the place of, although nobody had told that it was left. */
  readonly replaces?: string | null | undefined
}

/** Begins the notice that a session is forgotten; the id follows. */
const FORGOTTEN = 'forgotten '

const MARK = /^(\S*)(?: (\d+) (\S+)( customer)?)?$/

/** Reads storage. A broken or foreign value counts as absent. */
export function readStored({ persistence, environment, stored, isDeaf }: Session): Stored {
  const value = persistence.read('')
  const text = persistence.read(':at')
  const mark = MARK.exec(text ?? ' ')
  // Without a mark the generation goes on, unless somebody may have forgotten the session while nothing was heard.
  const isReadable = persistence.isReadable()
  const [, generation = isDeaf && isReadable ? '' : (stored?.generation ?? ''), time, confirmedId, customer] =
    mark ?? []
  // A time from the future comes from a clock that was wrong.
  const at = Number(time) <= environment.now() ? Number(time) : 0
  return {
    // A generation without an id is a reset of which only the first half has arrived: the id is being removed.
    id: (!mark || confirmedId) && isSessionId(value) ? value : null,
    generation,
    confirmedId,
    confirmedAt: at,
    hasCustomer: !!customer,
    isEmpty: value === null && text === null && isReadable,
    hasMark: !!mark,
  }
}

/** Writes the id. `at`: wall clock of its confirmation in milliseconds; 0 means that it is only chosen. */
export function writeStored(session: Session, id: string, at: number, isCustomers = false): Stored {
  const { persistence, stored } = session
  const generation = stored?.generation ?? ''
  const hasCustomer = isCustomers || (!!stored?.hasCustomer && stored.confirmedId === id)
  persistence.write(':at', `${generation} ${at} ${id}${hasCustomer ? ' customer' : ''}`)
  // One that storage has refused may have room again.
  if (stored?.id !== id || persistence.kind() === 'memory') persistence.write('', id)
  return { id, generation, confirmedId: id, confirmedAt: at, hasCustomer, isEmpty: false, hasMark: true }
}

/** Leaves the session in every tab. */
export function writeLeft({ persistence, environment }: Session): Stored {
  const generation = environment.random().toString(36).slice(2)
  // First the generation alone: a tab that looks in between must neither take the missing id for a cleared storage
  // nor the id that is still there for a new session.
  persistence.write(':at', generation)
  persistence.write('', null)
  return {
    id: null,
    generation,
    confirmedId: undefined,
    confirmedAt: 0,
    hasCustomer: false,
    isEmpty: false,
    hasMark: true,
  }
}

/** Keeps the generation where storage was cleared while there is no session. */
export function writeGeneration({ persistence }: Session, generation: string): void {
  persistence.write(':at', generation)
}

/** Removes id and mark; the notice tells tabs that hear only of changes in storage. */
export function eraseStored({ persistence }: Session, notice: string | undefined): void {
  if (notice) persistence.write(':at', notice)
  persistence.write('', null)
  persistence.write(':at', null)
}

/** The session of this browser: another tab may have begun it without this page, which is disabled, hearing of it. */
export function latestId(session: Session): string | null {
  const stored = session.persistence.read('')
  return isSessionId(stored) ? stored : idOf(session)
}

/**
 * Tells the other tabs that this session is forgotten: on the channel, and for a moment under `storageKey:at`. It also
 * names the session that was left just before (a tab may have written that id again, before it hears of either), and
 * the wall clock in milliseconds.
 */
export const forgottenNotice = (session: Session): string =>
  `${FORGOTTEN}${latestId(session) ?? ''} ${session.previousId ?? ''}@${session.environment.now()}`

/**
 * Whether a message is such a notice. `past`: storage has another session in its place already. A page that slept
 * hears late, and must not take the new session from the tabs that began it. `undone`: that session is this page's,
 * which asked for it, or went on with it, before it could know. `former`: this page has taken it over from another tab
 * before it could know.
 */
export function readNotice(
  session: Session,
  message: unknown,
): 'present' | 'past' | 'undone' | 'former' | undefined {
  if (typeof message !== 'string' || !message.startsWith(FORGOTTEN)) return
  const { persistence, origin } = session
  const { since, replaces } = origin
  const stored = persistence.read('')
  const [ids = '', at] = message.slice(FORGOTTEN.length).split('@')
  const named = ids.split(' ')
  if (!named[0] || !isSessionId(stored) || named.includes(stored) || !persistence.isShared()) return 'present'
  if (replaces && named.includes(replaces)) return since ? 'undone' : 'former'
  return stored === idOf(session) && since && since <= Number(at) ? 'undone' : 'past'
}
