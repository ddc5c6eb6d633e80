import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { writeRefusal } from './refusal.ts'

/** The open connections of one server. */
export interface Connections {
  /** Notes that a request came in on this connection. */
  onRequest(request: IncomingMessage, response: ServerResponse): void
  /** Ends each connection as soon as it has nothing under way, and all that are left after `patienceMs`. */
  drain(patienceMs: number): Promise<void>
}

/** A request that was sent before we stopped has this long to arrive. */
const GRACE_MS = 250
/** As many connections as Node lets the kernel hold for it; who comes after them is new. */
const BACKLOG = 511

/** A whole turn of Node's loop: the first of these may come in the turn that we are in, which looks at no socket more. */
const turnOfLoop = async (): Promise<void> => {
  await setImmediate()
  await setImmediate()
}

/**
 * Watches the connections of a server from its start, because Node alone stops badly: it keeps a connection that
 * never sent anything, cuts one on which the next request is just arriving, and answers `Connection: keep-alive` to
 * requests that it finishes after `close()`.
 */
export function watchConnections(server: Server): Connections {
  /** Each open connection with the latest answer on it; null where nothing was asked yet. */
  const latest = new Map<Socket, ServerResponse | null>()
  let isDraining = false
  let accepted = 0

  server.on('connection', (socket: Socket) => {
    accepted++
    latest.set(socket, null)
    socket.once('close', () => latest.delete(socket))
  })

  server.on('clientError', ({ code }: NodeJS.ErrnoException, socket: Socket) => {
    const answer = latest.get(socket)
    const refuse = () => {
      const isAnswering = answer?.headersSent && !answer.writableFinished
      if (socket.writable && !isAnswering) socket.write(writeRefusal(code))
      socket.destroySoon()
    }
    // A whole request came before the one that is refused, and so does its answer.
    if (answer?.req.complete && !answer.writableFinished) answer.once('finish', refuse)
    else refuse()
  })

  const endIdle = () => {
    for (const [socket, answer] of latest) if (!answer || answer.writableFinished) socket.destroy()
  }

  /**
   * Node takes one connection a turn of its loop, and `close()` resets those that the kernel holds for it, with the
   * requests that visitors have sent on them already.
   */
  const acceptWaiting = async () => {
    for (let turn = 0, before = -1; turn < BACKLOG && before !== accepted; turn++) {
      before = accepted
      await turnOfLoop()
    }
  }

  return {
    onRequest: (request, response) => {
      latest.set(request.socket, response)
      if (isDraining) response.shouldKeepAlive = false
    },
    drain: async (patienceMs) => {
      isDraining = true
      await acceptWaiting()
      // Not the HTTP server's own close(), which ends idle connections at once, whatever is on its way on them.
      const closed = new Promise((resolve) => NetServer.prototype.close.call(server, resolve))
      for (const answer of latest.values()) if (answer) answer.shouldKeepAlive = false
      const idle = setInterval(endIdle, GRACE_MS)
      const cut = setTimeout(() => server.closeAllConnections(), patienceMs)
      await closed
      clearInterval(idle)
      clearTimeout(cut)
      // What was cut off is still to be told.
      await turnOfLoop()
    },
  }
}
