import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A Node server on a free loopback port, and how to end it. */
export interface NodeServer {
  /** Such as `http://127.0.0.1:12345`. */
  url: string
  port: number
  close(): Promise<void>
}

export async function listen(listener: RequestListener): Promise<NodeServer> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server's address is always an object.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
