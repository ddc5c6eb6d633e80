import { ASSOCIATION_FIELDS, isSessionId } from '../wire/session-info.ts'
import type { Environment } from './environment.ts'
import type { Persistence } from './persistence.ts'

/** What a look into storage found: nothing new, another tab's session, that another tab left this one, or nothing. */
type RecordChange = 'same' | 'adopted' | 'left' | 'gone'

/** Begins the notice that a session is forgotten; the id stands behind it. */
const FORGOTTEN = 'forgotten '

/**
 * Which session this browser is in. Storage is shared by all tabs, and every tab reads it again after each wait.
 *
 * Beside the id stands `storageKey:at`: generation, time of the last confirmation, and the id that was confirmed.
 * The generation changes with every reset. It is how a tab that slept through a reset tells a session that was
 * left (its customer must not follow) from one that was lost and replaced (its customer must).
 */
export interface SessionRecord {
  id(): string | null
  generation(): string
  /** Wall clock of the last confirmation of this id by the server, in any tab; 0 if there is none. */
  confirmedAt(): number
  /** Reads storage again. After a sleep in which nothing was heard, another id counts as left, not as replaced. */
  sync(hasSlept?: boolean): RecordChange
  /** Takes an id without writing it. */
  adopt(id: string): void
  /** This id is confirmed; `at` 0 means that it is only chosen. */
  keep(id: string, at: number): void
  /** Leaves the session in every tab. */
  leave(): void
  /** What tells the other tabs that this session is forgotten: on the channel, and for a moment under `storageKey:at`. */
  notice(): string
  /**
   * Whether this is such a notice, and of what: `past` is a session in whose place storage has another one already.
   * A page that slept hears late, and must not take the new session from the tabs that began it.
   */
  readNotice(message: unknown): 'present' | 'past' | undefined
  /** Removes the ids that an earlier visit, or another tab, has left to be sent. */
  eraseIds(): void
  /** Removes everything; the notice tells the tabs that hear only of changes in storage. */
  erase(notice?: string): void
}

export function createSessionRecord(
  { now, random }: Environment,
  { isShared, read, write }: Persistence,
): SessionRecord {
  let id: string | null = null
  let generation = ''
  let isLoaded = false
  let isKept = false
  const meta = () => read(':at')?.split(' ')

  const keep = (newId: string, at: number) => {
    id = newId
    write(':at', `${generation} ${at} ${id}`)
    write('', id)
    isKept = true
  }

  const eraseIds = () => {
    for (const field of ASSOCIATION_FIELDS) write(`:${field}`, null)
  }

  return {
    id: () => id,
    generation: () => generation,
    confirmedAt() {
      const [, at, confirmedId] = meta() ?? []
      const ms = confirmedId === id ? Number(at) : 0
      // A time from the future comes from a clock that was wrong.
      return ms <= now() ? ms : 0
    },
    sync(hasSlept) {
      const value = read('')
      const stored = meta()
      const [storedGeneration = generation, , knownId] = stored ?? [undefined, '', '']
      // A generation without an id is a reset of which only the first half has arrived: the id is being removed.
      const storedId = knownId !== undefined && isSessionId(value) ? value : null
      const isLeft = isLoaded && (storedGeneration !== generation || (hasSlept && storedId !== id))
      isLoaded = true
      generation = storedGeneration
      if (storedId) isKept = true
      if (isLeft) {
        id = storedId === id ? null : storedId
        return 'left'
      }
      if (storedId && storedId !== id) {
        id = storedId
        return 'adopted'
      }
      if (!id && generation && !stored) write(':at', generation)
      // Storage was cleared or overwritten while this page is open. Not written again before the server has
      // confirmed it: a tab that forgets the session may only be about to tell.
      return id && isKept && !storedId ? 'gone' : 'same'
    },
    adopt(newId) {
      id = newId
      isKept = false
    },
    keep,
    leave() {
      id = null
      generation = random().toString(36).slice(2)
      // First the generation alone: a tab that looks in between must neither take the missing id for a cleared
      // storage nor the id that is still there for a new session.
      write(':at', generation)
      write('', null)
    },
    notice: () => FORGOTTEN + (read('') ?? id ?? ''),
    readNotice(message) {
      if (typeof message !== 'string' || !message.startsWith(FORGOTTEN)) return
      const stored = read('')
      const named = message.slice(FORGOTTEN.length)
      const isPast = named && isSessionId(stored) && stored !== named && isShared()
      return isPast ? 'past' : 'present'
    },
    eraseIds,
    erase(notice) {
      id = null
      generation = ''
      isLoaded = false
      if (notice) write(':at', notice)
      write('', null)
      write(':at', null)
      eraseIds()
    },
  }
}
