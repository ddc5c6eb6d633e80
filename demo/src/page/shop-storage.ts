/** Holds what a browser that blocks site data does not, for this page. */
const memory = new Map<string, string>()

/** Taken when the page begins, before a switch of the laboratory can block it. */
const places = { local: take(() => window.localStorage), tab: take(() => window.sessionStorage) }

function take(read: () => Storage): Storage | undefined {
  try {
    return read() ?? undefined
  } catch {
    return undefined // Blocked by the browser: the shop works all the same, for this page.
  }
}

/** A value of the shop itself: `local` for all tabs, `tab` for this one. */
export function readValue(place: keyof typeof places, key: string): string | null {
  try {
    const storage = places[place]
    if (storage) return storage.getItem(key)
  } catch {
    // Blocked meanwhile: `memory` has it.
  }
  return memory.get(key) ?? null
}

/** `null` removes. */
export function writeValue(place: keyof typeof places, key: string, value: string | null): void {
  if (value === null) memory.delete(key)
  else memory.set(key, value)
  try {
    if (value === null) places[place]?.removeItem(key)
    else places[place]?.setItem(key, value)
  } catch {
    // Blocked or full: `memory` has it.
  }
}
