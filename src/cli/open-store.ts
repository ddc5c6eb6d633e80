import type { SessionStore } from '../server/session-store.ts'
import { memoryStore } from '../server/stores/memory.ts'
import { sqliteStore } from '../server/stores/sqlite.ts'
import { UsageError } from './usage-error.ts'

/**
 * The store that `--store` names.
 *
 * @throws UsageError for an unknown kind
 * @throws Error of the store, such as a file that can't be opened
 */
export function openStore(name: string): SessionStore {
  if (name === 'memory') return memoryStore()
  const [, scheme, rest] = /^(sqlite):(.+)$/s.exec(name) ?? []
  if (scheme && rest) return sqliteStore({ path: rest })
  throw new UsageError(
    `--store must be memory, sqlite:PATH or redis://HOST:PORT, not "${withoutPassword(name)}"`,
  )
}

/** A URL as it may be printed. */
export const withoutPassword = (url: string): string => url.replace(/\/\/[^@/]*@/, '//…@')
