import { QueryClient } from '@tanstack/query-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSessionClient } from '../../src/core/session-client.ts'
import { ASSOCIATION_FIELDS, type AssociationField, type Associations } from '../../src/wire/session-info.ts'
import { conditions, deliveriesWithin, inTabOf, one, RUNS, replay, trace } from './schedules.ts'
import { createWorld, type Tab } from './world.ts'

const TIMEOUT_MS = 3_000

/** What an app does to its QueryClient. */
const MEDDLING = {
  clear: (queryClient: QueryClient) => queryClient.clear(),
  cancel: (queryClient: QueryClient) => queryClient.cancelQueries(),
  reset: (queryClient: QueryClient) => queryClient.resetQueries(),
  invalidate: (queryClient: QueryClient) => queryClient.invalidateQueries(),
}

/** What keeps a page from hearing of the others. */
const SLEEP = ['freeze', 'cache', 'stop', 'disable'] as const

type Step =
  | { do: 'open' | 'offline' | 'online' | 'down' | 'up' | 'forgets' | 'clear' | 'full' | 'roomy' }
  | {
      do: 'crash' | 'leave' | 'reload' | 'reset' | 'forget' | 'freeze' | 'cache' | 'thaw'
      tab: number
    }
  | { do: 'disable' | 'consent' | 'stop' | 'start' | 'ready' | 'shop'; tab: number }
  | { do: 'meddle'; tab: number; how: keyof typeof MEDDLING }
  | { do: 'associate'; tab: number; fields: AssociationField[] }
  | { do: 'latency' | 'pass'; ms: number }

interface Page {
  tab: Tab
  client: ReturnType<typeof createSessionClient>
  queryClient: QueryClient
  isStopped: boolean
}

const tab = fc.nat(3)
const inTab = inTabOf(tab)
const step: fc.Arbitrary<Step> = fc.oneof(
  one(4, 'open'),
  one(4, 'offline', 'online', 'down', 'up', 'forgets', 'clear'),
  one(1, 'full', 'roomy'),
  inTab(2, 'crash', 'leave', 'reload'),
  inTab(2, 'freeze', 'cache', 'thaw'),
  inTab(2, 'reset'),
  inTab(1, 'forget'),
  inTab(2, 'disable', 'consent', 'stop', 'start'),
  inTab(2, 'ready', 'shop'),
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('meddle'),
      tab,
      how: fc.constantFrom(...(Object.keys(MEDDLING) as (keyof typeof MEDDLING)[])),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('associate'),
      tab,
      fields: fc.uniqueArray(fc.constantFrom(...ASSOCIATION_FIELDS), { minLength: 1 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('latency'), ms: fc.constantFrom(0, 20, 400, 4000) }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('pass'), ms: fc.constantFrom(1, 5, 50, 1000, 15_000) }),
  },
)

