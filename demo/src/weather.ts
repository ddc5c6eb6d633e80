/** How the session API can behave, as the laboratory offers it. */
export const WEATHERS = ['normal', 'slow', 'down', 'busy', 'html'] as const
export type Weather = (typeof WEATHERS)[number]

/** Tells the demo's server, with every request of this browser, how its session API shall behave. */
export const WEATHER_COOKIE = 'halfnote-weather'

export const readWeather = (text: unknown): Weather =>
  WEATHERS.find((weather) => weather === text) ?? 'normal'
