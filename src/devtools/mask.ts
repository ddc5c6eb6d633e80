const LONG = 16

/** An id for the screen: enough of a long one to tell two apart, too little to use it; nothing of a short one. */
export const maskId = (id: string): string =>
  id.length < LONG ? '••••••' : `${id.slice(0, 4)}…${id.slice(-4)}`

/** What stands in storage: times and other numbers are shown, each other word is masked. */
export const maskWords = (value: string): string => value.replace(/\S*[^\s\d]\S*/g, maskId)

/** Text of any value, at most this long. Never throws. */
export function describeValue(value: unknown, most = 200): string {
  if (value === undefined || value === null || value === '') return '–'
  try {
    const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
    return text.length > most ? `${text.slice(0, most)}…` : text
  } catch {
    return `(${typeof value})` // A circle, a BigInt or a toJSON that throws.
  }
}

/** What an error says; anything can be thrown. Never throws. */
export function describeThrown(thrown: unknown): string {
  try {
    return describeValue((thrown as { message?: unknown } | null | undefined)?.message ?? thrown)
  } catch {
    return 'an error without a message'
  }
}
