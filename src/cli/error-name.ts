/**
 * The name of an error for the log: its class, and the codes that tell one failure of a store from another. Messages
 * and stacks stay out, because those of database clients quote commands and the ids in them.
 */
export function nameError(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return [wordOf(error.name) ?? 'Error', codeOf(error), reasonOf(error.cause)].filter(Boolean).join(' ')
}

/** The cause, by its code, or else by its class. */
function reasonOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined
  return codeOf(cause) || (cause.name === 'Error' ? undefined : wordOf(cause.name))
}

function codeOf(error: Error): string | undefined {
  if ('code' in error) return wordOf(String(error.code))
  // Redis begins each refusal with a code, such as NOAUTH, READONLY or OOM.
  return error.name === 'ReplyError' ? /^[A-Z]+(?= )/.exec(error.message)?.[0] : undefined
}

/** A name or a code may hold any text; only a word goes into the log. */
const wordOf = (text: string): string | undefined => /^\w{1,64}$/.exec(text)?.[0]
