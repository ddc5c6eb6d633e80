import { HttpResponse } from 'msw'
import type { SessionInfo } from '../wire/session-info.ts'

/** Each failure with its HTTP status, and the `statusCode` and description of the JSON body. */
const FAILURES = {
  badRequest: { status: 400, statusCode: 1, description: 'Bad request' },
  forbidden: { status: 403, statusCode: 1, description: 'Forbidden' },
  sessionNotFound: { status: 404, statusCode: 6, description: 'Session not found' },
  methodNotAllowed: { status: 405, statusCode: 3, description: 'Method not allowed' },
  notJson: { status: 415, statusCode: 5, description: 'The body must be application/json' },
  internal: { status: 500, statusCode: 1, description: 'Internal error' },
  busy: { status: 503, statusCode: 2, description: 'Busy' },
} as const

/** The documented error answer. */
export function answerFailure(
  kind: keyof typeof FAILURES,
  headers: Record<string, string> = {},
  description: string = FAILURES[kind].description,
): Response {
  const { status, statusCode } = FAILURES[kind]
  return HttpResponse.json({ statusCode, description }, { status, headers })
}

/** The success answer: the payload stands under `response` (documented), under `data`, or bare. */
export function answerSession(info: SessionInfo, envelope: 'response' | 'data' | 'bare'): Response {
  const bodies = { response: { statusCode: 0, response: info }, data: { status: 0, data: info }, bare: info }
  return HttpResponse.json(bodies[envelope], { headers: { 'cache-control': 'no-store' } })
}
