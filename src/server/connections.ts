import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { writeRefusal } from './refusal.ts'

/** The open connections of one server. */
export interface Connections {
  /** How many are open. */
  count(): number
  /** Notes that a request came in on this connection. */
  onRequest(request: IncomingMessage, response: ServerResponse): void
  /** Ends each connection as soon as it has nothing under way, and all that are left after `patienceMs`. */
  drain(patienceMs: number): Promise<void>
}

/** A request that was sent before we stopped has this long to arrive. */
const GRACE_MS = 250
/** How many connections Node lets the kernel hold for it; a connection behind them came after we stopped. */
const BACKLOG = 511

const immediate = () => new Promise<void>((resolve) => setImmediate(resolve))

/** A whole turn of Node's loop: the first of the two may come in the current turn, which accepts no more connections. */
const turnOfLoop = async (): Promise<void> => {
  await immediate()
  await immediate()
}

/**
 * Watches the connections of a server from its start, because Node alone stops badly: it keeps a connection that
 * never sent anything, cuts one on which the next request is just arriving, and answers `Connection: keep-alive` to
 * requests that it finishes after `close()`.
 */
export function watchConnections(server: Server): Connections {
  /** Each open connection with the latest answer on it; null before its first request. */
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
    // A whole request came before the refused one, so its answer goes out first.
    if (answer?.req.complete && !answer.writableFinished) answer.once('finish', refuse)
    else refuse()
  })

  const endIdle = () => {
    for (const [socket, answer] of latest) if (!answer || answer.writableFinished) socket.destroy()
  }

  /**
   * Node accepts one connection in a turn of its loop, and `close()` resets those that still wait in the kernel, with
   * the requests that visitors have sent on them already.
   */
  const acceptWaiting = async () => {
    for (let turn = 0, before = -1; turn < BACKLOG && before !== accepted; turn++) {
      before = accepted
      await turnOfLoop()
    }
  }

  return {
    count: () => latest.size,
    onRequest: (request, response) => {
      latest.set(request.socket, response)
      if (isDraining) response.shouldKeepAlive = false
    },
    drain: async (patienceMs) => {
      isDraining = true
      await acceptWaiting()
      // The HTTP server's own close() ends idle connections at once, also where a request is on its way on them.
      const { Server: NetServer } = process.getBuiltinModule('node:net')
      const closed = new Promise((resolve) => NetServer.prototype.close.call(server, resolve))
      for (const answer of latest.values()) if (answer) answer.shouldKeepAlive = false
      const idle = setInterval(endIdle, GRACE_MS)
      const cut = setTimeout(() => server.closeAllConnections(), patienceMs)
      await closed
      clearInterval(idle)
      clearTimeout(cut)
      // Requests that were cut off still have to be reported.
      await turnOfLoop()
    },
  }
}
