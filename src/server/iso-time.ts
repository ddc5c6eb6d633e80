const DAY_MS = 86_400_000
/** Sessions live for days, so this bound is hardly ever reached. */
const MAX_DAYS = 1_000

const padded = (count: number, width: number): string[] =>
  Array.from({ length: count }, (_, number) => String(number).padStart(width, '0'))
const TWO_DIGITS = padded(60, 2)
const THREE_DIGITS = padded(1_000, 3)

/**
 * Writes times as `Date.prototype.toISOString` does, in a quarter of its time: it remembers dates, and takes the time
 * of day from tables.
 */
export function createIsoTime(): (time: number) => string {
  const dates = new Map<number, string>()

  const dateOf = (day: number): string => {
    const known = dates.get(day)
    if (known) return known
    const date = new Date(day * DAY_MS).toISOString().slice(0, -'00:00:00.000Z'.length)
    if (dates.size === MAX_DAYS) dates.clear()
    dates.set(day, date)
    return date
  }

  return (time) => {
    // A store's clock may count fractions, as `performance.now` does.
    const wholeMs = Math.floor(time)
    const day = Math.floor(wholeMs / DAY_MS)
    const ms = wholeMs - day * DAY_MS
    const seconds = Math.floor(ms / 1_000)
    const hour = TWO_DIGITS[Math.floor(seconds / 3_600)]
    const minute = TWO_DIGITS[Math.floor(seconds / 60) % 60]
    return `${dateOf(day)}${hour}:${minute}:${TWO_DIGITS[seconds % 60]}.${THREE_DIGITS[ms % 1_000]}Z`
  }
}
