import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { flushSync } from 'react-dom'
import { createRoot, type Root } from 'react-dom/client'
import { SessionProvider, useAssociate } from 'storefront-session'
import { createSessionClient, type SessionClient, type SessionClientOptions } from 'storefront-session/core'
import { createAppCode, createReactions, type Reaction } from './app-code.ts'
import { followEvents } from './ledger.ts'
import type { Step } from './sign-in-steps.ts'
import type { Tab } from './tab.ts'
import { type Conditions, createWorld, type Delivery } from './world.ts'

/** Of all handlers in one schedule. */
const MOST_REACTIONS = 3
const MOST_PAGES = 3

interface Page {
  tab: Tab
  client: SessionClient
  code: ReturnType<typeof createAppCode>
  /** Of the tree. */
  queryClient: QueryClient
  root: Root
  /** Who says who is signed in. */
  sayer: 'component' | 'app'
  /** As this page knows it. */
  customer: string | undefined
}

interface SignInRunParts {
  conditions: Conditions & Pick<SessionClientOptions, 'create' | 'rotate' | 'eraseOnServer'>
  deliveries: Delivery[]
  schedule: {
    sayers: readonly Page['sayer'][]
    moods: readonly boolean[]
    reactions: readonly (Reaction | undefined)[]
  }
  trace: typeof console.log | undefined
}

function SignedIn({ customerId }: { customerId: string | undefined }) {
  useAssociate({ customerId })
  return null
}

