import { useSyncExternalStore } from 'react'
import { subscribeToValues, writeStored } from '../page/stored-value.ts'
import { readWeather, WEATHER_COOKIE, type Weather } from '../weather.ts'

// A cookie, because then every request of this browser carries the choice, whichever tab or console it comes from. Its
// copy in localStorage only tells the other tabs that it changed.

const LATE_MS = 500

const read = (): Weather =>
  readWeather(
    document.cookie
      .split('; ')
      .find((pair) => pair.startsWith(`${WEATHER_COOKIE}=`))
      ?.slice(WEATHER_COOKIE.length + 1),
  )

/** Whether the browser took it: one that refuses cookies does not. */
export function setWeather(weather: Weather): boolean {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store is not in every browser yet
  document.cookie = `${WEATHER_COOKIE}=${weather}; path=/; samesite=lax`
  writeStored(WEATHER_COOKIE, weather)
  return read() === weather
}

/** The word of a change may come to another tab before the cookie does: it looks a second time. */
const subscribe = (listener: () => void) => {
  const timers = new Set<ReturnType<typeof setTimeout>>()
  const unsubscribe = subscribeToValues(() => {
    listener()
    timers.add(setTimeout(listener, LATE_MS))
  })
  return () => {
    unsubscribe()
    for (const timer of timers) clearTimeout(timer)
  }
}

export const useWeather = (): Weather => useSyncExternalStore(subscribe, read)
