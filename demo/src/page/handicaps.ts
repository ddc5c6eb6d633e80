import { readFrameOrder } from './frame.ts'

/**
 * Takes from a frame what the laboratory's switches take, before the session is made. The shop's own values keep
 * their storage (`shop-storage.ts`), and its stream its locks: what is on trial is the session.
 */
export function applyHandicaps(): void {
  const order = readFrameOrder()
  if (order?.isStorageBlocked)
    for (const name of ['localStorage', 'sessionStorage'])
      Object.defineProperty(window, name, {
        configurable: true,
        get() {
          throw new DOMException('Blocked by a switch of the laboratory', 'SecurityError')
        },
      })
  if (order?.hasNoLocks) Object.defineProperty(navigator, 'locks', { configurable: true, value: undefined })
}
