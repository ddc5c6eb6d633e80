import { onTestFinished } from 'vitest'

/** So many errors are kept: a model has millions of them. */
const KEPT = 100

/**
 * What is reported as uncaught from now on, errors and rejections, until the test ends. Without this the test runner
 * counts each as a failure. Errors and warnings in the console are not shown.
 */
export function catchUncaught(): unknown[] {
  const caught: unknown[] = []
  const add = (error: unknown) => {
    if (caught.length < KEPT) caught.push(error)
  }
  const { error, warn } = console
  Object.assign(console, { error: () => undefined, warn: () => undefined })
  const others = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', add)
  process.setUncaughtExceptionCaptureCallback(add)
  // A page has its own way to report.
  const hear = (event: ErrorEvent) => add(event.error)
  if (typeof window === 'object') window.addEventListener('error', hear)
  onTestFinished(async () => {
    // A rejection is reported after the microtasks.
    await new Promise((resolve) => setImmediate(resolve))
    if (typeof window === 'object') window.removeEventListener('error', hear)
    process.setUncaughtExceptionCaptureCallback(null)
    process.off('unhandledRejection', add)
    for (const other of others) process.on('unhandledRejection', other)
    Object.assign(console, { error, warn })
  })
  return caught
}