test('F16-F18, F25, F26, F32, F33, F41, F47, F52, F59, F60: whatever tabs, network and server do: one id when all is quiet, and nothing accepted is lost', async () => {
  await fc.assert(
    fc.asyncProperty(
      conditions,
      fc.nat(3).map((number) => number > 0),
      deliveriesWithin(2, 10, 10, 10, 50, 300, 2_000),
      fc.array(step, { maxLength: 25 }),
      async (conditions, durable, deliveries, steps) => {
        const world = createWorld(conditions, deliveries, trace)
        const open: Page[] = []
        const did = (...names: Step['do'][]) => steps.some((now) => names.includes(now.do))
        /** What a sign-out has left behind may never be seen again. */
        const left = new Set<string>()
        let said: Associations = {}
        /** All values of a field since the last sign-out. */
        let spoken: Record<string, string[]> = {}
        let count = 0
        let unsettled = 0
        /** Forgotten before there was a session: storage has no trace of it for a page that sleeps with ids in memory. */
        let isTraceless = false

        const start = () => {
          if (open.length === 4) return
          const tab = world.openTab()
          const queryClient = new QueryClient()
          const client = createSessionClient(
            {
              baseUrl: '/api',
              queryClient,
              create: conditions.create,
              durable,
              timeoutMs: TIMEOUT_MS,
              onEvent: (event) => trace?.(tab.name, event),
            },
            tab.environment,
          )
          tab.isDisabled = () => client.getState().status === 'disabled'
          client.start()
          open.push({ tab, client, queryClient, isStopped: false })
        }
        const end = (index: number, isLeaving: boolean) => {
          const [closed] = open.splice(index, 1)
          if (!closed) return
          if (isLeaving) world.fire(closed.tab, 'pagehide')
          world.close(closed.tab)
        }
        /** What a page had not sent yet, it sends as it goes: no other page, no later visit is needed. */
        const leave = async (index: number, { client, isStopped }: Page) => {
          const { sessionId } = client.getState()
          const pending = ASSOCIATION_FIELDS.filter((field) =>
            world.storage.has(`storefront-session:${field}`),
          )
          const canSend =
            !isStopped &&
            open[index]?.tab.state === 'alive' &&
            !world.network.isOffline &&
            !world.server.isDown
          // After storage was cleared, what is pending there may be of another session than this page's.
          const isStored = world.storage.get('storefront-session') === sessionId
          const isKnown = sessionId && isStored && world.server.sessions.has(sessionId)
          end(index, true)
          if (!canSend || !isKnown) return
          await world.pass(20_000)
          expect(Object.keys(world.server.sessions.get(sessionId) ?? {})).toEqual(
            expect.arrayContaining(pending),
          )
        }
        const signOut = async () => {
          for (const value of Object.values(said)) if (value) left.add(value)
          said = {}
          spoken = {}
          // Other tabs hear of it in a moment; what they accept in between is of the session that is left.
          await world.pass(5)
        }
        /** It must come to an end, good or bad. */
        const follow = (work: Promise<unknown>) => {
          const settled = () => void unsettled--
          unsettled++
          work.then(settled, settled)
        }
        const associate = async (client: Page['client'], fields: AssociationField[]) => {
          const ids = Object.fromEntries(fields.map((field) => [field, `${field}-${++count}`]))
          const settled = () => void unsettled--
          unsettled++
          // Disabled, nothing is accepted.
          if (client.getState().status !== 'disabled') {
            said = { ...said, ...ids }
            for (const [field, value] of Object.entries(ids))
              spoken = { ...spoken, [field]: [...(spoken[field] ?? []), value] }
          }
          client.associate(ids).then(settled, ({ message }: Error) => {
            settled()
            // A page that slept hears of a forget late: what it accepts until then is forgotten, too, and says so. So
            // does one that kept its ids in memory: it can't tell another session that it finds from a sign-out.
            const isLeft = message === 'The session was left in another tab' && !durable && did(...SLEEP)
            if (message !== 'The session was forgotten' && !isLeft) return
            const isKept = (value: string | undefined) => !Object.values(ids).includes(String(value))
            said = Object.fromEntries(Object.entries(said).filter(([, value]) => isKept(value)))
            for (const field of fields) spoken = { ...spoken, [field]: (spoken[field] ?? []).filter(isKept) }
          })
          await world.pass(0)
        }

        for (const now of steps) {
          trace?.(JSON.stringify(now))
          if (now.do === 'open') start()
          else if (now.do === 'pass') await world.pass(now.ms)
          else if (now.do === 'latency') world.network.latencyMs = now.ms
          else if (now.do === 'offline') world.network.isOffline = true
          else if (now.do === 'online') world.online()
          else if (now.do === 'down') world.server.isDown = true
          else if (now.do === 'up') world.server.isDown = false
          else if (now.do === 'forgets') world.server.sessions.clear()
          else if (now.do === 'full') world.browser.isStorageFull = true
          else if (now.do === 'roomy') world.browser.isStorageFull = false
          else if (now.do === 'clear') {
            world.clearStorage()
            await world.pass(5)
          } else if ('tab' in now && open.length) {
            const index = now.tab % open.length
            const page = open[index]
            if (!page) continue
            const { tab, client } = page
            if (now.do === 'crash') end(index, false)
            else if (now.do === 'leave') await leave(index, page)
            else if (now.do === 'reload') {
              end(index, true)
              start()
            } else if (now.do === 'thaw') world.thaw(tab)
            // A frozen page runs no code.
            else if (tab.state === 'frozen') continue
            else if (now.do === 'freeze' || now.do === 'cache') world.freeze(tab, now.do === 'cache')
            else if (now.do === 'consent') client.setEnabled(true)
            else if (now.do === 'disable') client.setEnabled(false)
            else if (now.do === 'stop' || now.do === 'start') {
              client[now.do]()
              page.isStopped = now.do === 'stop'
            } else if (now.do === 'ready') follow(client.ready())
            else if (now.do === 'shop') follow(client.fetch('/api/cart'))
            else if (now.do === 'meddle') void MEDDLING[now.how](page.queryClient)
            else if (now.do === 'associate') await associate(client, now.fields)
            else if (client.getState().status !== 'disabled') {
              if (now.do === 'forget' && !durable) isTraceless ||= !world.storage.has('storefront-session:at')
              if (now.do === 'reset') void client.reset()
              else client.forget()
              await signOut()
            }
          }
          await world.settle()
        }

        // All is well again, and the visitor comes back.
        Object.assign(world.network, { isOffline: false, latencyMs: 0 })
        world.server.isDown = false
        world.browser.isStorageFull = false
        start()
        for (const { tab } of open) world.thaw(tab)
        await world.pass(5)
        for (const { client } of open) {
          client.start()
          // Storage that was emptied while the client heard nothing counts as forgotten.
          client.setEnabled(true)
        }
        world.online()
        await world.pass(700_000)

        const states = open.map(({ client }) => client.getState())
        const [id, ...others] = new Set(states.map(({ sessionId }) => sessionId))
        expect(others).toEqual([])
        expect(id).toEqual(expect.any(String))
        expect(world.storage.get('storefront-session')).toBe(id)
        for (const state of states) expect(state).toMatchObject({ error: null, isAssociating: false })
        const closed = did('crash', 'leave', 'reload')
        if (!closed) expect(unsettled).toBe(0)

        const known = world.server.sessions.get(String(id))
        // With a full storage a tab that sleeps, or has no channel, can't hear of a sign-out.
        const isHeard = !did(...SLEEP) || (!did('full') && !isTraceless)
        if (isHeard && (!did('full') || conditions.hasChannel))
          for (const value of Object.values(known ?? {})) expect([...left]).not.toContain(value)
        for (const { tab } of open) expect([tab.hurried, tab.unwanted]).toEqual([[], []])
        // A server that forgot after the last word, or storage that lost it with its only tab, is nobody's promise.
        if (!known || did('forgets', 'clear', 'full') || (closed && !durable)) return
        // Without locks, or in the last words of a page, what two tabs say of one field may arrive in either order.
        // So may a request that was given up after its time, and arrives all the same.
        const isTimely = !steps.some((now) => now.do === 'latency' && now.ms > TIMEOUT_MS)
        const isOrdered =
          isTimely &&
          durable &&
          conditions.hasLocks &&
          !closed &&
          !did(...SLEEP) &&
          !deliveries.some(({ isTwice }) => isTwice)
        if (isOrdered) expect(known).toMatchObject(said)
        else
          for (const field of ASSOCIATION_FIELDS)
            if (said[field]) expect(spoken[field]).toContain(known[field])
      },
    ),
    { numRuns: RUNS, ...replay },
  )
}, 36_000_000)
