import type { SessionStorage } from './options.ts'

/** The part of `navigator.locks` that a tab lock needs. */
export interface EnvironmentLocks {
  /** With `ifAvailable` the callback is given null at once where another tab has the lock. */
  request(
    name: string,
    options: { ifAvailable?: boolean },
    callback: (lock: unknown) => Promise<void>,
  ): Promise<unknown>
}

/** One end of a channel between tabs. */
export interface EnvironmentChannel {
  postMessage(message: unknown): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  close(): void
}

/** The events of a page that matter to a session. */
interface EnvironmentEvents {
  storage: { key: string | null; newValue: string | null }
  online: unknown
  pageshow: { persisted?: boolean }
  pagehide: unknown
  visibilitychange: unknown
  freeze: unknown
  resume: unknown
}

/**
 * Everything that the client takes from its surroundings, read when it is used and never at import.
 * Tests pass another one.
 */
export interface Environment {
  fetch: typeof globalThis.fetch
  /** May throw, and may be null: browsers differ in how they refuse storage. */
  storage(kind: 'local' | 'session'): SessionStorage | null
  /** Undefined on plain HTTP; may be there and still reject. */
  locks(): EnvironmentLocks | undefined
  /** Throws where the browser has no BroadcastChannel or refuses it; undefined on a server. */
  channel(name: string): EnvironmentChannel | undefined
  /** Wall clock in milliseconds. */
  now(): number
  setTimeout(callback: () => void, delayMs: number): unknown
  clearTimeout(timer: unknown): void
  /** From 0 up to 1. */
  random(): number
  randomUUID(): string
  isVisible(): boolean
  /** Resolves when the visitor sees the page or has seen it: not while it is only prerendered. */
  activation(): Promise<unknown>
  /** Base of relative URLs. */
  href(): string
  /** Of the page itself: a `<base>` may lead elsewhere. */
  origin(): string
  /** Returns the function that stops listening. */
  listen<Name extends keyof EnvironmentEvents>(
    name: Name,
    listener: (event: EnvironmentEvents[Name]) => void,
  ): () => void
}
