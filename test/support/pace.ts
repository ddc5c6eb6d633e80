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
