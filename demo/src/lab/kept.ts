import { maskId } from '../masked-id.ts'

const KEY = 'storefront-session'

export const isSessionValue = (key: string): boolean => key === KEY

/** What stands under the keys of the session library, with ids masked; not what a promise card keeps for a moment. */
export function readKept(): [key: string, value: string][] {
  try {
    return Object.keys(localStorage)
      .filter((key) => key === KEY || key.startsWith(`${KEY}:`))
      .sort()
      .map((key) => [key, describe(key, localStorage.getItem(key) ?? '')])
  } catch {
    return [] // Blocked: nothing is kept.
  }
}

function describe(key: string, value: string): string {
  if (key === KEY) return maskId(value)
  if (key === `${KEY}:at`) return 'when it was confirmed'
  return 'not confirmed yet'
}
