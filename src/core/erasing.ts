import { isSessionId } from '../wire/session-info.ts'
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
  /** Rejects when it has to be tried again. */
  erase(sessionId: string): Promise<void>
}

/** An id that could not be erased for so long is given up. */
const KEPT_MS = 24 * 3_600_000
const BASE_MS = 1_000
const MAX_MS = 60_000

export function createErasing({ environment, persistence, erase }: ErasingParts): Erasing {
  const { now, setTimeout, clearTimeout, random } = environment
  let failures = 0
  let timer: unknown
  let running: Promise<void> | undefined

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
    clearTimeout(timer)
    // What is too old, or is no list at all, goes.
    change(() => undefined)
    let hasFailed = false
    for (const id of read().keys())
      await erase(id).then(
        () => change((list) => list.delete(id)),
        () => {
          hasFailed = true // the list keeps it; devtools are told
        },
      )
    failures = hasFailed ? failures + 1 : 0
    if (hasFailed)
      timer = setTimeout(settled, Math.min(BASE_MS * 2 ** (failures - 1), MAX_MS) * (0.5 + random() / 2))
  }
  const settled = () => {
    running ??= run().finally(() => {
      running = undefined
    })
    return running
  }
  return {
    add(sessionId) {
      change((list) => list.set(sessionId, now()))
      const next = async () => {
        // What was added while others are being erased comes after them.
        await running
        return settled()
      }
      void next()
    },
    settled,
    stop: () => clearTimeout(timer),
  }
}
