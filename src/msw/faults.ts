import { delay, HttpResponse } from 'msw'
import { answerFailure } from './answers.ts'

/** A way for the API, or for a proxy in front of it, to fail or to differ. */
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
  /** 200 with an HTML page, as proxies and captive portals send it. */
  | 'html'
  /** 404 with an HTML page, as proxies send it. */
  | 'html-404'
  /** 200 with an empty body. */
  | 'empty'
  /** 302 to another origin. */
  | 'redirect'
  /** 400 with the JSON error: the request can never succeed. */
  | 'refused'
  /** 403 with the JSON error. */
  | 'forbidden'
  /** 500 with the JSON error. */
  | 'server-error'
  /** 503 with `Retry-After: 1`. */
  | 'retry-after'
  /** The session of another visitor. */
  | 'other-id'
  /** A POST does not create an unknown id: 404 "Session not found". */
  | 'no-create'
  /** A proxy drops headers with an underscore, and the customer id with them. */
  | 'dropped-headers'
  /** The payload stands under `data`. */
  | 'data-envelope'
  /** The payload has no envelope. */
  | 'bare-envelope'

/** A fault that takes the place of the API's answer. The others change how the API answers. */
export type ReplacingFault = Exclude<
  SessionApiFault,
  'no-create' | 'dropped-headers' | 'data-envelope' | 'bare-envelope'
>

const PAGE = '<!doctype html><title>Please sign in</title>'

/** The answer of each fault that replaces the API's. */
const REPLACED: Record<ReplacingFault, () => Response | Promise<Response>> = {
  network: () => HttpResponse.error(),
  hang: async () => {
    await delay('infinite')
    return HttpResponse.error()
  },
  'not-found': () => answerFailure('sessionNotFound'),
  gone: () => new HttpResponse(null, { status: 410 }),
  'error-in-200': () => HttpResponse.json({ statusCode: 6, description: 'Session not found' }),
  html: () => HttpResponse.html(PAGE),
  'html-404': () => HttpResponse.html(PAGE, { status: 404 }),
  empty: () => new HttpResponse(''),
  redirect: () =>
    new HttpResponse(null, { status: 302, headers: { location: 'https://elsewhere.example/' } }),
  refused: () => answerFailure('badRequest'),
  forbidden: () => answerFailure('forbidden'),
  'server-error': () => answerFailure('internal'),
  'retry-after': () => answerFailure('busy', { 'retry-after': '1' }),
  'other-id': () =>
    HttpResponse.json({
      statusCode: 0,
      response: { sessionId: `other-${Math.random().toString(36).slice(2)}` },
    }),
}

/** The answer that a fault gives in place of the API, or undefined if the API answers. */
export const replaceAnswer = (
  fault: SessionApiFault | undefined,
): Response | Promise<Response> | undefined =>
  fault && Object.hasOwn(REPLACED, fault) ? REPLACED[fault as ReplacingFault]() : undefined // hasOwn has just told
