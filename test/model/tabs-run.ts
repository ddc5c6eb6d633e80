import {
  type AssociationField,
  createSessionClient,
  type SessionClient,
  type SessionClientOptions,
  type SessionError,
  type SessionEvent,
} from 'storefront-session/core'
import { createAppCode, createReactions, type Reaction } from './app-code.ts'
import { createVisits, FIELDS, followEvents } from './ledger.ts'
import type { Tab } from './tab.ts'
import type { Step } from './tabs-steps.ts'
import { type Conditions, createWorld, type Delivery } from './world.ts'

export const TIMEOUT_MS = 3_000

/** Of all handlers in one schedule. */
const MOST_REACTIONS = 4

interface Page {
  tab: Tab
  tenant: string | undefined
  client: SessionClient
  code: ReturnType<typeof createAppCode>
  isStopped: boolean
  /** What the app was told, in order. */
  events: SessionEvent['type'][]
  /** The session that it is in, as far as the app was told. */
  sessionId: string | null
}

interface TabsRunParts {
  conditions: Conditions & Pick<SessionClientOptions, 'create' | 'rotate' | 'eraseOnServer'>
  durable: boolean
  deliveries: Delivery[]
  schedule: { moods: readonly boolean[]; reactions: readonly (Reaction | undefined)[] }
  trace: typeof console.log | undefined
}

