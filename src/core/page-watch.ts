import type { Environment } from './environment.ts'

/** What a client does when something happens to its page. */
export interface PageReactions {
  /** Another tab has changed storage; `value` is what it wrote. */
  follow(value: string | null): void
  /** The page is in sight again or online: what waits may go on. */
  wake(): void
  /** The page is back from a freeze or the back-forward cache, in which it heard nothing. */
  show(): void
  /** The page is frozen. */
  sleep(): void
  /** The page goes away, perhaps for good. No `unload`: it would keep the page out of the back-forward cache. */
  hide(): void
}

/** Listens to the page. Returns the function that ends it. */
export function watchPage(
  { listen, isVisible }: Environment,
  storageKey: string,
  { follow, wake, show, sleep, hide }: PageReactions,
): () => void {
  // Between pagehide and pageshow, or freeze and resume. Chromium tells a page in the back-forward cache that it is
  // visible before it tells that the page was away.
  let isAway = false
  const comeBack = () => {
    isAway = false
    show()
    wake()
  }
  const endings = [
    // An event without a key: storage was cleared, or the app dispatched `new Event('storage')` itself.
    listen('storage', ({ key, newValue }) => {
      if (!isAway && (!key || `${key}:`.startsWith(`${storageKey}:`))) follow(newValue)
    }),
    listen('online', wake),
    listen('visibilitychange', () => {
      if (!isAway && isVisible()) wake()
    }),
    listen('pageshow', ({ persisted }) => {
      if (persisted) comeBack()
    }),
    listen('freeze', () => {
      isAway = true
      sleep()
    }),
    listen('resume', comeBack),
    listen('pagehide', () => {
      isAway = true
      hide()
    }),
  ]
  return () => {
    for (const end of endings) end()
  }
}
