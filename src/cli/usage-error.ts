/** A command line that can't be carried out; its message is one line for a person. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
