import { useCallback, useSyncExternalStore } from 'react'
import { readValue, writeValue } from './shop-storage.ts'

const listeners = new Set<() => void>()

/** Calls the listener when a stored value of the shop changes, in this tab or another. */
export function subscribeToValues(listener: () => void): () => void {
  listeners.add(listener)
  addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    removeEventListener('storage', listener)
  }
}

export const readStored = (key: string): string | null => readValue('local', key)

export function writeStored(key: string, value: string | null): void {
  writeValue('local', key, value)
  for (const listener of listeners) listener()
}

/** One string of localStorage as state that all tabs share. */
export function useStoredValue(key: string): [string | null, (value: string | null) => void] {
  const value = useSyncExternalStore(
    subscribeToValues,
    () => readStored(key),
    () => null,
  )
  const setValue = useCallback((next: string | null) => writeStored(key, next), [key])
  return [value, setValue]
}
