import { QueryClient } from '@tanstack/react-query'
import fc from 'fast-check'
import { flushSync } from 'react-dom'
import { createRoot, type Root } from 'react-dom/client'
import { SessionProvider, useAssociate } from 'storefront-session'
import { expect, test } from 'vitest'
import { createSessionClient } from '../../src/core/session-client.ts'
import { conditions, deliveriesWithin, inTabOf, one, RUNS, replay, trace } from './schedules.ts'
import { createWorld, type Tab } from './world.ts'

/** How an app empties its cache when somebody comes or goes. */
type Emptying = 'clear' | 'resetQueries' | undefined

type Step =
  | { do: 'open' | 'offline' | 'online' | 'down' | 'up' | 'forgets' }
  | { do: 'sign-in'; tab: number; customer: string; empties: Emptying }
  | { do: 'sign-out'; tab: number; empties: Emptying }
  | {
      do: 'notice' | 'navigate' | 'crash' | 'leave' | 'reload' | 'freeze' | 'cache' | 'thaw'
      tab: number
    }
  | { do: 'pass'; ms: number }

const tab = fc.nat(2)
const empties = fc.constantFrom<Emptying>(undefined, undefined, 'clear', 'resetQueries')
const inTab = inTabOf(tab)
const step: fc.Arbitrary<Step> = fc.oneof(
  one(3, 'open'),
  one(2, 'offline', 'online', 'down', 'up', 'forgets'),
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('sign-in'),
      tab,
      customer: fc.constantFrom('ada', 'bob'),
      empties,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('sign-out'), tab, empties }) },
  inTab(3, 'notice', 'navigate'),
  inTab(2, 'crash', 'leave', 'reload'),
  inTab(2, 'freeze', 'cache', 'thaw'),
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('pass'), ms: fc.constantFrom(1, 5, 50, 1_000, 400_000) }),
  },
)

function SignedIn({ customerId }: { customerId: string | undefined }) {
  useAssociate({ customerId })
  return null
}

interface Page {
  tab: Tab
  client: ReturnType<typeof createSessionClient>
  queryClient: QueryClient
  root: Root
  /** As this page knows it. */
  customer: string | undefined
}

test('F17, F24: whoever signs in and out in whatever tab, no session is ever two customers’, and in the end it is the right one’s', async () => {
  await fc.assert(
    fc.asyncProperty(
      // Of a server that does not tell whose session it is nobody can know it.
      conditions.map((some) => ({ ...some, isEchoing: true })),
      deliveriesWithin(2, 10, 50, 300),
      fc.array(step, { maxLength: 20 }),
      async (conditions, deliveries, steps) => {
        const world = createWorld(conditions, deliveries, trace)
        const customersOf = new Map<string, Set<string>>()
        const { answer } = world.server
        world.server.answer = (...request) => {
          const response = answer(...request)
          for (const [id, { customerId }] of world.server.sessions)
            if (customerId) customersOf.set(id, (customersOf.get(id) ?? new Set()).add(customerId))
          return response
        }
        const open: Page[] = []
        /** As the shop's own server has it. */
        let signedIn: string | undefined

        const show = (page: Page, customer: string | undefined, isThere = true) => {
          page.customer = customer
          flushSync(() =>
            page.root.render(
              <SessionProvider client={page.client}>
                {isThere && <SignedIn customerId={customer} />}
              </SessionProvider>,
            ),
          )
        }
        const start = () => {
          if (open.length === 3) return
          const tab = world.openTab()
          const queryClient = new QueryClient()
          const client = createSessionClient(
            {
              baseUrl: '/api',
              queryClient,
              create: conditions.create,
              timeoutMs: 3_000,
              onEvent: (event) => trace?.(tab.name, event),
            },
            tab.environment,
          )
          const root = createRoot(document.createElement('div'))
          const page = { tab, client, queryClient, root, customer: undefined }
          open.push(page)
          show(page, signedIn)
        }
        const end = (page: Page, isLeaving: boolean) => {
          open.splice(open.indexOf(page), 1)
          if (isLeaving) world.fire(page.tab, 'pagehide')
          world.close(page.tab)
          page.root.unmount()
        }

        for (const now of steps) {
          trace?.(JSON.stringify(now))
          if (now.do === 'open') start()
          else if (now.do === 'pass') await world.pass(now.ms)
          else if (now.do === 'offline') world.network.isOffline = true
          else if (now.do === 'online') world.online()
          else if (now.do === 'down') world.server.isDown = true
          else if (now.do === 'up') world.server.isDown = false
          else if (now.do === 'forgets') world.server.sessions.clear()
          else if ('tab' in now && open.length) {
            const page = open[now.tab % open.length]
            if (!page) continue
            const { tab, customer } = page
            if (now.do === 'crash') end(page, false)
            else if (now.do === 'leave') end(page, true)
            else if (now.do === 'reload') {
              end(page, true)
              start()
            } else if (now.do === 'thaw') world.thaw(tab)
            // A frozen page runs no code.
            else if (tab.state === 'frozen') continue
            else if (now.do === 'freeze' || now.do === 'cache') world.freeze(tab, now.do === 'cache')
            else if (now.do === 'navigate') {
              // Who is shown by a component that comes is signed in, as far as anybody can tell.
              if (customer !== signedIn) continue
              show(page, customer, false)
              await world.settle()
              show(page, customer)
            } else if (now.do === 'notice') show(page, signedIn)
            else {
              // Who signs out sees first that somebody is signed in.
              show(page, signedIn)
              signedIn = now.do === 'sign-in' ? now.customer : undefined
              if ('empties' in now && now.empties) void page.queryClient[now.empties]()
              show(page, signedIn)
            }
          }
          await world.settle()
        }

        // All is well again, and every page learns who is signed in.
        world.network.isOffline = false
        world.server.isDown = false
        // One page comes so late that it asks for what is stored: the server may have forgotten it after all answers.
        const [first] = open
        if (first && open.length === 3) end(first, false)
        await world.pass(400_000)
        start()
        for (const { tab } of open) world.thaw(tab)
        await world.pass(5)
        for (const page of open) show(page, signedIn)
        world.online()
        await world.pass(700_000)

        const ids = new Set(open.map(({ client }) => client.getState().sessionId))
        for (const page of [...open]) end(page, false)
        for (const [id, customers] of customersOf)
          expect([id, [...customers]]).toEqual([id, [expect.any(String)]])
        expect(ids.size).toBe(1)
        const [id] = ids
        expect(world.server.sessions.get(String(id))?.customerId).toBe(signedIn)
      },
    ),
    { numRuns: RUNS, ...replay },
  )
}, 36_000_000)
