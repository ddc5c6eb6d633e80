/** The promise: at most so many requests of one tab in any 16 seconds, whatever fails. */
export const PACE = { requests: 14, withinMs: 16_000 }

/** The most of these times, in milliseconds, that lie in one window of this length. */
export function mostWithin(times: readonly number[], windowMs: number): number {
  const ordered = [...times].sort((one, other) => one - other)
  let first = 0
  let most = 0
  ordered.forEach((time, index) => {
    while (time - (ordered[first] ?? 0) >= windowMs) first++
    most = Math.max(most, index - first + 1)
  })
  return most
}

/**
 * Whether a tab asked more often than the promise allows. What the visitor or the app asked for in the window, or
 * shortly before it, may cost a request each.
 */
export function isOverPace(requests: readonly number[], asks: readonly number[]): boolean {
  const { withinMs } = PACE
  return requests.some((first) => {
    const sent = requests.filter((time) => time >= first && time < first + withinMs).length
    const asked = asks.filter((time) => time > first - withinMs && time < first + withinMs).length
    return sent - asked > PACE.requests
  })
}
