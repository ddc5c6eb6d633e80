import { RequestFailure } from './response.ts'

/** How long a callback of the app may take, and how long a request waits for its turn. */
const PATIENCE_MS = 5_000
const RETRY_AFTER_S = '1'

/** Something has taken longer than a request waits for it. */
export class OverdueError extends Error {
  override readonly name = 'OverdueError'
}

/** 503 that asks the client to try again. */
export const unavailable = (description: string): RequestFailure =>
  new RequestFailure('unavailable', description, { 'retry-after': RETRY_AFTER_S })

/** @throws OverdueError that says what has not answered within 5 s */
export async function inTime<T>(name: string, call: () => T | Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new OverdueError(`${name} has not answered within ${PATIENCE_MS} ms`)),
      PATIENCE_MS,
    )
  })
  try {
    return await Promise.race([call(), overdue])
  } finally {
    clearTimeout(timer)
  }
}
