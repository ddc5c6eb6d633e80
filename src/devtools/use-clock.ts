import { type RefObject, useEffect, useState } from 'react'

const TICK_MS = 250
const CALM_TICK_MS = 1_000

/**
 * The wall clock while the element is shown. It ticks once a second for a visitor who wants less motion, and stands
 * still in a page or panel that is hidden.
 */
export function useClock(element: RefObject<HTMLElement | null>, ms = TICK_MS): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const isCalm = globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches
    const tick = () => {
      if (document.visibilityState === 'visible' && element.current?.closest('[hidden]') === null)
        setNow(Date.now())
    }
    tick()
    const timer = setInterval(tick, isCalm ? CALM_TICK_MS : ms)
    return () => clearInterval(timer)
  }, [element, ms])
  return now
}
