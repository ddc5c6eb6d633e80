import { once } from 'node:events'
import { createServer } from 'node:net'
import { killGroup, spawnGroup } from './process-group.ts'

/** One session of the W3C WebDriver protocol, spoken over fetch. */
export interface WebDriverSession {
  /** Of the driver; the browser's processes are its descendants. */
  pid: number | undefined
  /** One command after another: those that concern one window follow the switch to it. */
  inWindow<T>(handle: string, method: string, path: string, body?: object): Promise<T>
  newWindow(): Promise<string>
  /** Ends the browser, in order where it still answers. */
  close(): Promise<void>
}

const COMMAND_MS = 20_000

export async function startWebDriver(
  driver: string,
  capabilities: object,
  env: Record<string, string>,
): Promise<WebDriverSession> {
  const port = await freePort()
  const child = spawnGroup(driver, [`--port=${port}`, '--host=127.0.0.1'], env)
  await once(child, 'spawn')

  const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      signal: AbortSignal.timeout(COMMAND_MS),
      ...(method === 'POST' && { body: JSON.stringify(body ?? {}) }),
    })
    const { value }: { value: T & { error?: string; message?: string } } = await answer.json()
    if (!answer.ok) throw new Error(`WebDriver ${method} ${path}: ${value.error}: ${value.message}`)
    return value
  }

  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }

  try {
    await untilUp(() => call('GET', '/status'))
    const { sessionId } = await call<{ sessionId: string }>('POST', '/session', {
      capabilities: { alwaysMatch: capabilities },
    })
    const session = `/session/${sessionId}`
    // It is there as long as the browser: a new window is asked for from one that is not closed.
    const first = await call<string>('GET', `${session}/window`)
    return {
      pid: child.pid,
      inWindow: (handle, method, path, body) =>
        inTurn(async () => {
          await call('POST', `${session}/window`, { handle })
          return call(method, session + path, body)
        }),
      newWindow: () =>
        inTurn(async () => {
          await call('POST', `${session}/window`, { handle: first })
          return (await call<{ handle: string }>('POST', `${session}/window/new`, { type: 'tab' })).handle
        }),
      async close() {
        await inTurn(() => call('DELETE', session)).catch((trouble) =>
          console.warn(`A browser did not close in order: ${trouble}`),
        )
        await killGroup(child)
      },
    }
  } catch (cause) {
    await killGroup(child)
    throw new Error(`${driver} did not start`, { cause })
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (!address || typeof address === 'string') throw new Error('No free port')
  return address.port
}

async function untilUp(ask: () => Promise<unknown>): Promise<void> {
  const end = Date.now() + 10_000
  for (;;)
    try {
      await ask()
      return
    } catch (cause) {
      if (Date.now() > end) throw cause
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
}
