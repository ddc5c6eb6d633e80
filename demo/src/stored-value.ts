import { useCallback, useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
/** Holds what a browser that blocks site data does not. */
const memory = new Map<string, string | null>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    removeEventListener('storage', listener)
  }
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return memory.get(key) ?? null // Blocked: the shop works all the same, for this page.
  }
}

function write(key: string, value: string | null): void {
  memory.set(key, value)
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    // Blocked or full: `memory` has it.
  }
}

/** One string of localStorage as state that all tabs share. */
export function useStoredValue(key: string): [string | null, (value: string | null) => void] {
  const value = useSyncExternalStore(subscribe, () => read(key))
  const setValue = useCallback(
    (next: string | null) => {
      write(key, next)
      for (const listener of listeners) listener()
    },
    [key],
  )
  return [value, setValue]
}
