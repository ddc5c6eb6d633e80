import type { OwnRedisClient } from './redis-client.ts'

/** Asks Redis, and waits no longer than the store's patience. */
export interface Asking {
  /** Runs commands; at the start not before the first attempt to connect has ended. */
  ask<Reply>(command: () => Promise<Reply>): Promise<Reply>
  /** Resolves when the first attempt to connect has ended. */
  tried(): Promise<void>
}

/**
 * What is not answered within `timeoutMs` rejects with the code `REDIS_TIMEOUT`; what fails for want of a connection
 * rejects with `REDIS_UNREACHABLE` and the reason as its cause: a wrong password is not a Redis that is away.
 *
 * @param own the client that the store made; one of the caller tells the reason itself
 * @param onFirstAnswer runs once, when Redis has answered for the first time
 */
export function createAsking(
  own: OwnRedisClient | undefined,
  timeoutMs: number,
  onFirstAnswer: () => void,
): Asking {
  let hasAnswered = false
  let firstAttempt = own?.tried.finally(() => {
    firstAttempt = undefined
  })

  const explain = (error: unknown): unknown => {
    const cause = own?.trouble(error)
    return cause === undefined
      ? error
      : withCode('REDIS_UNREACHABLE', new Error('There is no connection to Redis', { cause }))
  }

  /** Rejects after `timeoutMs`, also where a client waits for a connection. */
  const withTimeout = <Reply>(operation: Promise<Reply>): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const giveUp = () => {
        const silence = new Error(`Redis did not answer within ${timeoutMs} ms`)
        reject(explain(withCode('REDIS_TIMEOUT', silence)))
      }
      const timer = setTimeout(giveUp, timeoutMs)
      operation.then(
        (reply) => {
          clearTimeout(timer)
          resolve(reply)
          if (hasAnswered) return
          hasAnswered = true
          onFirstAnswer()
        },
        (error) => {
          clearTimeout(timer)
          reject(explain(error))
        },
      )
    })

  return {
    ask: (command) => withTimeout(firstAttempt ? firstAttempt.then(command) : command()),
    tried: async () => firstAttempt,
  }
}

/** A log may leave out messages, since those of Redis can quote a command: a code tells our errors apart. */
const withCode = (code: 'REDIS_UNREACHABLE' | 'REDIS_TIMEOUT', error: Error): Error =>
  Object.assign(error, { code })
