import type { SessionStore } from '../server/session-store.ts'
import { memoryStore } from '../server/stores/memory.ts'
import { redisStore } from '../server/stores/redis.ts'
import { sqliteStore } from '../server/stores/sqlite.ts'
import { UsageError } from './usage-error.ts'

/**
 * The store that `--store` names.
 *
 * @throws UsageError for an unknown kind or a malformed URL
 * @throws Error of the store, such as a file that can't be opened
 */
export function openStore(name: string, synchronous: 'normal' | 'full'): SessionStore {
  try {
    if (name === 'memory') return memoryStore()
    if (/^sqlite:./.test(name)) return sqliteStore({ path: name.slice('sqlite:'.length), synchronous })
    if (/^rediss?(\+\w+)?:\/\//.test(name)) return redisStore({ url: name })
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(`--store: ${asFlag(error.message)}`) : error
  }
  throw new UsageError(`--store must be memory, sqlite:PATH or redis://HOST:PORT, not "${kindOf(name)}"`)
}

/** A message about an option of a store, as one about the flag. */
const asFlag = (message: string): string => message.replace('sqliteStore: path', 'sqlite:PATH')

/** What may be printed of a name that is none of ours: behind the colon there may be a password. */
const kindOf = (name: string): string => name.replace(/:.*/s, ':…')
