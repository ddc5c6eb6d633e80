import { isSessionId } from '../wire/session-info.ts'
import type { Environment } from './environment.ts'
import type { Persistence } from './persistence.ts'

/** What a look into storage found: nothing new, another tab's session, or that another tab left this one. */
type RecordChange = 'same' | 'adopted' | 'left'

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
  /** Reads storage again. */
  sync(): RecordChange
  /** Takes an id without writing it. */
  adopt(id: string): void
  /** This id is confirmed; `at` 0 means that it is only chosen. */
  keep(id: string, at: number): void
  /** Leaves the session in every tab. */
  leave(): void
  /** Removes everything. */
  erase(): void
}

export function createSessionRecord(environment: Environment, persistence: Persistence): SessionRecord {
  const { read, write } = persistence
  let id: string | null = null
  let generation = ''
  let isLoaded = false
  const meta = () => read(':at')?.split(' ')

  const keep = (newId: string, at: number) => {
    id = newId
    write(':at', `${generation} ${at} ${id}`)
    write('', id)
  }
  const begin = () => {
    id = null
    generation = environment.random().toString(36).slice(2)
  }

  return {
    id: () => id,
    generation: () => generation,
    confirmedAt() {
      const [, at, confirmedId] = meta() ?? []
      const ms = confirmedId === id ? Number(at) : 0
      // A time from the future comes from a clock that was wrong.
      return ms <= environment.now() ? ms : 0
    },
    sync() {
      const value = read('')
      const [storedGeneration = generation, , knownId] = meta() ?? [undefined, undefined, '']
      // A generation without an id is a reset of which only the first half has arrived: the id is being removed.
      const stored = knownId !== undefined && isSessionId(value) ? value : null
      const isLeft = isLoaded && storedGeneration !== generation
      isLoaded = true
      generation = storedGeneration
      if (isLeft) {
        id = stored === id ? null : stored
        return 'left'
      }
      if (stored && stored !== id) {
        id = stored
        return 'adopted'
      }
      // Storage was cleared or overwritten while this page is open.
      if (id && stored !== id) keep(id, 0)
      else if (!id && generation && !meta()) write(':at', generation)
      return 'same'
    },
    adopt(newId) {
      id = newId
    },
    keep,
    leave() {
      begin()
      // First the generation alone: a tab that looks in between must neither take the missing id for a cleared
      // storage nor the id that is still there for a new session.
      write(':at', generation)
      write('', null)
    },
    erase() {
      begin()
      write(':at', null)
      write('', null)
    },
  }
}
