/** Collects what would end a process; gives it once everything under way has had its turn. */
export function watchUnhandled(): () => Promise<unknown[]> {
  const found: unknown[] = []
  const find = (reason: unknown) => found.push(reason)
  process.on('unhandledRejection', find)
  return async () => {
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', find)
    return found
  }
}
