import type { EnvironmentChannel } from '../../src/core/environment.ts'
import { createLocks } from './simulated-locks.ts'
import { createSimulatedServer, type ServerHabits } from './simulated-server.ts'
import { newTab, type Tab } from './tab.ts'

interface Timer {
  at: number
  run: () => void
  tab: Tab
}

/** The least that a client waits after a failure. */
const MIN_WAIT_MS = 500

/** More than this in one moment of the clock is a loop without a pause. */
const MOST_LOOKS = 20_000

/** What the simulated browser offers, and what the server does. */
export interface Conditions extends ServerHabits {
  /** Web Locks; without them the clients of one page still take turns. */
  hasLocks: boolean
  hasChannel: boolean
  /** How long a storage event or a message takes from tab to tab, in virtual milliseconds. */
  hearsAfterMs: number
}

/** How long a request takes, in virtual milliseconds, and whether the browser or a proxy sends it twice. */
export interface Delivery {
  ms: number
  isTwice: boolean
}

/**
 * One browser profile and one server, in hand: a clock that only moves when told, storage that all tabs share,
 * locks, channels, and a network that delivers each request as `deliveries` says, in turn.
 */
export function createWorld(
  { hasLocks, hasChannel, hearsAfterMs, ...habits }: Conditions,
  deliveries: Delivery[],
  trace?: (...what: unknown[]) => void,
) {
  let clock = 1_000_000
  let serial = 0
  let opened = 0
  let timers: Timer[] = []
  let tabs: Tab[] = []
  const storage = new Map<string, string>()
  const channels = new Set<{ name: string; tab: Tab; hear: (event: { data: unknown }) => void }>()
  let looks = 0
  /** What went round without a pause. */
  const loops: string[] = []
  const server = createSimulatedServer(habits)
  /** Ids that this browser chose for a customer, or knew to have one. */
  const marked = new Set<string>()
  server.isMarked = (id) => marked.has(id)
  const network = { isOffline: false, sent: 0, latencyMs: 0 }
  const browser = { isStorageFull: false }
  /** The server's side of the wire. */
  const nobody = newTab('')
  /** A page that loops would never let the clock go on: it gets no answer any more, and the schedule fails. */
  const look = (tab: Tab, what: string): boolean => {
    if (++looks < MOST_LOOKS) return true
    if (looks === MOST_LOOKS) loops.push(`${tab.name} ${what}`)
    return false
  }

  const after = (tab: Tab, delayMs: number, run: () => void) => {
    // As in browsers: whole milliseconds. `storageKey:at` holds nothing else.
    const timer = { at: clock + Math.ceil(delayMs), run, tab }
    timers.push(timer)
    return timer
  }
  const locks = createLocks(hasLocks, (tab, run) => after(tab, 0, run))
  const fire = (tab: Tab, name: string, event: object = {}) => {
    if (tab.state === 'alive')
      for (const listener of [...(tab.listeners.get(name) ?? [])]) listener(event as never)
  }

  const openTab = (): Tab => {
    const tab = newTab(`tab ${++opened}`)
    const write = (key: string, value: string | null) => {
      if (tab.state === 'closed' || (storage.get(key) ?? null) === value) return
      if (value !== null && browser.isStorageFull) throw new DOMException('full', 'QuotaExceededError')
      trace?.(clock, tab.name, 'writes', key, value)
      const [, customers] = /(\S+) customer$/.exec(value ?? '') ?? []
      if (customers) marked.add(customers)
      if (value === null) storage.delete(key)
      else storage.set(key, value)
      for (const other of tabs)
        if (other !== tab) after(other, hearsAfterMs, () => fire(other, 'storage', { key, newValue: value }))
    }
    tab.environment = {
      fetch: (input, init) =>
        new Promise((resolve, reject) => {
          const { method = 'GET', headers, body, keepalive } = init ?? {}
          const { ms, isTwice } = deliveries[network.sent++ % deliveries.length] ?? { ms: 10, isTwice: false }
          const wait = ms + network.latencyMs
          const { signal } = init ?? {}
          // The last words of a page wait for nothing.
          const isOurs = String(input).includes('/sessions/')
          // Given up before it was sent.
          if (signal?.aborted) return reject(new DOMException('aborted', 'AbortError'))
          if (isOurs) tab.requests.push(clock)
          const [, named] = /(?:\/sessions\/|sessionId=)([\w-]+)/.exec(String(input)) ?? []
          const leftAt = tab.left.get(named ?? '')
          // What the storefront asked for in the moment of the sign-out was asked for before it.
          // An erasure names what was left, and goes also without consent.
          const isErasure = method === 'DELETE'
          if (leftAt !== undefined && !isErasure && (isOurs || leftAt < clock))
            tab.late.push(`${method} ${String(input)}`)
          if (isOurs && clock - tab.failedAt < MIN_WAIT_MS && !keepalive) tab.hurried.push(clock)
          if (isOurs && !tab.hasConsent && !isErasure) tab.unwanted.push(`${method} ${String(input)}`)
          const sentAt = clock
          let isAnswered = false
          const fail = () => {
            if (
              isOurs &&
              !isErasure &&
              sentAt > tab.departedAt &&
              tab.isTold() &&
              !signal?.aborted &&
              !isAnswered
            )
              tab.failedAt = clock
          }
          if (network.isOffline) {
            fail()
            return reject(new TypeError('Failed to fetch'))
          }
          // Half of the way there, half of the way back.
          const arrive = () => {
            if (tab.state === 'closed' && !keepalive) return
            trace?.(clock, tab.name, method, String(input), headers, body)
            const response = server.answer(method, String(input), new Headers(headers), String(body ?? ''))
            after(tab, wait / 2, () => {
              if (response.status >= 500) fail()
              isAnswered = true
              resolve(response)
            })
          }
          after(nobody, wait / 2, arrive)
          if (isTwice) after(nobody, wait, arrive)
        }),
      storage: () => ({
        getItem(key) {
          look(tab, 'reads storage')
          if (tab.storageFault === 'unreadable') throw new DOMException('blocked', 'SecurityError')
          // What no type allows, and JavaScript does.
          if (tab.storageFault === 'promises') return Promise.resolve(storage.get(key)) as never
          return storage.get(key) ?? null
        },
        setItem: (key, value) => write(key, value),
        removeItem: (key) => write(key, null),
      }),
      locks: () => locks.of(tab),
      channel: (name) => {
        if (!hasChannel) return
        const end = { name, tab, hear: (_event: { data: unknown }): void => undefined }
        channels.add(end)
        const channel: EnvironmentChannel = {
          postMessage: (data) => {
            for (const other of channels)
              if (other !== end && other.name === name)
                after(other.tab, hearsAfterMs, () => channels.has(other) && other.hear({ data }))
          },
          addEventListener: (_type, listener) => {
            end.hear = listener
          },
          close: () => channels.delete(end),
        }
        return channel
      },
      now: () => clock,
      setTimeout: (callback, delayMs) => after(tab, delayMs, callback),
      clearTimeout: (timer) => {
        timers = timers.filter((other) => other !== timer)
      },
      random: () => (++serial * 0.618_033_988_75) % 1,
      randomUUID: () => `uuid-${++serial}`,
      isVisible: () => true,
      activation: () => (look(tab, 'waits for its turn') ? Promise.resolve() : new Promise(() => undefined)),
      href: () => 'https://shop.test/',
      origin: () => 'https://shop.test',
      listen(name, listener) {
        const set = tab.listeners.get(name) ?? new Set()
        tab.listeners.set(name, set.add(listener as never))
        return () => set.delete(listener as never)
      },
    }
    tabs.push(tab)
    return tab
  }

  /** Everything that can go on without time passing. */
  const settle = async () => {
    looks = 0
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
  }

  return {
    server,
    network,
    browser,
    storage,
    loops,
    now: () => clock,
    openTab,
    fire,
    settle,
    close(tab: Tab) {
      tab.state = 'closed'
      tabs = tabs.filter((other) => other !== tab)
      timers = timers.filter((timer) => timer.tab !== tab)
      for (const end of channels) if (end.tab === tab) channels.delete(end)
      locks.drop(tab)
    },
    /** `isCached`: into the back-forward cache, where a page is told and storage events are lost. */
    freeze(tab: Tab, isCached: boolean) {
      fire(tab, isCached ? 'pagehide' : 'freeze')
      tab.isCached = isCached
      tab.state = 'frozen'
    },
    thaw(tab: Tab) {
      if (tab.state !== 'frozen') return
      tab.state = 'alive'
      tab.failedAt = 0
      if (tab.isCached) {
        // In this order: Chromium tells a page first that it is visible.
        fire(tab, 'visibilitychange')
        fire(tab, 'pageshow', { persisted: true })
      } else {
        fire(tab, 'resume')
        fire(tab, 'visibilitychange')
      }
    },
    online() {
      network.isOffline = false
      for (const tab of tabs) {
        tab.failedAt = 0
        fire(tab, 'online')
      }
    },
    clearStorage() {
      storage.clear()
      for (const tab of tabs)
        after(tab, hearsAfterMs, () => fire(tab, 'storage', { key: null, newValue: null }))
    },
    /** Lets time pass, timer by timer. What is due in a frozen page waits for it to thaw. */
    async pass(ms: number) {
      const end = clock + ms
      await settle()
      for (;;) {
        const next = timers.reduce<Timer | undefined>(
          (first, timer) =>
            timer.tab.state === 'alive' && timer.at <= end && (!first || timer.at < first.at) ? timer : first,
          undefined,
        )
        if (!next) break
        timers = timers.filter((timer) => timer !== next)
        clock = Math.max(clock, next.at)
        next.run()
        await settle()
      }
      clock = end
    },
  }
}
