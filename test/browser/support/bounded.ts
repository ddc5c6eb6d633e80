/** Waits for it no longer than the bound. */
export async function within<T>(ms: number, what: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`gave up after ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([what, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Closes a page, a context or a browser and waits for it no longer than the bound: a renderer that hangs
 * must cost one test, not the run. What was left behind goes with the browser's process.
 */
export async function closeWithin(
  ms: number,
  what: { close(): Promise<unknown> } | undefined,
): Promise<void> {
  try {
    await within(ms, Promise.resolve(what?.close()))
  } catch (trouble) {
    console.warn(`A browser did not close in order: ${trouble}`)
  }
}