/** A browser with up to four tabs, of one tenant or of two, and everything that happens to them. */
export function createTabsRun({ conditions, durable, deliveries, schedule, trace }: TabsRunParts) {
  const world = createWorld(conditions, deliveries, trace)
  const { create, rotate, eraseOnServer } = conditions
  const hearingMs = conditions.hearsAfterMs + 4
  const open: Page[] = []
  const tabs: Tab[] = []
  /** When the visitor or the app asked for something. */
  const asks: number[] = []
  const visits = createVisits(world.now, hearingMs)
  const acts = createReactions(schedule.reactions, MOST_REACTIONS)
  let count = 0
  let unsettled = 0
  let hasLeft = false
  /**
   * Forgotten before there was a session, or before a page that sleeps with ids in memory knew of one: storage has no
   * trace of it for that page.
   */
  let isTraceless = false
  /** Until then a page that makes a session has not heard of a forgetting, and writes over its only trace. */
  let isTracedUntil = 0

  /** It must come to an end, good or bad. */
  const follow = (work: Promise<unknown>) => {
    const settled = () => void unsettled--
    unsettled++
    work.then(settled, settled)
  }
  const enable = ({ client, tab }: Page, isEnabled: boolean) => {
    tab.hasConsent = isEnabled
    client.setEnabled(isEnabled)
  }
  const associate = ({ client, events, tenant }: Page, fields: AssociationField[]) => {
    const ids = Object.fromEntries(fields.map((field) => [field, `${field}-${++count}`]))
    const { ledger } = visits.of(tenant)
    // Disabled, nothing is accepted.
    if (client.getState().status !== 'disabled') ledger.accept(ids)
    const before = events.length
    unsettled++
    client.associate(ids).then(
      () => void unsettled--,
      ({ code }: SessionError) => {
        unsettled--
        const told = events.slice(before)
        // A page that slept hears of a forget late: what it accepts until then is forgotten, too, and says so. So
        // does one that kept its ids in memory: it can't tell another session that it finds from a sign-out.
        const isLeft = told.includes('reset') && !durable
        if (told.includes('forgotten') || isLeft || code === 'disabled') ledger.withdraw(ids)
      },
    )
  }
  const leaveSession = (page: Page, how: 'reset' | 'forget') => {
    const { key, ledger } = visits.of(page.tenant)
    const isAsleep = ({ tab, isStopped }: Page) => isStopped || !tab.hasConsent || tab.state !== 'alive'
    if (how === 'forget') {
      const isFirst = !world.storage.has(`${key}:at`)
      isTracedUntil = world.now() + hearingMs
      isTraceless ||= !durable && (isFirst || open.some((other) => !other.sessionId && isAsleep(other)))
    }
    // In this order: what a handler says on the event is of the next session.
    ledger.signOut()
    hasLeft = true
    if (how === 'reset') void page.client.reset()
    else page.client.forget()
  }
  /** A handler of the app acts on what it hears. */
  const react = (page: Page) => {
    const { client, tab } = page
    const reaction = acts.next(client)
    if (!reaction) return
    trace?.(tab.name, 'reacts:', reaction)
    asks.push(world.now())
    if (reaction === 'reset' || reaction === 'forget') leaveSession(page, reaction)
    else if (reaction === 'associate') associate(page, ['visitId'])
    else if (reaction === 'disable') enable(page, false)
    else if (reaction === 'ready') follow(client.ready())
    else if (reaction === 'shop') follow(client.fetch('/api/cart'))
    else if (!page.isStopped) {
      client.stop()
      client.start()
    }
  }

  const start = (tenant: string | undefined, most = 4) => {
    if (open.length >= most) return
    visits.of(tenant)
    const tab = world.openTab()
    tabs.push(tab)
    const code = createAppCode({
      tab,
      moods: schedule.moods,
      loops: world.loops,
      now: world.now,
      onEvent(event) {
        // A page that is gone runs no code.
        if (tab.state === 'closed') return
        trace?.(tab.name, event)
        page.events.push(event.type)
        page.sessionId = ['reset', 'forgotten'].includes(event.type) ? null : event.sessionId
        if (event.type === 'created' && world.now() < isTracedUntil) isTraceless = true
        followEvents(event, tab, world.now())
        react(page)
      },
    })
    const client = createSessionClient(
      {
        baseUrl: '/api',
        create,
        rotate,
        eraseOnServer,
        durable,
        timeoutMs: TIMEOUT_MS,
        ...(tenant && { tenantId: tenant }),
        ...code.options,
      },
      tab.environment,
    )
    const page: Page = { tab, tenant, client, code, isStopped: false, events: [], sessionId: null }
    code.listen(client)
    client.start()
    open.push(page)
  }
  const close = (page: Page, isLeaving: boolean) => {
    open.splice(open.indexOf(page), 1)
    if (isLeaving) world.fire(page.tab, 'pagehide')
    world.close(page.tab)
  }
  /** What a page had not sent yet, it sends as it goes: no other page, no later visit is needed. */
  const leave = async (page: Page) => {
    const { client, tab, code, tenant, isStopped } = page
    const { key } = visits.of(tenant)
    const { sessionId } = client.getState()
    // A page that cannot read storage may have left an id there for a session that another page has reset.
    const boundTo = (suffix: string) => world.storage.get(key + suffix)?.split(' ')[0]
    const pending = FIELDS.filter((field) => boundTo(`:${field}`) === (boundTo(':at') ?? ''))
    const isHealthy = !code.isMisbehaving() && !tab.storageFault
    const canSend =
      !isStopped && isHealthy && tab.state === 'alive' && !world.network.isOffline && !world.server.isDown
    // After storage was cleared, what is pending there may be of another session than this page's.
    const isStored = world.storage.get(key) === sessionId
    const isKnown = sessionId && isStored && world.server.sessions.has(sessionId)
    close(page, true)
    if (!canSend || !isKnown) return
    await world.pass(20_000)
    // Another tab has erased the session since, and what was sent with it.
    if (world.server.erased.has(sessionId)) return
    const known = world.server.sessions.get(sessionId) ?? {}
    // A customer who gets a new id is not tied to this one: the next page signs them in.
    const lost = pending.filter((field) => !known[field] && !(rotate && field === 'customerId'))
    if (lost.length) throw new Error(`${tab.name} left, and did not send ${lost.join()}`)
  }

  /** Steps that concern one page. */
  const takeInPage = async (step: Extract<Step, { tab: number }>, page: Page) => {
    const { tab, client } = page
    if (step.do === 'crash') return close(page, false)
    if (step.do === 'leave') return leave(page)
    if (step.do === 'reload') {
      close(page, true)
      return start(page.tenant)
    }
    if (step.do === 'thaw') return world.thaw(tab)
    // A frozen page runs no code.
    if (tab.state === 'frozen') return
    if (step.do === 'freeze' || step.do === 'cache') world.freeze(tab, step.do === 'cache')
    else if (step.do === 'consent' || step.do === 'disable') enable(page, step.do === 'consent')
    else if (step.do === 'stop' || step.do === 'start') {
      page.isStopped = step.do === 'stop'
      client[step.do]()
    } else if (step.do === 'ready') follow(client.ready())
    else if (step.do === 'shop') follow(client.fetch('/api/cart'))
    else if (step.do === 'meddle') page.code.meddle(step.how)
    else if (step.do === 'misbehave') page.code.misbehave(step.place, step.way)
    else if (step.do === 'behave') page.code.behave()
    else if (step.do === 'readable') tab.storageFault = undefined
    else if (step.do === 'unreadable' || step.do === 'promises') tab.storageFault = step.do
    else if (step.do === 'associate') {
      associate(page, step.fields)
      await world.pass(0)
    } else if (client.getState().status !== 'disabled') leaveSession(page, step.do)
  }
  /** Steps that concern the whole browser, network or server. */
  const takeOutside = async (step: Exclude<Step, { tab: number }>) => {
    const { network, server, browser } = world
    if (step.do === 'open') start(step.tenant)
    else if (step.do === 'pass') await world.pass(step.ms)
    else if (step.do === 'latency') network.latencyMs = step.ms
    else if (step.do === 'offline') network.isOffline = true
    else if (step.do === 'online') world.online()
    else if (step.do === 'down') server.isDown = true
    else if (step.do === 'up') server.isDown = false
    else if (step.do === 'forgets') server.sessions.clear()
    else if (step.do === 'full') browser.isStorageFull = true
    else if (step.do === 'roomy') browser.isStorageFull = false
    else {
      world.clearStorage()
      await world.pass(hearingMs)
    }
  }

  return {
    world,
    open,
    tabs,
    asks,
    visits: visits.all,
    unsettled: () => unsettled,
    isTraceless: () => isTraceless,
    hasReacted: acts.has,
    async take(step: Step) {
      trace?.(JSON.stringify(step))
      if (step.do !== 'pass' && step.do !== 'latency') asks.push(world.now())
      if (!('tab' in step)) await takeOutside(step)
      else {
        const page = open[step.tab % open.length]
        if (page) await takeInPage(step, page)
      }
      await world.settle()
      // Other tabs hear of a sign-out in a moment; what they accept in between may be of the session that is left.
      while (hasLeft) {
        hasLeft = false
        await world.pass(hearingMs)
      }
    },
    /** All is well again, the app behaves, and the visitor comes back. */
    async end() {
      acts.end()
      Object.assign(world.network, { isOffline: false, latencyMs: 0 })
      world.server.isDown = false
      world.browser.isStorageFull = false
      for (const { tab, code } of open) {
        code.behave()
        tab.storageFault = undefined
      }
      asks.push(world.now())
      start(undefined)
      for (const { tenant } of [...visits.all()])
        if (!open.some((page) => page.tenant === tenant)) start(tenant, 6)
      for (const { tab } of open) world.thaw(tab)
      await world.pass(hearingMs)
      for (const page of open) {
        page.client.start()
        enable(page, true)
      }
      world.online()
      await world.pass(700_000)
    },
  }
}
