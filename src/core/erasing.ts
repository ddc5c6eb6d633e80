import type { SessionError } from '../wire/session-error.ts'
import { isSessionId } from '../wire/session-info.ts'
import { createBackOff } from './back-off.ts'
import type { Environment } from './environment.ts'
import type { Persistence } from './persistence.ts'

/** Erases sessions on the server. What is to be erased stands in storage until the server has answered. */
export interface Erasing {
  add(sessionId: string): void
  /** Erases what is still to be erased, also what another page has left. Resolves when each was tried once. */
  settled(): Promise<void>
  /** Ends the timer of the next attempt. */
  stop(): void
}

interface ErasingParts {
  environment: Environment
  persistence: Persistence
  /** Rejects with a SessionError when it has to be tried again. */
  erase(sessionId: string): Promise<void>
}

/** An id that could not be erased for so long is given up. */
const KEPT_MS = 24 * 3_600_000

export function createErasing({ environment, persistence, erase }: ErasingParts): Erasing {
  const { now } = environment
  const backOff = createBackOff(environment)
  let isStopped = false
  let runs = Promise.resolve()
  let isWaiting = false
  /** Ids that the server did not erase, in this page's life: they wait until the back-off ends. */
  const failed = new Set<string>()

  /** The ids, each with the wall clock of its addition in milliseconds: `id time,id time`. */
  const read = () =>
    new Map(
      (persistence.read(':erase') ?? '').split(',').flatMap((entry) => {
        const [id, time] = entry.split(' ')
        return isSessionId(id) && now() - Number(time) < KEPT_MS ? [[id, Number(time)] as const] : []
      }),
    )
  const change = (work: (list: Map<string, number>) => void) => {
    const list = read()
    work(list)
    persistence.write(':erase', [...list].map((entry) => entry.join(' ')).join() || null)
  }

  const run = async () => {
    // What is too old, or is no list at all, goes.
    change(() => undefined)
    let failure: SessionError | undefined
    let isEarly = false
    for (const id of read().keys())
      if (failed.has(id) && !backOff.isOpen()) isEarly = true
      else
        await erase(id).then(
          () => change((list) => list.delete(id)),
          (error) => {
            failed.add(id)
            failure = error // the list keeps it; devtools are told
          },
        )
    if (failure) backOff.fail(failure.retryAfterMs)
    else if (!isEarly) return backOff.succeed()
    if (isWaiting) return
    isWaiting = true
    void backOff.gate().then(() => {
      isWaiting = false
      if (!isStopped) void settled()
    })
  }
  const settled = () => {
    isStopped = false
    runs = runs.then(run)
    return runs
  }
  return {
    add(sessionId) {
      change((list) => list.set(sessionId, now()))
      void settled()
    },
    settled,
    stop() {
      isStopped = true
      backOff.stop()
    },
  }
}
