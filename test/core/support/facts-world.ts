import { QueryClient } from '@tanstack/query-core'
import { createBackOff } from '../../../src/core/back-off.ts'
import type { SessionEvent } from '../../../src/core/options.ts'
import { createPendingAssociations } from '../../../src/core/pending-associations.ts'
import { createPersistence } from '../../../src/core/persistence.ts'
import { createSessionCache } from '../../../src/core/session-cache.ts'
import { createSessionFacts } from '../../../src/core/session-facts.ts'
import { createSessionRecord } from '../../../src/core/session-record.ts'
import { createEnvironment, createStorage } from './simple-environment.ts'

/** Everything that the facts of a page rest on, for real, and a log of what they say. */
export function openFacts(storage = createStorage()) {
  const world = createEnvironment({ storage: () => storage, now: () => clock.ms })
  const clock = { ms: 1_000_000 }
  const persistence = createPersistence(world, 'key', 'local')
  const record = createSessionRecord(world, persistence)
  const pending = createPendingAssociations(persistence, record.generation)
  const backOff = createBackOff(world)
  const queryClient = new QueryClient()
  const cache = createSessionCache(queryClient, ['key', '/api', ''], 300_000, async () => ({
    sessionId: record.id() ?? 'none',
  }))
  const events: SessionEvent[] = []
  const told: unknown[] = []
  const counts = { changed: 0, work: 0 }
  const facts = createSessionFacts({
    record,
    pending,
    backOff,
    cache,
    now: world.now,
    tell: (message) => told.push(message),
    emit: (event) => events.push(event),
    changed: () => counts.changed++,
    work: () => counts.work++,
  })
  return {
    storage,
    world,
    clock,
    record,
    pending,
    backOff,
    queryClient,
    cache,
    facts,
    emit: (event: SessionEvent) => void events.push(event),
    told,
    counts,
    /** The events since the last look. */
    events: () => events.splice(0),
  }
}
