export interface HelpArticle {
  id: number
  topic: string
  title: string
  text: string
}

/** Below the session's base URL, so that the middleware puts the session on it. */
export async function searchHelp(
  fetch: typeof globalThis.fetch,
  words: string,
  signal: AbortSignal,
): Promise<HelpArticle[]> {
  const response = await fetch(`/gks-server/v1/help/search?q=${encodeURIComponent(words)}`, { signal })
  if (!response.ok) throw new Error(`The help search answered ${response.status}`)
  // The demo's own server stands behind this address, so its answer is trusted.
  const answer = (await response.json()) as { hits: HelpArticle[] }
  return answer.hits
}

export const WEATHERS = ['normal', 'slow', 'down', 'html'] as const
export type Weather = (typeof WEATHERS)[number]

/** How the demo's session API behaves; plain fetch, as this is no request of the shop. */
export const getWeather = (): Promise<Weather> => askWeather('/demo/weather')

/** Makes the demo's session API behave well or badly. */
export const setWeather = (weather: Weather): Promise<Weather> =>
  askWeather(`/demo/weather?is=${weather}`, { method: 'POST' })

async function askWeather(address: string, init?: RequestInit): Promise<Weather> {
  const response = await fetch(address, init)
  if (!response.ok) throw new Error(`The demo's server answered ${response.status}`)
  // The demo's own server stands behind this address, so its answer is trusted.
  return ((await response.json()) as { weather: Weather }).weather
}
