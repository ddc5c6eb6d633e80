import { memoryStore } from 'storefront-session/server'
import { expect, onTestFinished, test } from 'vitest'
import { serve } from '../../src/server/serve.ts'
import { openConnection } from './support/raw-connection.ts'

test('/healthz and /metrics answer at the root beside a base path, with a query or without', async () => {
  const server = await serve({
    store: memoryStore(),
    basePath: '/gks-server/v1',
    host: '127.0.0.1',
    port: 0,
    metrics: true,
  })
  onTestFinished(() => server.stop())
  const statusOf = async (path: string) => (await fetch(`${server.url}${path}`)).status
  for (const path of ['/healthz', '/healthz?probe=1', '/metrics', '/metrics?x', '/gks-server/v1/healthz?x'])
    expect([path, await statusOf(path)]).toEqual([path, 200])
  for (const path of ['/healthz', '/metrics']) {
    const refused = await fetch(`${server.url}${path}`, { method: 'POST' })
    expect([refused.status, refused.headers.get('allow')]).toEqual([
      405,
      expect.stringContaining('GET, HEAD'),
    ])
    expect((await refused.json()).statusCode).toBe(3)
  }
  for (const path of ['/healthzz', '/healthz/', '/metrics/x'])
    expect([path, await statusOf(path)]).toEqual([path, 404])
})

test('a request that was sent before it stopped is answered, though its connection was not accepted yet', async () => {
  const server = await serve({ store: memoryStore(), host: '127.0.0.1', port: 0, metrics: false })
  const connections = await Promise.all(
    Array.from({ length: 100 }, () => openConnection(Number(new URL(server.url).port))),
  )
  for (const connection of connections) connection.send('PUT /sessions/new HTTP/1.1\r\nHost: x\r\n\r\n')
  await server.stop()
  const answers = await Promise.all(connections.map((connection) => connection.closed))
  expect(answers.filter((answer) => !/^HTTP\/1.1 200 .*connection: close/is.test(answer))).toEqual([])
})
