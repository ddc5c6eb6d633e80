import { isCut, subscribeToNetwork } from '../page/network.ts'
import type { ServerView } from '../server-view.ts'

/** What the demo's server tells. */
export type LiveMessage =
  | { type: 'cart'; masks: string[] }
  | { type: 'server'; view: ServerView }
  /** The stream began, maybe again: what was missed is unknown. */
  | { type: 'open' }

const NAME = 'halfnote-stream'

/**
 * One stream a browser. A browser opens six connections to one HTTP/1.1 host, and a stream holds one for good: so the
 * tab that has the lock listens, and tells the others. When it closes, another one gets the lock.
 */
export function followStream(listener: (message: LiveMessage) => void): () => void {
  // Refused by the browser (all cookies blocked): this tab then listens for itself.
  const channel = openChannel()
  let end = new AbortController()

  const hear = (message: LiveMessage) => {
    listener(message)
    channel?.postMessage(message)
  }
  if (channel) channel.onmessage = ({ data }: MessageEvent<LiveMessage>) => listener(data)

  const lead = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const closeSource = keepSource(hear)
      signal.addEventListener('abort', () => {
        closeSource()
        resolve()
      })
    })
  const begin = () => {
    end = new AbortController()
    const { signal } = end
    // Plain HTTP has no locks: there, a page that is no frame listens for itself.
    if (!locks || !channel) {
      if (window.parent === window) void lead(signal)
      return
    }
    locks
      .request(NAME, { signal }, () => lead(signal))
      .catch((error: unknown) => {
        if (!signal.aborted) console.warn('The live stream has no leader in this tab', error)
      })
  }
  const stop = () => end.abort()
  // A page in the back-forward cache must not be the one that the others wait for.
  const resume = ({ persisted }: PageTransitionEvent) => persisted && begin()
  addEventListener('pagehide', stop)
  addEventListener('pageshow', resume)
  begin()
  return () => {
    removeEventListener('pagehide', stop)
    removeEventListener('pageshow', resume)
    stop()
    channel?.close()
  }
}

/** Taken when the page begins, before a switch of the laboratory can take them away. */
const locks: LockManager | undefined = navigator.locks

function openChannel(): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(NAME)
  } catch {
    return undefined
  }
}

/** The stream, but for the time in which the laboratory cuts the network. */
function keepSource(hear: (message: LiveMessage) => void): () => void {
  let source: EventSource | undefined
  const follow = () => {
    if (isCut()) {
      source?.close()
      source = undefined
    } else source ??= openSource(hear)
  }
  const unsubscribe = subscribeToNetwork(follow)
  follow()
  return () => {
    unsubscribe()
    source?.close()
  }
}

function openSource(hear: (message: LiveMessage) => void): EventSource {
  const source = new EventSource('/demo/stream')
  source.onopen = () => hear({ type: 'open' })
  // The demo's own server stands behind this address, so its messages are trusted.
  source.addEventListener('cart', ({ data }) => hear({ type: 'cart', ...JSON.parse(data) }))
  source.addEventListener('server', ({ data }) => hear({ type: 'server', view: JSON.parse(data) }))
  return source
}
