/** Runs code of the app. Its error is the app's: reported as uncaught, without harm to the session. */
export const report = (callback: () => void): void => {
  try {
    callback()
  } catch (error) {
    reportUncaught(error)
  }
}

/** Reports an error of the app as uncaught. */
export const reportUncaught = (error: unknown): void =>
  queueMicrotask(() => {
    throw error
  })
