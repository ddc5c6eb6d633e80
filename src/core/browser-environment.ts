import type { Environment, EnvironmentLocks } from './environment.ts'

/** Where there are no Web Locks (plain HTTP), at least the clients of one page take turns. */
const turns = new Map<string, Promise<void>>()
const pageLocks: EnvironmentLocks = {
  // `ifAvailable` is not looked at: all clients of a page see its storage at once, so that a wait tells them nothing.
  request(name, _options, callback) {
    const turn = (turns.get(name) ?? Promise.resolve()).then(() => callback(name))
    // The next in line does not care how this turn ended.
    turns.set(
      name,
      turn.catch(() => undefined),
    )
    return turn
  },
}

/** A server: there is no browser whose session could be kept. */
export const nowhere: Environment = {
  fetch: (input, init) => globalThis.fetch(input, init),
  storage: () => null,
  locks: () => undefined,
  channel: () => undefined,
  now: () => Date.now(),
  // A longer delay, such as Infinity, would fire at once.
  setTimeout: (callback, delayMs) => setTimeout(callback, Math.min(delayMs, 2 ** 31 - 1)),
  clearTimeout: (timer) => clearTimeout(timer as number), // what setTimeout above returned
  random: () => Math.random(),
  randomUUID: () => '',
  isVisible: () => false,
  activation: () => Promise.resolve(),
  href: () => '',
  origin: () => '',
  listen: () => () => undefined,
}

/**
 * The browser's own; everything is looked up when it is used. `undefined` on a server: a runtime counts as a browser
 * only if it has `document`, `addEventListener` and `fetch`. Servers and React Native may have a stub of a window.
 */
export function browserEnvironment(): Environment | undefined {
  const { document, addEventListener, fetch } = globalThis
  if (!document || !addEventListener || !fetch) return
  return {
    ...nowhere,
    storage: (kind) => (kind === 'local' ? window.localStorage : window.sessionStorage),
    locks: () => navigator.locks ?? pageLocks,
    channel: (name) => new BroadcastChannel(name),
    randomUUID: () =>
      // Missing on plain HTTP, where getRandomValues is still there.
      crypto.randomUUID?.() ??
      Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
        byte.toString(16).padStart(2, '0'),
      ).join(''),
    isVisible: () => document.visibilityState !== 'hidden',
    activation: async () => {
      // Chromium's; not in TypeScript's DOM yet.
      if ((document as { prerendering?: boolean }).prerendering)
        await new Promise((resolve) => document.addEventListener('prerenderingchange', resolve))
    },
    href: () => document.baseURI,
    origin: () => window.origin,
    listen(name, listener) {
      const target = /visib|freeze|resume/.test(name) ? document : window
      const heard = listener as unknown as EventListener // each name's DOM event has the fields of EnvironmentEvents
      target.addEventListener(name, heard)
      return () => target.removeEventListener(name, heard)
    },
  }
}
