import type { SessionClientOptions } from 'storefront-session/core'
import { isOverPace } from '../support/pace.ts'
import { FIELDS } from './ledger.ts'
import { type createTabsRun, TIMEOUT_MS } from './tabs-run.ts'
import { SLEEP, type Step } from './tabs-steps.ts'
import type { Conditions, Delivery } from './world.ts'

/** What happened in a run that has ended. */
interface Played {
  run: ReturnType<typeof createTabsRun>
  conditions: Conditions & Pick<SessionClientOptions, 'rotate'>
  durable: boolean
  deliveries: readonly Delivery[]
  steps: readonly Step[]
}

/** Which promises do not hold when all is quiet, in words; empty where all do. */
export function brokenPromises({ run, conditions, durable, deliveries, steps }: Played): string[] {
  const { world, open } = run
  const broken: string[] = []
  const demand = (isKept: boolean, ...what: unknown[]) => {
    if (!isKept)
      broken.push(what.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' '))
  }
  for (const tab of run.tabs) {
    // Whatever fails, no page hurries, and none names a session that it knows to be left.
    demand(!tab.hurried.length, tab.name, 'asks again too early, at', tab.hurried)
    demand(!tab.unwanted.length, tab.name, 'sends without consent', tab.unwanted)
    demand(!tab.late.length, tab.name, 'names a session that it knows to be left', tab.late)
    demand(
      !isOverPace(tab.requests, run.asks),
      tab.name,
      'asks more often than the pace allows',
      tab.requests,
    )
  }
  demand(!world.loops.length, 'a loop without a pause:', world.loops)
  demand(!world.server.crossed.length, 'a session is used by another tenant:', world.server.crossed)

  // No id that was known before a sign-in reads anything after it.
  if (conditions.rotate)
    demand(!world.server.fixed.length, 'an id from before a sign-in has a customer:', world.server.fixed)

  const did = (...names: string[]) => steps.some((step) => names.includes(step.do))
  const isStorageFaulty = did('full', 'unreadable', 'promises')
  const hasSlept = did(...SLEEP) || run.hasReacted('disable', 'restart')
  const hasClosed = did('crash', 'leave', 'reload')
  if (!hasClosed) demand(run.unsettled() === 0, 'promises of the client that never settle:', run.unsettled())

  for (const { key, tenant, ledger } of run.visits()) {
    const states = open.filter((page) => page.tenant === tenant).map(({ client }) => client.getState())
    const ids = [...new Set(states.map(({ sessionId }) => sessionId))]
    const [id] = ids
    demand(ids.length === 1 && typeof id === 'string', 'the tabs are not in one session:', ids)
    demand(world.storage.get(key) === id, 'storage has another id than the tabs:', world.storage.get(key), id)
    for (const { error, isAssociating } of states)
      demand(!error && !isAssociating, 'a tab does not come to rest:', error?.code, { isAssociating })

    const known = world.server.sessions.get(String(id))
    // With a full storage a tab that sleeps, or has no channel, can't hear of a sign-out; one that can't read its
    // storage takes what was removed for lost.
    // A tab that hears late of a forgetting may have made a session by then: for the first visit, or a lost one.
    const isPrompt = conditions.hearsAfterMs === 1 || !(did('forget') || run.hasReacted('forget'))
    const isHeard = isPrompt && (!hasSlept || (!isStorageFaulty && !run.isTraceless()))
    if (isHeard && !did('unreadable', 'promises') && (!did('full') || conditions.hasChannel))
      for (const value of Object.values(known ?? {}))
        demand(!ledger.left.has(value), 'the session has an id that was signed out:', value)

    // A server that forgot after the last word, or storage that lost it with its only tab, is nobody's promise.
    if (!known || did('forgets', 'clear') || isStorageFaulty || (hasClosed && !durable)) continue
    // Without locks, or in the last words of a page, what two tabs say of one field may arrive in either order.
    // So may a request that was given up after its time, or whose answer the app kept to itself, and arrives
    // all the same; and what one tab says before it hears that another one has said it later, and had it sent.
    const isTimely =
      !steps.some((step) => step.do === 'latency' && step.ms > TIMEOUT_MS) &&
      !deliveries.some(({ ms }) => ms > TIMEOUT_MS)
    const isOrdered =
      isTimely &&
      durable &&
      conditions.hasLocks &&
      conditions.hearsAfterMs === 1 &&
      !hasClosed &&
      !hasSlept &&
      !did('misbehave') &&
      !deliveries.some(({ isTwice }) => isTwice)
    const said = ledger.said()
    for (const field of FIELDS) {
      if (!said[field] || ledger.isEither(said[field]) || ledger.isEither(known[field])) continue
      // A server that does not echo cannot tell the tab that signs in what other tabs have sent: docs/limits.md.
      const isUntold = conditions.rotate && !conditions.isEchoing && field !== 'customerId'
      if (isUntold && !known[field]) continue
      if (isOrdered)
        demand(
          known[field] === said[field],
          'the server has',
          known[field] ?? 'no',
          field,
          'and not',
          said[field],
        )
      else demand(ledger.spoken(field).includes(String(known[field])), 'the server lost', field, said[field])
    }
  }
  return broken
}
