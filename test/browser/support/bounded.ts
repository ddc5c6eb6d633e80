/**
 * Closes a page, a context or a browser and waits for it no longer than the bound: a renderer that hangs
 * must cost one test, not the run. What was left behind goes with the browser's process.
 */
export async function closeWithin(
  ms: number,
  what: { close(): Promise<unknown> } | undefined,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, ms, `gave up on closing after ${ms} ms`)
  })
  const trouble = await Promise.race([what?.close().then(() => undefined, String), late])
  clearTimeout(timer)
  if (trouble) console.warn(`A browser did not close in order: ${trouble}`)
}
