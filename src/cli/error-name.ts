/**
 * An error as the log may have it: its class, and the codes that tell one failure of a store from another. Messages
 * and stacks stay out: those of database clients quote commands, and with them ids.
 */
export function nameError(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return [wordOf(error.name) ?? 'Error', codeOf(error), reasonOf(error.cause)].filter(Boolean).join(' ')
}

/** What caused it, by its code, or else by its class. */
function reasonOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined
  return codeOf(cause) || (cause.name === 'Error' ? undefined : wordOf(cause.name))
}

function codeOf(error: Error): string | undefined {
  if ('code' in error) return wordOf(String(error.code))
  // Each refusal of Redis begins with its code, such as NOAUTH, READONLY or OOM.
  return error.name === 'ReplyError' ? /^[A-Z]+(?= )/.exec(error.message)?.[0] : undefined
}

/** A name or a code may hold anything that the thrower wrote. */
const wordOf = (text: string): string | undefined => /^\w{1,64}$/.exec(text)?.[0]
