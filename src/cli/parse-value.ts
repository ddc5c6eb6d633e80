import { UsageError } from './usage-error.ts'

/** @throws UsageError that names the flag */
export function parseInteger(flag: string, text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new UsageError(`${flag} must be a whole number from ${min} to ${max}, not "${text}"`)
}

const UNITS_MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * Milliseconds of a duration such as `30d`.
 *
 * @throws UsageError that names the flag
 */
export function parseDuration(flag: string, text: string, minMs = 1): number {
  const [, amount, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? []
  const ms = Number(amount) * (UNITS_MS[unit ?? ''] ?? Number.NaN)
  // The handler knows the upper bound, and takes safe integers only.
  if (ms >= minMs) return Math.min(ms, Number.MAX_SAFE_INTEGER)
  throw new UsageError(`${flag} must be a number with s, m, h or d, such as 30d, not "${text}"`)
}

/** @throws UsageError that names the flag and what it may be */
export function parseChoice<Choice extends string>(
  flag: string,
  text: string,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((one) => one === text)
  if (choice !== undefined) return choice
  throw new UsageError(
    `${flag} must be ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}, not "${text}"`,
  )
}

/** @throws UsageError that names the variable */
export function parseToggle(variable: string, text: string): boolean {
  if (/^(true|1)$/i.test(text)) return true
  if (/^(false|0)$/i.test(text)) return false
  throw new UsageError(`${variable} must be true or false, not "${text}"`)
}

/** The parts of a list that is separated by commas. */
export const splitList = (text = ''): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
