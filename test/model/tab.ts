import type { Environment } from '../../src/core/environment.ts'

/** One page of the simulated browser. A frozen page does nothing; what reaches it waits. */
export interface Tab {
  name: string
  environment: Environment
  state: 'alive' | 'frozen' | 'closed'
  /** Frozen in the back-forward cache. */
  isCached: boolean
  listeners: Map<string, Set<(event: never) => void>>
  /** When the page last saw a request fail, since it was last woken. */
  failedAt: number
  /** When the page was last told that it left a session: what was under way then belongs to nobody. */
  departedAt: number
  /** A wrapper of the app may keep what became of a request to itself. */
  isTold: () => boolean
  /** Requests that went out although one had failed a moment ago. */
  hurried: number[]
  /** The visitor consents, as far as this page was told: without consent its client may send nothing. */
  hasConsent: boolean
  /** Requests that went out all the same. */
  unwanted: string[]
  /** When it asked the session API. */
  requests: number[]
  /** Ids of which the page was told, at this time, that they are left, and not since that they are in use again. */
  left: Map<string, number>
  /** Requests that named such an id. */
  late: string[]
  /** `unreadable` where each look into storage throws, or gives a promise as a storage in another process would. */
  storageFault: 'unreadable' | 'promises' | undefined
}

/** A page that has just been opened; `createWorld` gives it its surroundings. */
export const newTab = (name: string): Tab => ({
  name,
  environment: undefined as never, // the world's
  state: 'alive',
  isCached: false,
  listeners: new Map(),
  failedAt: 0,
  departedAt: -1,
  isTold: () => true,
  hurried: [],
  hasConsent: true,
  unwanted: [],
  requests: [],
  left: new Map(),
  late: [],
  storageFault: undefined,
})
