import { parseMessage, type TabMessage } from './lane.ts'

/** The line to the devtools of other tabs. */
export interface TabLine {
  post(message: TabMessage): void
  close(): void
}

/**
 * Opens a BroadcastChannel beside the client's own one. Where the browser has none or refuses it (Firefox with cookies
 * blocked), the other tabs are not seen.
 */
export function openTabLine(name: string, hear: (message: TabMessage) => void): TabLine {
  let channel: BroadcastChannel | undefined
  try {
    channel = new BroadcastChannel(name)
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      const message = parseMessage(data)
      if (message) hear(message)
    }
  } catch {
    // As above: this tab is shown alone.
  }
  return {
    post(message) {
      try {
        channel?.postMessage(message)
      } catch {
        // Closed by the browser: this tab is shown alone.
      }
    },
    close: () => channel?.close(),
  }
}
