import { delay, type HttpHandler, HttpResponse, http } from 'msw'
import { createSessionHandler } from '../server/session-handler.ts'
import { memoryStore } from '../server/stores/memory.ts'
import type { SessionInfo } from '../wire/session-info.ts'

/** A documented way for the API, or for what stands before it, to fail or to differ. */
export type SessionApiFault =
  /** The connection breaks. */
  | 'network'
  /** No answer ever comes. */
  | 'hang'
  /** 404 "Session not found". */
  | 'not-found'
  /** 410 with an empty body. */
  | 'gone'
  /** "Session not found" inside a 200. */
  | 'error-in-200'
  /** 200 with a page of HTML, as proxies and captive portals send. */
  | 'html'
  /** 404 with a page of HTML, as proxies send. */
  | 'html-404'
  /** 200 with nothing in it. */
  | 'empty'
  /** 302 to another origin. */
  | 'redirect'
  /** 400 with the JSON error: refused for good. */
  | 'refused'
  /** 403 with the JSON error. */
  | 'forbidden'
  /** 500 with the JSON error. */
  | 'server-error'
  /** 503 with `Retry-After: 1`. */
  | 'retry-after'
  /** A session that nobody asked for. */
  | 'other-id'
  /** An unknown id is not created by a POST: 404 "Session not found". */
  | 'no-create'
  /** A proxy drops the headers with underscores, and the customer id with them. */
  | 'dropped-headers'
  /** The payload under `data`. */
  | 'data-envelope'
  /** The payload without an envelope. */
  | 'bare-envelope'

/** Options of {@link sessionApiHandlers}. */
export interface SessionApiHandlersOptions {
  /** One fault for all requests; or asked before each request, and played in place of the right answer. */
  faults?:
    | SessionApiFault
    | ((request: { method: 'GET' | 'PUT' | 'POST'; sessionId: string | null }) => SessionApiFault | undefined)
}

/**
 * MSW handlers of a Session Management API at `baseUrl`: our own server on a memory store, with faults on demand.
 *
 * @example
 * const server = setupServer(...sessionApiHandlers('/gks-server/v1', { faults: ({ method }) => (method === 'PUT' ? 'html' : undefined) }))
 */
export function sessionApiHandlers(
  baseUrl: string,
  { faults }: SessionApiHandlersOptions = {},
): HttpHandler[] {
  const base = baseUrl.replace(/\/+$/, '')
  const store = memoryStore()
  const handle = createSessionHandler({ store })
  const handleKnown = createSessionHandler({ store, createOnAssociate: false })
  return [
    http.all(`${base}/sessions/:sessionId`, async ({ request, params }) => {
      const method = request.method as 'GET' | 'PUT' | 'POST' // other methods get the server's 405 below
      const sessionId = method === 'PUT' ? null : String(params.sessionId)
      const fault = typeof faults === 'function' ? faults({ method, sessionId }) : faults
      const { search } = new URL(request.url)
      const body = method === 'GET' ? null : await request.text()
      const headers = new Headers(request.headers)
      if (fault === 'dropped-headers') {
        headers.delete('gkc_customerId')
        headers.delete('gkc_agentId')
      }
      const answer = () =>
        (fault === 'no-create' ? handleKnown : handle)(
          new Request(`http://session.api/sessions/${String(params.sessionId)}${search}`, {
            method,
            headers,
            ...(body && { body }),
          }),
        )
      return playFault(fault, answer)
    }),
  ]
}

const fail = (status: number, statusCode: number, description: string, headers = {}) =>
  HttpResponse.json({ statusCode, description }, { status, headers })

async function playFault(
  fault: SessionApiFault | undefined,
  answer: () => Promise<Response>,
): Promise<Response> {
  const page = '<!doctype html><title>Please sign in</title>'
  switch (fault) {
    case 'network':
      return HttpResponse.error()
    case 'hang':
      await delay('infinite')
      return HttpResponse.error()
    case 'not-found':
      return fail(404, 6, 'Session not found')
    case 'gone':
      return new HttpResponse(null, { status: 410 })
    case 'error-in-200':
      return fail(200, 6, 'Session not found')
    case 'html':
      return HttpResponse.html(page)
    case 'html-404':
      return HttpResponse.html(page, { status: 404 })
    case 'empty':
      return new HttpResponse('')
    case 'redirect':
      return new HttpResponse(null, { status: 302, headers: { location: 'https://elsewhere.example/' } })
    case 'refused':
      return fail(400, 1, 'Bad request')
    case 'forbidden':
      return fail(403, 1, 'Forbidden')
    case 'server-error':
      return fail(500, 1, 'Internal error')
    case 'retry-after':
      return fail(503, 2, 'Busy', { 'retry-after': '1' })
    case 'other-id':
      return HttpResponse.json({ statusCode: 0, response: { sessionId: `other-${crypto.randomUUID()}` } })
    case 'data-envelope':
    case 'bare-envelope': {
      const response = await answer()
      if (!response.ok) return response
      const { response: info } = (await response.json()) as { response: SessionInfo } // our own server's envelope
      return HttpResponse.json(fault === 'bare-envelope' ? info : { status: 0, data: info })
    }
    default:
      return answer()
  }
}
