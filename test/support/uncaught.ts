import { onTestFinished } from 'vitest'

/**
 * What is reported as uncaught from now on, errors and rejections, until the test ends. Without this the test runner
 * counts each as a failure.
 */
export function catchUncaught(): unknown[] {
  const caught: unknown[] = []
  const add = (error: unknown) => void caught.push(error)
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
  })
  return caught
}
