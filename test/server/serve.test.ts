import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  createSessionHandler,
  memoryStore,
  type ServeOptions,
  serve,
  toNodeListener,
} from 'storefront-session/server'
import { expect, onTestFinished, test, vi } from 'vitest'
import { watchConnections } from '../../src/server/connections.ts'
import { openConnection } from './support/raw-connection.ts'

const PUT = 'PUT /sessions/new HTTP/1.1\r\nHost: x\r\n\r\n'

/** Serves until the test is over. */
async function start(options: Partial<ServeOptions> = {}) {
  const server = await serve({
    store: memoryStore(),
    host: '127.0.0.1',
    port: 0,
    metrics: true,
    ...options,
  })
  onTestFinished(() => server.stop())
  return { ...server, port: Number(new URL(server.url).port) }
}

test('/livez, /readyz, /healthz and /metrics answer at the root beside a base path, with a query or without', async () => {
  const server = await start({ basePath: '/gks-server/v1' })
  const statusOf = async (path: string) => (await fetch(`${server.url}${path}`)).status
  for (const path of ['/livez', '/readyz', '/healthz', '/healthz?probe=1', '/metrics', '/metrics?x'])
    expect([path, await statusOf(path)]).toEqual([path, 200])
  for (const path of ['/livez', '/readyz', '/healthz?x'])
    expect(await statusOf(`/gks-server/v1${path}`)).toBe(200)
  for (const path of ['/livez', '/readyz', '/healthz', '/metrics']) {
    const refused = await fetch(`${server.url}${path}`, { method: 'POST' })
    expect([refused.status, refused.headers.get('allow')]).toEqual([
      405,
      expect.stringContaining('GET, HEAD'),
    ])
    expect((await refused.json()).statusCode).toBe(3)
  }
  for (const path of ['/healthzz', '/livez/', '/readyz/x', '/metrics/x'])
    expect([path, await statusOf(path)]).toEqual([path, 404])
})

test('a request that was sent before it stopped is answered, though its connection was not accepted yet', async () => {
  const server = await start()
  const connections = await Promise.all(Array.from({ length: 100 }, () => openConnection(server.port)))
  for (const connection of connections) connection.send(PUT)
  await server.stop()
  const answers = await Promise.all(connections.map((connection) => connection.closed))
  expect(answers.filter((answer) => !/^HTTP\/1.1 200 .*connection: close/is.test(answer))).toEqual([])
})

test('a request that follows on a kept connection while it stops is answered, and is the last there', async () => {
  const server = await start()
  const connection = await openConnection(server.port)
  connection.send(PUT)
  await connection.receives(/"statusCode":0/)
  const stopped = server.stop()
  // As a load balancer does that has not heard of it yet.
  await new Promise((resolve) => setTimeout(resolve, 50))
  connection.send(PUT)
  expect(await connection.closed).toMatch(
    /^HTTP\/1.1 200 .*connection: keep-alive.*HTTP\/1.1 200 .*connection: close.*"statusCode":0/is,
  )
  await stopped
})

test('an error that the health check meets counts as an error of the store, like that of any other request', async () => {
  const onError = vi.fn()
  const store = { ...memoryStore(), remove: () => Promise.reject(new Error('down')) }
  const server = await start({ store, onError })
  expect((await fetch(`${server.url}/healthz`)).status).toBe(503)
  expect(onError).toHaveBeenCalledTimes(1)
  expect(await (await fetch(`${server.url}/metrics`)).text()).toMatch(
    /^storefront_session_store_errors_total 1$/m,
  )
})

test('F206: /livez answers 200 while the store is away, and /readyz 503', async () => {
  const server = await start({ store: { ...memoryStore(), remove: () => Promise.reject(new Error('down')) } })
  const statusOf = async (path: string) => (await fetch(`${server.url}${path}`)).status
  expect([await statusOf('/livez'), await statusOf('/readyz'), await statusOf('/healthz')]).toEqual([
    200, 503, 503,
  ])
})

test('many questions for readiness at once are one look at the store', async () => {
  const remove = vi.fn(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20))
    return false
  })
  const server = await start({ store: { ...memoryStore(), remove } })
  const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(`${server.url}/readyz`)))
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
  expect(remove.mock.calls.length).toBeLessThan(10)
})

test('/readyz while it stops has no body for HEAD, and is JSON for GET', async () => {
  const server = await start({ drainDelayMs: 500 })
  const stopped = server.stop()
  const head = await fetch(`${server.url}/readyz`, { method: 'HEAD' })
  expect([head.status, await head.text()]).toEqual([503, ''])
  expect(await (await fetch(`${server.url}/readyz`)).json()).toEqual({
    statusCode: 7,
    description: 'This server is about to stop',
  })
  await stopped
})

test('it listens on loopback and has /metrics, unless it is told otherwise', async () => {
  const server = await serve({ store: memoryStore(), port: 0 })
  onTestFinished(() => server.stop())
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect((await fetch(`${server.url}/metrics`)).status).toBe(200)
})

test.each(['/healthz', '/metrics'])(
  '%s answers to an absolute address, too, as a proxy may ask',
  async (path) => {
    const server = await start({ basePath: '/gks-server/v1' })
    const connection = await openConnection(server.port)
    connection.send(`GET http://x${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    expect(await connection.closed).toMatch(/^HTTP\/1.1 200 /)
  },
)

test('a request that stopping cuts off is told before it has stopped', async () => {
  const onRequest = vi.fn()
  const listener = toNodeListener(createSessionHandler({ store: memoryStore(), onRequest }))
  const server = createServer((request, response) => {
    connections.onRequest(request, response)
    listener(request, response)
  })
  const connections = watchConnections(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const connection = await openConnection((server.address() as AddressInfo).port)
  connection.send('PUT /sessions/new HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{')
  await new Promise((resolve) => setTimeout(resolve, 50))
  await connections.drain(50)
  expect(onRequest).toHaveBeenCalledWith(expect.objectContaining({ status: 400 }))
})
