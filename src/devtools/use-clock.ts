import { type RefObject, useEffect, useState } from 'react'

const CALM_TICK_MS = 1_000

/**
 * The wall clock while the element is shown. It ticks once a second for a visitor who wants less motion, and stands
 * still in a hidden page, and while `isMoving` says that nothing depends on it.
 */
export function useClock(element: RefObject<HTMLElement | null>, ms: number, isMoving = true): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!isMoving) return
    const isCalm = globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches
    const tick = () => {
      if (document.visibilityState === 'visible' && element.current?.closest('[hidden]') === null)
        setNow(Date.now())
    }
    tick()
    const timer = setInterval(tick, isCalm ? CALM_TICK_MS : ms)
    return () => clearInterval(timer)
  }, [element, ms, isMoving])
  return now
}
