import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** The open connections of one server. */
export interface Connections {
  /** Notes that a request came in on this connection. */
  onRequest(request: IncomingMessage, response: ServerResponse): void
  /** Ends each connection as soon as it has nothing under way, and all that are left after `patienceMs`. */
  drain(patienceMs: number): Promise<void>
}

/** A request that was sent before we stopped has this long to arrive. */
const GRACE_MS = 250

/**
 * Watches the connections of a server from its start, because Node alone stops badly: it keeps a connection that
 * never sent anything, and answers `Connection: keep-alive` to requests that it finishes after `close()`.
 */
export function watchConnections(server: Server): Connections {
  /** Each open connection with the latest answer on it; null where nothing was asked yet. */
  const latest = new Map<Socket, ServerResponse | null>()
  let isDraining = false

  server.on('connection', (socket: Socket) => {
    latest.set(socket, null)
    socket.once('close', () => latest.delete(socket))
  })

  const endIdle = () => {
    for (const [socket, answer] of latest) if (!answer || answer.writableFinished) socket.destroy()
  }

  return {
    onRequest: (request, response) => {
      latest.set(request.socket, response)
      if (isDraining) response.shouldKeepAlive = false
    },
    drain: async (patienceMs) => {
      isDraining = true
      const closed = new Promise((resolve) => server.close(resolve))
      for (const answer of latest.values()) if (answer) answer.shouldKeepAlive = false
      const idle = setInterval(endIdle, GRACE_MS)
      const cut = setTimeout(() => server.closeAllConnections(), patienceMs)
      await closed
      clearInterval(idle)
      clearTimeout(cut)
    },
  }
}