/** A browser with up to three tabs, in which customers sign in and out. */
export function createSignInRun({ conditions, deliveries, schedule, trace }: SignInRunParts) {
  const { sayers, moods } = schedule
  const world = createWorld(conditions, deliveries, trace)
  const { create, rotate, eraseOnServer } = conditions
  /** Each session's customers, over its whole life. */
  const customersOf = new Map<string, Set<string>>()
  const { answer } = world.server
  world.server.answer = (...request) => {
    const response = answer(...request)
    for (const [id, { customerId }] of world.server.sessions)
      if (customerId) customersOf.set(id, (customersOf.get(id) ?? new Set()).add(customerId))
    return response
  }
  const open: Page[] = []
  const tabs: Tab[] = []
  const asks: number[] = []
  const acts = createReactions(schedule.reactions, MOST_REACTIONS)
  let opened = 0
  /** As the shop's own server has it. */
  let signedIn: string | undefined
  /**
   * Customers whose end no page with consent has been told, or that found nothing to leave, because the app itself has
   * left their session: another page may have left them to be sent, or take them for signed in.
   */
  const unheard = new Set<string>()

  const show = (page: Page, customer: string | undefined, isThere = true) => {
    const { client, queryClient, root, sayer } = page
    page.customer = customer
    flushSync(() =>
      root.render(
        <QueryClientProvider client={queryClient}>
          <SessionProvider client={client}>
            {isThere && sayer === 'component' && <SignedIn customerId={customer} />}
          </SessionProvider>
        </QueryClientProvider>,
      ),
    )
    if (sayer === 'app') client.identify(customer ?? null)
  }
  /** A handler of the app acts on what it hears. */
  const react = ({ client, tab }: Page) => {
    const reaction = acts.next(client)
    if (!reaction) return
    trace?.(tab.name, 'reacts:', reaction)
    asks.push(world.now())
    // What becomes of it shows in the state.
    if (reaction === 'associate') void client.associate({ visitId: `v-${acts.count()}` })
    else if (reaction === 'ready') client.ready().catch(() => undefined)
    else if (reaction === 'shop') client.fetch('/api/cart').catch(() => undefined)
    else if (reaction === 'reset') void client.reset()
    else if (reaction === 'forget') client.forget()
    else {
      client.stop()
      client.start()
    }
  }
  const start = () => {
    if (open.length === MOST_PAGES) return
    const tab = world.openTab()
    const code = createAppCode({
      tab,
      moods,
      loops: world.loops,
      now: world.now,
      onEvent(event) {
        // A page that is gone runs no code.
        if (tab.state === 'closed') return
        trace?.(tab.name, event)
        followEvents(event, tab, world.now())
        react(page)
      },
    })
    // The provider gives the client the QueryClient of the tree.
    const { queryClient, ...options } = code.options
    const client = createSessionClient(
      { baseUrl: '/api', create, rotate, eraseOnServer, timeoutMs: 3_000, ...options },
      tab.environment,
    )
    code.listen(client)
    const sayer = sayers[opened++ % sayers.length] ?? 'component'
    const root = createRoot(document.createElement('div'))
    const page: Page = { tab, client, code, queryClient, root, sayer, customer: undefined }
    open.push(page)
    tabs.push(tab)
    show(page, signedIn)
  }
  const close = (page: Page, isLeaving: boolean) => {
    open.splice(open.indexOf(page), 1)
    if (isLeaving) world.fire(page.tab, 'pagehide')
    world.close(page.tab)
    page.root.unmount()
  }

  /** Steps that concern one page. */
  const takeInPage = async (step: Extract<Step, { tab: number }>, page: Page) => {
    const { tab, customer, code } = page
    if (step.do === 'crash' || step.do === 'leave') return close(page, step.do === 'leave')
    if (step.do === 'reload') {
      close(page, true)
      return start()
    }
    if (step.do === 'thaw') return world.thaw(tab)
    // A frozen page runs no code.
    if (tab.state === 'frozen') return
    if (step.do === 'freeze' || step.do === 'cache') world.freeze(tab, step.do === 'cache')
    else if (step.do === 'misbehave') code.misbehave(step.place, step.way)
    else if (step.do === 'behave') code.behave()
    else if (step.do === 'swap') {
      page.queryClient = new QueryClient()
      show(page, customer)
    } else if (step.do === 'notice') show(page, signedIn)
    else if (step.do === 'navigate') {
      // Who is shown by a component that comes is signed in, as far as anybody can tell.
      if (customer !== signedIn) return
      show(page, customer, false)
      await world.settle()
      show(page, customer)
    } else if ('empties' in step) {
      // Who signs out sees first that somebody is signed in.
      show(page, signedIn)
      const { status, session } = page.client.getState()
      const isGone = acts.has('reset', 'forget') && session?.customerId !== signedIn
      if (signedIn && (status === 'disabled' || isGone)) unheard.add(signedIn)
      signedIn = step.do === 'sign-in' ? step.customer : undefined
      const { queryClient } = page
      const { empties } = step
      // What a listener of the app throws then is its own affair.
      if (empties) void (async () => queryClient[empties]())().catch(() => undefined)
      show(page, signedIn)
    }
  }

  return {
    world,
    open,
    tabs,
    asks,
    customersOf,
    signedIn: () => signedIn,
    hasReacted: acts.has,
    wasUnheard: (customer: string | undefined) => !!customer && unheard.has(customer),
    close,
    async take(step: Step) {
      trace?.(JSON.stringify(step))
      if (step.do !== 'pass') asks.push(world.now())
      const { network, server } = world
      if ('tab' in step) {
        const page = open[step.tab % open.length]
        if (page) await takeInPage(step, page)
      } else if (step.do === 'open') start()
      else if (step.do === 'pass') await world.pass(step.ms)
      else if (step.do === 'offline') network.isOffline = true
      else if (step.do === 'online') world.online()
      else if (step.do === 'forgets') server.sessions.clear()
      else server.isDown = step.do === 'down'
      await world.settle()
    },
    /** All is well again, and every page learns who is signed in. */
    async end() {
      acts.end()
      world.network.isOffline = false
      world.server.isDown = false
      for (const { code } of open) code.behave()
      // One page comes so late that it asks for what is stored: the server may have forgotten it after all answers.
      const [first] = open
      if (first && open.length === MOST_PAGES) close(first, false)
      await world.pass(400_000)
      asks.push(world.now())
      start()
      for (const { tab } of open) world.thaw(tab)
      await world.pass(conditions.hearsAfterMs + 4)
      for (const page of open) {
        page.tab.hasConsent = true
        page.client.setEnabled(true)
        show(page, signedIn)
      }
      world.online()
      await world.pass(700_000)
    },
  }
}
