import type { Environment, EnvironmentChannel } from './environment.ts'

/** Tells and hears the other tabs. A message is a hint: who hears it reads storage again. */
export interface TabChannel {
  open(): void
  /** A page in the back-forward cache is evicted when a message arrives, so it closes its end. */
  close(): void
  tell(message: unknown): void
}

/** Where the browser has no BroadcastChannel (or refuses it), storage events alone carry the news. */
export function createTabChannel(
  environment: Environment,
  name: string,
  hear: (message: unknown) => void,
): TabChannel {
  let channel: EnvironmentChannel | undefined
  return {
    open() {
      try {
        if (channel) return
        channel = environment.channel(name)
        channel?.addEventListener('message', ({ data }) => hear(data))
      } catch {
        // Refused (Firefox with cookies blocked): storage events alone, as above.
      }
    },
    close() {
      channel?.close()
      channel = undefined
    },
    tell(message) {
      try {
        channel?.postMessage(message)
      } catch {
        // Closed or refused by the browser: storage events alone, as above.
      }
    },
  }
}
