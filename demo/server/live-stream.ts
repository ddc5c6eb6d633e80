import type { IncomingMessage, ServerResponse } from 'node:http'

/** Several changes at one moment make one message. */
const PAUSE_MS = 80
/** A comment now and then, so that no proxy takes the stream for dead. */
const BEAT_MS = 15_000

/** Server-sent events to every browser that listens. */
export interface LiveStream {
  handle(request: IncomingMessage, response: ServerResponse): void
  tell(event: string, data: object): void
  /** The server's view is another one: tells it soon. */
  changed(): void
  close(): void
}

/** @param view what the event `server` carries */
export function createLiveStream(view: () => object): LiveStream {
  const listeners = new Set<ServerResponse>()
  let timer: NodeJS.Timeout | undefined
  const write = (text: string) => {
    for (const listener of listeners) listener.write(text)
  }
  const beat = setInterval(() => write(': still here\n\n'), BEAT_MS)
  beat.unref()

  const tell = (event: string, data: object) => write(message(event, data))
  return {
    handle(_request, response) {
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      })
      response.write(`retry: 1000\n${message('server', view())}`)
      listeners.add(response)
      response.once('close', () => listeners.delete(response))
    },
    tell,
    changed() {
      timer ??= setTimeout(() => {
        timer = undefined
        tell('server', view())
      }, PAUSE_MS)
    },
    close() {
      clearInterval(beat)
      clearTimeout(timer)
      for (const listener of listeners) listener.end()
    },
  }
}

const message = (event: string, data: object) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
