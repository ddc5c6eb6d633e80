import type { ApiRequest } from './request.ts'

/** What common proxies send: 32 hexadecimal digits, a UUID, or words with dots, colons, dashes, `=` and `_`. */
const REQUEST_ID = /^[\w.:=-]{8,128}$/
/** W3C Trace Context, version, trace, parent and flags. */
const TRACEPARENT = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/

/** What connects the log of this request with the logs of others. */
export interface RequestTrace {
  requestId: string
  traceparent?: string
}

/**
 * The id that a proxy gave the request, or a new one. A value that stands elsewhere in the request as well may be the
 * id of a session or customer, which no log must have.
 */
export function traceOf(request: ApiRequest): RequestTrace {
  const given = request.header('x-request-id')
  const isUsable =
    !!given &&
    REQUEST_ID.test(given) &&
    ![request.target, request.header('cookie'), request.header('gkc_customerid')].some((text) =>
      text?.includes(given),
    )
  const traceparent = request.header('traceparent')
  const trace: RequestTrace = { requestId: isUsable ? given : crypto.randomUUID() }
  if (traceparent && TRACEPARENT.test(traceparent)) trace.traceparent = traceparent
  return trace
}
