import { SpanStatusCode, trace } from '@opentelemetry/api'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { memoryStore, serve } from 'storefront-session/server'
import { beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest'

const EXAMPLE = new URL('../../docs/examples/server/opentelemetry.mjs', import.meta.url).href
const exporter = new InMemorySpanExporter()

beforeAll(async () => {
  const spanProcessors = [new SimpleSpanProcessor(exporter)]
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }))
  await import(/* @vite-ignore */ EXAMPLE)
})
beforeEach(() => exporter.reset())

const start = async (store = memoryStore()) => {
  const server = await serve({ store, port: 0 })
  onTestFinished(() => server.stop())
  return server.url
}

/** The spans that have ended, once there are so many. */
async function spans(count: number): Promise<ReadableSpan[]> {
  await vi.waitUntil(() => exporter.getFinishedSpans().length >= count)
  return exporter.getFinishedSpans()
}

test('the OpenTelemetry example makes a span of each request below its caller, and of the store below that', async () => {
  const url = await start()
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  const caller = 'b7ad6b7169203331'
  const headers = { traceparent: `00-${traceId}-${caller}-01`, gkc_customerId: 'canary' }
  await (await fetch(`${url}/sessions/new`, { method: 'PUT', headers })).text()
  const [operation, request] = await spans(2)
  expect([request?.name, operation?.name]).toEqual(['PUT /sessions/new', 'store create'])
  expect(request?.attributes).toEqual({
    'http.request.method': 'PUT',
    'http.route': '/sessions/new',
    'http.response.status_code': 200,
    'storefront_session.request_id': expect.any(String),
  })
  expect(request?.parentSpanContext).toMatchObject({ traceId, spanId: caller })
  expect(operation?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId)
  expect(operation?.spanContext().traceId).toBe(traceId)
})

test('the OpenTelemetry example keeps apart requests that are under way at once', async () => {
  const url = await start()
  await Promise.all(
    Array.from({ length: 20 }, async () => (await fetch(`${url}/sessions/new`, { method: 'PUT' })).text()),
  )
  const all = await spans(40)
  const operations = all.filter(({ name }) => name === 'store create')
  const parents = new Set(operations.map(({ parentSpanContext }) => parentSpanContext?.spanId))
  expect(parents.size).toBe(20)
})

test('the OpenTelemetry example marks what failed, without the message of the error', async () => {
  const create = () => Promise.reject(new TypeError('canary: SET session-1 failed'))
  const url = await start({ ...memoryStore(), create })
  await (await fetch(`${url}/sessions/new`, { method: 'PUT' })).text()
  const [operation, request] = await spans(2)
  expect(request?.status).toEqual({ code: SpanStatusCode.ERROR })
  expect(operation?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'TypeError' })
  expect(JSON.stringify([operation?.events, operation?.attributes])).not.toContain('canary')
})
