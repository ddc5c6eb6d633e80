import type { SessionClient, SessionClientOptions } from 'storefront-session'
import { frameName } from '../../page/frame.ts'
import type { Probe, ProbeRequest } from '../../probe/probe-types.ts'
import { ATTACH_TO, BASE_URL } from '../../session.ts'
import type { Weather } from '../../weather.ts'
import { Stuck } from './card.ts'

const PATIENCE_MS = 7_000
const LOOK_MS = 25

/** A tab without a picture. */
export interface ProbeTab extends Probe {
  /** Its calls of the session API, as `METHOD path`, ids replaced. */
  calls(): string[]
  /** As if the visitor closed it. */
  close(): void
}

/** A throw-away browser session for one run of a card: its own storage key, its own tabs. */
export interface World {
  /** The storage key; whatever begins with it is removed in the end. */
  key: string
  /** How the session API behaves for the clients of this world. */
  weather: Weather
  /** Options for a client of this world. */
  options(more?: Partial<SessionClientOptions>): SessionClientOptions
  tab(order?: { isStorageBlocked?: boolean }): Promise<ProbeTab>
  /** The id of this client, once the API has given one. */
  idOf(client: SessionClient): Promise<string>
  /** Waits until it is so. `what` says what did not come. */
  until(what: string, isSo: () => boolean | Promise<boolean>, patienceMs?: number): Promise<void>
  /** The server forgets this session. */
  lose(sessionId: string): Promise<boolean>
  /** What the API itself says of this session. */
  ask(sessionId: string): Promise<{ customerId?: string; visitId?: string } | undefined>
  end(): void
}

export function createWorld(number: number): World {
  const key = `storefront-session-card-${number}-${Math.random().toString(36).slice(2, 8)}`
  const frames = new Set<HTMLIFrameElement>()
  const clients: SessionClient[] = []
  const used = new Set<string>()

  const world: World = {
    key,
    weather: 'normal',
    options: (more) => ({
      baseUrl: BASE_URL,
      storageKey: key,
      attach: { to: ATTACH_TO, waitMs: 600 },
      timeoutMs: 4_000,
      headers: () => ({ 'x-demo-weather': world.weather }),
      ...more,
    }),
    async tab({ isStorageBlocked = false } = {}) {
      const frame = document.createElement('iframe')
      frame.hidden = true
      frame.name = frameName({ label: key, isStorageBlocked, hasNoLocks: false })
      frame.src = '/probe.html'
      frames.add(frame)
      document.body.append(frame)
      const view = () => frame.contentWindow as (Window & { probe?: Probe }) | null // the page says so by Probe
      await world.until('a tab opened', () => view()?.probe !== undefined)
      const probe = view()?.probe
      if (!probe) throw new Stuck('A tab did not open')
      return tabOf(probe, frame, clients, () => frames.delete(frame))
    },
    async idOf(client) {
      await world.until('the API gave an id', () => client.getState().sessionId !== null)
      const id = client.getState().sessionId ?? ''
      used.add(id)
      return id
    },
    async until(what, isSo, patienceMs = PATIENCE_MS) {
      const end = Date.now() + patienceMs
      while (!(await isSo())) {
        if (Date.now() > end) throw new Stuck(`Waited in vain until ${what}`)
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
      }
    },
    lose,
    async ask(sessionId) {
      const response = await fetch(`${BASE_URL}/sessions/${sessionId}`, { cache: 'no-store' })
      if (!response.ok) return undefined
      // The demo's own server stands behind this address, so its answer is trusted.
      return ((await response.json()) as { response: { customerId?: string; visitId?: string } }).response
    },
    end() {
      for (const client of clients) client.stop()
      for (const frame of frames) frame.remove()
      clear(key)
      for (const id of used) void lose(id).catch(() => undefined) // Tidying up: a server that is away keeps it.
    },
  }
  return world
}

function tabOf(
  probe: Probe,
  frame: HTMLIFrameElement,
  clients: SessionClient[],
  closed: () => void,
): ProbeTab {
  const own: SessionClient[] = []
  return {
    requests: probe.requests,
    events: probe.events,
    create(options) {
      const client = probe.create(options)
      own.push(client)
      clients.push(client)
      return client
    },
    calls: () => probe.requests.filter(isCall).map(describeCall),
    close() {
      frame.remove()
      for (const client of own) clients.splice(clients.indexOf(client), 1)
      closed()
    },
  }
}

async function lose(sessionId: string): Promise<boolean> {
  const response = await fetch(`/demo/lose?sessionId=${encodeURIComponent(sessionId)}`, { method: 'POST' })
  // As above.
  return ((await response.json()) as { isLost: boolean }).isLost
}

const isCall = ({ path }: ProbeRequest) => path.startsWith(`${BASE_URL}/sessions/`)

const describeCall = ({ method, path }: ProbeRequest) =>
  `${method} ${path.replace(BASE_URL, '').replace(/\/sessions\/(?!new$).+/, '/sessions/{id}')}`

/** Everything that this key and those behind it hold. */
function clear(key: string): void {
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith(key)) localStorage.removeItem(name)
  } catch {
    // Blocked by the browser: then nothing was stored either.
  }
}

/** What stands in this browser's storage, and null where it stands not or is blocked. */
export function storedAt(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}
