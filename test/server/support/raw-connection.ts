import { once } from 'node:events'
import { connect } from 'node:net'
import { vi } from 'vitest'

/** A TCP connection on which a test says what it likes, whatever HTTP thinks of it. */
export interface RawConnection {
  send(bytes: string | Uint8Array): void
  /** All that came back so far. */
  received(): string
  /** Resolves with all that came back as soon as it matches; rejects after ten seconds. */
  receives(pattern: RegExp): Promise<string>
  /** Resolves with all that came back once the other side has ended the connection. */
  closed: Promise<string>
  isClosed(): boolean
  destroy(): void
}

/** Rejects where nobody accepts the connection. */
export async function openConnection(port: number): Promise<RawConnection> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
  })
  // A reset is one of the answers to expect here; `close` follows it.
  socket.on('error', () => undefined)
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(text)))
  return {
    send: (bytes) => void socket.write(bytes),
    received: () => text,
    receives: async (pattern) => {
      await vi.waitUntil(() => pattern.test(text), { timeout: 10_000, interval: 5 })
      return text
    },
    closed,
    isClosed: () => socket.closed,
    destroy: () => socket.destroy(),
  }
}
