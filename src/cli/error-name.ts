/**
 * An error as the log may have it: its class, and the code that tells one failure of a store from another. Messages
 * and stacks stay out: those of database clients quote commands, and with them ids.
 */
export function nameError(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return [error.name, codeOf(error) ?? codeOf(error.cause)].filter(Boolean).join(' ')
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('code' in error) return String(error.code)
  // Redis begins each refusal with a code of its own, such as NOAUTH, READONLY or OOM.
  return error.name === 'ReplyError' ? /^[A-Z]+(?= )/.exec(error.message)?.[0] : undefined
}
