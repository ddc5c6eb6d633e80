import type { SessionStore } from '../server/session-store.ts'
import { memoryStore } from '../server/stores/memory.ts'
import { redisStore } from '../server/stores/redis.ts'
import { sqliteStore } from '../server/stores/sqlite.ts'
import { UsageError } from './usage-error.ts'

/** How a store is opened. */
export interface StoreSettings {
  /** SQLite only. */
  synchronous?: 'normal' | 'full'
  /** SQLite only: refuses a file without sessions, where else it is made. */
  mustExist?: boolean
  /** Redis only: hears of settings that put sessions at risk. */
  onWarning(message: string): void
}

/**
 * The store that `--store` names.
 *
 * @throws UsageError for an unknown kind or a malformed URL
 * @throws Error of the store, such as a file that can't be opened
 */
export function openStore(name: string, { onWarning, ...settings }: StoreSettings): SessionStore {
  try {
    if (name === 'memory') return memoryStore()
    if (/^sqlite:./.test(name)) return sqliteStore({ path: name.slice('sqlite:'.length), ...settings })
    if (/^rediss?(\+\w+)?:\/\//.test(name)) return redisStore({ url: name, onWarning })
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(`--store: ${asFlag(error.message)}`) : error
  }
  throw new UsageError(`--store must be memory, sqlite:PATH or redis://HOST:PORT, not "${kindOf(name)}"`)
}

/**
 * The store that `--store` names, which must be there already.
 *
 * @throws Error as {@link openStore} does, and where there is no such store
 */
export function openExistingStore(name: string): SessionStore {
  if (name === 'memory')
    throw new UsageError('--store memory: its sessions live in the process of the server, out of reach')
  return openStore(name, { mustExist: true, onWarning: () => undefined })
}

/** A message about an option of a store, as one about the flag. */
const asFlag = (message: string): string => message.replace('sqliteStore: path', 'sqlite:PATH')

/** What may be printed of an unknown name: there may be a password behind the colon. */
const kindOf = (name: string): string => name.replace(/:.*/s, ':…')
