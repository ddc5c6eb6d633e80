import type { Environment } from './environment.ts'
import type { SessionClientOptions } from './options.ts'

/** Named values that outlive a reload where the browser allows it, and the page in any case. */
export interface Persistence {
  /** Where the values are at the moment. */
  kind(): 'local' | 'session' | 'memory' | 'custom'
  /** The other tabs see the same values: those of a session storage are one tab's. */
  isShared(): boolean
  read(suffix: string): string | null
  /** The last look at storage was not refused. */
  isReadable(): boolean
  /** `null` removes. Never throws. */
  write(suffix: string, value: string | null): void
  /** Writes again what storage refused, unless another tab has written since. */
  retry(): void
}

/**
 * Keeps values under `storageKey + suffix`. A storage that throws, is null, is full or forgets what was just
 * written costs nothing but durability: the value stays in memory, and the next write tries the storage again.
 */
export function createPersistence(
  environment: Environment,
  storageKey: string,
  storage: NonNullable<SessionClientOptions['storage']>,
): Persistence {
  /** What storage refused: the value, and what storage said in its place. Another tab's later value wins. */
  const refused = new Map<string, { value: string | null; stored: string | null }>()
  const backend = () =>
    storage === 'memory' ? null : typeof storage === 'string' ? environment.storage(storage) : storage

  let isReadable = true
  const stored = (suffix: string): string | null => {
    try {
      const value = backend()?.getItem(storageKey + suffix)
      isReadable = true
      return typeof value === 'string' ? value : null
    } catch {
      isReadable = false // Blocked: SecurityError from the getter or from the object itself.
      return null
    }
  }
  const isOvertaken = (suffix: string) =>
    refused.has(suffix) && stored(suffix) !== refused.get(suffix)?.stored
  const read = (suffix: string) => {
    if (!refused.size) return stored(suffix)
    // The id and its mark belong together: where another tab could write one of them, it has the other one, too.
    const together = /^(:at)?$/.test(suffix) ? ['', ':at'] : [suffix]
    if (together.some(isOvertaken)) for (const one of together) refused.delete(one)
    const memory = refused.get(suffix)
    return memory ? memory.value : stored(suffix)
  }

  const write = (suffix: string, value: string | null) => {
    try {
      if (value === null) {
        backend()?.removeItem(storageKey + suffix)
        // What takes away nothing keeps nothing either, and is known by that.
        if (!refused.size) return
      } else backend()?.setItem(storageKey + suffix, value)
    } catch {
      // Blocked or full; the comparison below notices.
    }
    const now = stored(suffix)
    if (now === value) refused.delete(suffix)
    else refused.set(suffix, { value, stored: now })
  }

  const kind = () => (refused.size ? 'memory' : typeof storage === 'string' ? storage : 'custom')
  return {
    kind,
    isShared: () => ['local', 'custom'].includes(kind()),
    read,
    isReadable: () => isReadable,
    write,
    retry() {
      for (const [suffix, { value }] of refused) if (read(suffix) === value) write(suffix, value)
    },
  }
}
