/** Tells the app of an error; never throws. */
export type Tell = (error: unknown) => void

/** An `onError` that fails has no other callback to report to: the answer goes out without it. */
const ignore = () => undefined

/** Prepares `onError`. */
export const createTell =
  (onError: ((error: unknown) => void) | undefined): Tell =>
  (error) =>
    notify(onError, error, ignore)

/** Calls a callback of the app without waiting for it. What it throws or rejects goes to `tell`. */
export function notify<Value>(
  callback: ((value: Value) => void) | undefined,
  value: Value,
  tell: Tell,
): void {
  try {
    const result: unknown = callback?.(value)
    // TypeScript accepts an async function as a callback without a result; its rejection would end the process.
    if (
      typeof result === 'object' &&
      result !== null &&
      'then' in result &&
      typeof result.then === 'function'
    )
      result.then(undefined, tell)
  } catch (error) {
    tell(error)
  }
}
