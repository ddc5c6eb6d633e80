import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSessionClient } from '../../src/core/session-client.ts'
import { ASSOCIATION_FIELDS, type AssociationField, type Associations } from '../../src/wire/session-info.ts'
import { createWorld, type Tab } from './world.ts'

/** How many schedules; `MODEL_RUNS=20000` for a long run. */
const RUNS = Number(process.env.MODEL_RUNS ?? 150)
const SEED = process.env.MODEL_SEED ? { seed: Number(process.env.MODEL_SEED) } : {}

type Step =
  | { do: 'open' | 'offline' | 'online' | 'down' | 'up' | 'forgets' | 'clear' }
  | { do: 'close' | 'leave' | 'reload' | 'reset'; tab: number }
  | { do: 'associate'; tab: number; field: AssociationField }
  | { do: 'latency' | 'pass'; ms: number }

const tab = fc.nat(3)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ do: 'open' as const }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('close', 'leave', 'reload'), tab }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('associate'),
      tab,
      field: fc.constantFrom(...ASSOCIATION_FIELDS),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reset'), tab }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('offline', 'online', 'down', 'up', 'forgets', 'clear') }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('latency'), ms: fc.constantFrom(2, 20, 400, 4000) }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('pass'), ms: fc.constantFrom(1, 5, 50, 1000, 15_000) }),
  },
)

test('whatever tabs, network and server do: one id when all is quiet, and nothing accepted is lost', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({ hasLocks: fc.boolean(), hasChannel: fc.boolean() }),
      fc.array(step, { maxLength: 25 }),
      async (conditions, steps) => {
        const world = createWorld(conditions)
        const open: { tab: Tab; client: ReturnType<typeof createSessionClient> }[] = []
        /** Values by customer generation: what a sign-out has left behind may never be seen again. */
        let signedOut = new Set<string>()
        let said: Associations = {}
        /** All values of a field since the last sign-out. */
        let spoken: Record<string, string[]> = {}
        let isCleared = false
        let count = 0
        const unsettled = new Map<unknown, number>()

        const start = () => {
          if (open.length === 4) return
          const tab = world.openTab()
          const client = createSessionClient({ baseUrl: '/api', timeoutMs: 3_000 }, tab.environment)
          client.start()
          open.push({ tab, client })
        }
        const end = (index: number, isLeaving: boolean) => {
          const [closed] = open.splice(index % open.length, 1)
          if (!closed) return
          if (isLeaving) world.fire(closed.tab, 'pagehide')
          world.close(closed.tab)
        }

        for (const now of steps) {
          if (now.do === 'open') start()
          else if (now.do === 'pass') await world.pass(now.ms)
          else if (now.do === 'latency') world.server.latencies = [now.ms, 10]
          else if (now.do === 'offline') world.server.isOffline = true
          else if (now.do === 'down') world.server.isDown = true
          else if (now.do === 'up') world.server.isDown = false
          else if (now.do === 'forgets') world.server.sessions.clear()
          else if (now.do === 'online') {
            world.server.isOffline = false
            for (const { tab } of open) world.fire(tab, 'online')
          } else if (now.do === 'clear') {
            world.clearStorage()
            isCleared = true
            await world.pass(5)
          } else if ('tab' in now && open.length) {
            const at = now.tab % open.length
            const client = open[at]?.client
            if (!client) continue
            if (now.do === 'close' || now.do === 'leave') end(at, now.do === 'leave')
            else if (now.do === 'reload') {
              end(at, true)
              start()
            } else if (now.do === 'reset') {
              for (const value of Object.values(said)) if (value) signedOut.add(value)
              said = {}
              spoken = {}
              void client.reset()
              // Other tabs hear of it in a moment; what they accept in between is of the session that is left.
              await world.pass(5)
            } else if (now.do === 'associate') {
              const value = `${now.field}-${++count}`
              said = { ...said, [now.field]: value }
              spoken = { ...spoken, [now.field]: [...(spoken[now.field] ?? []), value] }
              const add = (difference: number) =>
                unsettled.set(client, (unsettled.get(client) ?? 0) + difference)
              add(1)
              const down = () => void add(-1)
              client.associate({ [now.field]: value }).then(down, down)
              await world.pass(0)
            }
          }
          await world.settle()
        }

        // All is well again, and the visitor comes back.
        world.server.isOffline = false
        world.server.isDown = false
        world.server.latencies = [10]
        start()
        for (const { tab } of open) world.fire(tab, 'online')
        await world.pass(700_000)

        const ids = new Set(open.map(({ client }) => client.getState().sessionId))
        expect(ids.size).toBe(1)
        const [id] = ids
        expect(id).toEqual(expect.any(String))
        expect(world.storage.get('storefront-session')).toBe(id)
        for (const { client } of open) {
          expect(client.getState().error).toBeNull()
          expect(client.getState().isAssociating).toBe(false)
          expect(unsettled.get(client) ?? 0).toBe(0)
        }
        const known = world.server.sessions.get(String(id))
        for (const value of Object.values(known ?? {})) expect(signedOut).not.toContain(value)
        // A server that forgot after the last word, or storage cleared with its only tab closed, is nobody's promise.
        if (!isCleared && known && !steps.some((one) => one.do === 'forgets')) {
          // Without locks, or in the last words of a page, what two tabs say of one field may arrive in either order.
          if (conditions.hasLocks && !steps.some((one) => /close|leave|reload/.test(one.do)))
            expect(known).toMatchObject(said)
          else
            for (const field of ASSOCIATION_FIELDS)
              if (said[field]) expect(spoken[field]).toContain(known[field])
        }
        for (const { client } of open) client.stop()
        signedOut = new Set()
      },
    ),
    { numRuns: RUNS, ...SEED },
  )
}, 3_600_000)
