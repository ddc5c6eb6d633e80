// OpenTelemetry spans for the session API: one for each request, and below it one for each operation of the store.
// Load it before the server starts, after your SDK: node --import ./sdk.mjs --import ./opentelemetry.mjs server.mjs
import { AsyncLocalStorage } from 'node:async_hooks'
import { tracingChannel } from 'node:diagnostics_channel'
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'

const tracer = trace.getTracer('storefront-session')
const requests = tracingChannel('storefront-session:request')
const operations = tracingChannel('storefront-session:store')

/** The span of each message, which is the same object at the start and at the end. */
const spans = new WeakMap()
/** The request that is under way. */
const current = new AsyncLocalStorage()
requests.start.bindStore(current)

/** The span of the caller, from the header traceparent. */
function callerOf({ traceparent }) {
  if (!traceparent) return ROOT_CONTEXT
  const [, traceId, spanId, flags] = traceparent.split('-')
  const traceFlags = Number.parseInt(flags, 16)
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true })
}

requests.subscribe({
  start(request) {
    const attributes = {
      'http.request.method': request.method,
      'http.route': request.route,
      'storefront_session.request_id': request.requestId,
    }
    const options = { kind: SpanKind.SERVER, attributes }
    spans.set(request, tracer.startSpan(`${request.method} ${request.route}`, options, callerOf(request)))
  },
  asyncEnd(request) {
    const span = spans.get(request)
    span?.setAttribute('http.response.status_code', request.status)
    if (request.status >= 500) span?.setStatus({ code: SpanStatusCode.ERROR })
    span?.end()
  },
})

operations.subscribe({
  start(operation) {
    const parent = spans.get(current.getStore() ?? operation)
    const context = parent ? trace.setSpan(ROOT_CONTEXT, parent) : ROOT_CONTEXT
    spans.set(operation, tracer.startSpan(`store ${operation.operation}`, { kind: SpanKind.CLIENT }, context))
  },
  error(operation) {
    // The name alone: messages of database clients quote commands, and with them ids.
    spans.get(operation)?.setStatus({ code: SpanStatusCode.ERROR, message: operation.error?.name })
  },
  asyncEnd(operation) {
    spans.get(operation)?.end()
  },
})
