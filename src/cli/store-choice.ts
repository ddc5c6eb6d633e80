import { readFileSync } from 'node:fs'
import type { SessionStore } from '../server/session-store.ts'
import { nameError } from './error-name.ts'
import { UsageError } from './usage-error.ts'

/** Which store was asked for: by its name, or by a file that holds the name. */
export interface StoreChoice {
  /** `--store`; undefined where the file is given in its place. */
  store: string | undefined
  storeFile: string | undefined
}

/**
 * The store that flags or variables name. A flag wins over both variables.
 *
 * @throws UsageError where both a name and a file are given
 */
export function readStoreChoice(
  flags: { store?: string | undefined; 'store-file'?: string | undefined },
  variable: (flag: 'store' | 'store-file') => string | undefined,
): StoreChoice {
  const isFlag = flags.store !== undefined || flags['store-file'] !== undefined
  const store = isFlag ? flags.store : variable('store')
  const storeFile = isFlag ? flags['store-file'] : variable('store-file')
  if (store !== undefined && storeFile !== undefined)
    throw new UsageError(
      '--store and --store-file (or their variables) both name the store; give one of them',
    )
  return { store: storeFile === undefined ? (store ?? 'sqlite:sessions.db') : undefined, storeFile }
}

/**
 * Opens the chosen store.
 *
 * @throws UsageError for an unknown store; Error where the file or the store can't be opened
 */
export function openChosenStore(
  { store, storeFile }: StoreChoice,
  open: (name: string) => SessionStore,
): { name: string; store: SessionStore } {
  if (storeFile === undefined) {
    const name = store ?? ''
    return { name, store: open(name) }
  }
  const name = readStoreFile(storeFile)
  try {
    return { name, store: open(name) }
  } catch (error) {
    // Its message may quote the file, which may hold nothing but a password.
    if (!(error instanceof UsageError)) throw error
    throw new UsageError(
      `--store-file: the file ${storeFile} must hold memory, sqlite:PATH or redis://HOST:PORT, and nothing else`,
    )
  }
}

function readStoreFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    throw new Error(`--store-file: the file ${path} can't be read (${nameError(error)})`)
  }
}
