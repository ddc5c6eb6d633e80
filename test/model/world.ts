import type { Environment, EnvironmentChannel } from '../../src/core/environment.ts'
import { ASSOCIATION_FIELDS, type AssociationField } from '../../src/wire/session-info.ts'

interface Timer {
  at: number
  run: () => void
  tab: Tab
}

/** One page of the simulated browser. */
export interface Tab {
  environment: Environment
  isAlive: boolean
  listeners: Map<string, Set<(event: never) => void>>
}

/** What the simulated browser offers, and how the simulated server behaves. */
export interface Conditions {
  hasLocks: boolean
  hasChannel: boolean
}

/**
 * One browser profile and one server, in hand: a clock that only moves when told, storage that all tabs share,
 * locks, channels, and a network whose answers take the time that `latency` says.
 */
export function createWorld({ hasLocks, hasChannel }: Conditions) {
  let clock = 1_000_000
  let serial = 0
  let timers: Timer[] = []
  const tabs: Tab[] = []
  const storage = new Map<string, string>()
  const channels = new Set<{ tab: Tab; hear: (event: { data: unknown }) => void }>()
  let lockQueue: { tab: Tab; callback: () => Promise<void>; done: (value: unknown) => void }[] = []
  let lockHolder: Tab | undefined

  const server = {
    sessions: new Map<string, Partial<Record<AssociationField, string>>>(),
    isDown: false,
    isOffline: false,
    latencies: [10],
    requests: [] as { method: string; id: string | undefined; customerId: string | null }[],
  }

  const after = (tab: Tab, delayMs: number, run: () => void) => {
    const timer = { at: clock + delayMs, run, tab }
    timers.push(timer)
    return timer
  }
  const grant = () => {
    if (lockHolder) return
    const next = lockQueue.shift()
    if (!next) return
    if (!next.tab.isAlive) return grant()
    lockHolder = next.tab
    const release = () => {
      if (lockHolder === next.tab) lockHolder = undefined
      next.done(undefined)
      grant()
    }
    next.callback().then(release, release)
  }

  const answer = (method: string, path: string, headers: Headers, body: string): Response => {
    const [, id = ''] = /\/sessions\/(.*)$/.exec(path) ?? []
    const customerId = headers.get('gkc_customerId')
    server.requests.push({ method, id, customerId })
    if (server.isDown) return Response.json({ statusCode: 1, description: 'down' }, { status: 503 })
    const ids: Partial<Record<AssociationField, string>> = body ? JSON.parse(body) : {}
    if (customerId) ids.customerId = customerId
    if (method === 'GET' && !server.sessions.has(id))
      return Response.json({ statusCode: 6, description: 'Session not found' }, { status: 404 })
    const sessionId = method === 'PUT' ? `s${++serial}` : id
    if (method !== 'GET') server.sessions.set(sessionId, { ...server.sessions.get(sessionId), ...ids })
    return Response.json({ statusCode: 0, response: { ...server.sessions.get(sessionId), sessionId } })
  }

  const openTab = (): Tab => {
    const tab: Tab = { isAlive: true, listeners: new Map(), environment: undefined as never } // set below
    const latency = () => {
      const [next = 10, ...rest] = server.latencies
      server.latencies = [...rest, next]
      return next
    }
    const write = (key: string, value: string | null) => {
      if (!tab.isAlive || (storage.get(key) ?? null) === value) return
      if (value === null) storage.delete(key)
      else storage.set(key, value)
      for (const other of tabs)
        if (other !== tab) after(other, 1, () => fire(other, 'storage', { key, newValue: value }))
    }
    tab.environment = {
      fetch: (input, init) =>
        new Promise((resolve, reject) => {
          if (!tab.isAlive) return
          if (server.isOffline) return reject(new TypeError('Failed to fetch'))
          const { method = 'GET', headers, body, keepalive } = init ?? {}
          const wait = latency()
          // Half of the way there, half of the way back; a request of a closed page still reaches the server.
          after({ ...tab, isAlive: true }, wait / 2, () => {
            if (!tab.isAlive && !keepalive) return
            const response = answer(method, String(input), new Headers(headers), String(body ?? ''))
            after(tab, wait / 2, () => resolve(response))
          })
        }),
      storage: () => ({
        getItem: (key) => storage.get(key) ?? null,
        setItem: (key, value) => write(key, value),
        removeItem: (key) => write(key, null),
      }),
      locks: () =>
        hasLocks
          ? {
              request: (_name, callback) =>
                new Promise((done) => {
                  lockQueue.push({ tab, callback, done })
                  Promise.resolve().then(grant)
                }),
            }
          : undefined,
      channel: () => {
        if (!hasChannel) return
        const end = { tab, hear: (_event: { data: unknown }): void => undefined }
        channels.add(end)
        const channel: EnvironmentChannel = {
          postMessage: (data) => {
            for (const other of channels)
              if (other !== end) after(other.tab, 1, () => channels.has(other) && other.hear({ data }))
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
      random: () => {
        serial += 7919
        return (serial % 1000) / 1000 || 0.5
      },
      randomUUID: () => `uuid-${++serial}`,
      isVisible: () => true,
      href: () => 'https://shop.test/',
      listen(name, listener) {
        const set = tab.listeners.get(name) ?? new Set()
        tab.listeners.set(name, set.add(listener as never))
        return () => set.delete(listener as never)
      },
    }
    tabs.push(tab)
    return tab
  }

  const fire = (tab: Tab, name: string, event: object = {}) => {
    if (tab.isAlive) for (const listener of [...(tab.listeners.get(name) ?? [])]) listener(event as never)
  }
  /** Everything that can go on without time passing. */
  const settle = async () => {
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
  }

  return {
    server,
    storage,
    openTab,
    fire,
    settle,
    fields: ASSOCIATION_FIELDS,
    close(tab: Tab) {
      tab.isAlive = false
      timers = timers.filter((timer) => timer.tab !== tab)
      for (const end of channels) if (end.tab === tab) channels.delete(end)
      lockQueue = lockQueue.filter((waiting) => waiting.tab !== tab)
      if (lockHolder === tab) lockHolder = undefined
      tabs.splice(tabs.indexOf(tab), 1)
      grant()
    },
    clearStorage() {
      storage.clear()
      for (const tab of tabs) after(tab, 1, () => fire(tab, 'storage', { key: null, newValue: null }))
    },
    /** Lets time pass, timer by timer. */
    async pass(ms: number) {
      const end = clock + ms
      await settle()
      for (;;) {
        const next = timers.reduce<Timer | undefined>(
          (first, timer) => (timer.at <= end && (!first || timer.at < first.at) ? timer : first),
          undefined,
        )
        if (!next) break
        timers = timers.filter((timer) => timer !== next)
        clock = Math.max(clock, next.at)
        if (next.tab.isAlive) next.run()
        await settle()
      }
      clock = end
    },
  }
}
