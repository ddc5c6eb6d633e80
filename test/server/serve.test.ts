import { memoryStore } from 'storefront-session/server'
import { expect, onTestFinished, test } from 'vitest'
import { serve } from '../../src/server/serve.ts'

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
  for (const path of ['/healthzz', '/healthz/', '/metrics/x'])
    expect([path, await statusOf(path)]).toEqual([path, 404])
})
