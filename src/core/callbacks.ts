/** Where nothing is to be done. */
export const nothing = (): void => undefined

/** A promise that nobody looks at is no unhandled rejection: state and events tell the trouble, too. */
export const quiet =
  <Args extends unknown[], T>(work: (...args: Args) => Promise<T>) =>
  (...args: Args): Promise<T> => {
    const promise = work(...args)
    promise.catch(nothing)
    return promise
  }

/** An error in a callback of the app is the app's: reported as uncaught, without harm to the session. */
export const report = (callback: () => void) => {
  try {
    callback()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
