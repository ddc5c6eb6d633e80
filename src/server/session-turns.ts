import { inTime, unavailable } from './patience.ts'

/** Runs work on one session after the other; work on different sessions runs at the same time. */
export type InTurn = <Result>(sessionId: string, work: () => Promise<Result>) => Promise<Result>

/**
 * Prepares the turns of one handler.
 *
 * @throws RequestFailure 503, from each call, where the turn has not come in time
 */
export function createTurns(): InTurn {
  const lastOf = new Map<string, Promise<void>>()

  return async (sessionId, work) => {
    const before = lastOf.get(sessionId)
    let finish: () => void = () => undefined
    const done = new Promise<void>((resolve) => {
      finish = resolve
    })
    // A change that gives up waiting must not let the next one overtake those in front of it.
    const last = before ? before.then(() => done) : done
    lastOf.set(sessionId, last)
    void last.then(() => {
      if (lastOf.get(sessionId) === last) lastOf.delete(sessionId)
    })
    try {
      if (before)
        await inTime('A turn', () => before).catch(() => {
          throw unavailable('Another change of this session is still under way')
        })
      return await work()
    } finally {
      finish()
    }
  }
}
