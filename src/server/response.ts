import { createIsoTime } from './iso-time.ts'
import type { StoredSession } from './session-store.ts'

/** An answer before it becomes a `Response` or goes out through Node's HTTP server. */
export interface Answer {
  status: number
  headers: Record<string, string>
  /** Empty where the status or the method allows none. */
  body: string
}

/** Every failure that the API answers: its HTTP status and the `statusCode` of the JSON body. */
const FAILURES = {
  badRequest: { status: 400, statusCode: 1 },
  unknownRoute: { status: 404, statusCode: 2 },
  methodNotAllowed: { status: 405, statusCode: 3 },
  tooLarge: { status: 413, statusCode: 4 },
  notJson: { status: 415, statusCode: 5 },
  sessionNotFound: { status: 404, statusCode: 6 },
  unavailable: { status: 503, statusCode: 7 },
  internal: { status: 500, statusCode: 8 },
  forbidden: { status: 403, statusCode: 9 },
  refused: { status: 409, statusCode: 10 },
  limited: { status: 429, statusCode: 11 },
} as const

/** Name of one failure. */
export type FailureKind = keyof typeof FAILURES

/** Thrown while a request is read or carried out; the handler makes it the answer. Its description never repeats what was sent. */
export class RequestFailure extends Error {
  override readonly name = 'RequestFailure'
  readonly kind: FailureKind
  /** Headers that the answer carries besides the usual ones. */
  readonly headers: Record<string, string>

  constructor(kind: FailureKind, description: string, headers: Record<string, string> = {}) {
    super(description)
    this.kind = kind
    this.headers = headers
  }
}

/** A literal each time: Node takes a microsecond longer to read the members of a copied object. */
const jsonHeaders = (): Record<string, string> => ({
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
})

const toIso = createIsoTime()

/** The documented success envelope, concatenated by hand: `JSON.stringify` takes ten times as long. */
export const answerSession = (session: StoredSession): Answer => ({
  status: 200,
  headers: jsonHeaders(),
  body: `{"statusCode":0,"response":{"sessionId":${quote(session.sessionId)}${member('customerId', session.customerId)}${member('agentId', session.agentId)}${member('visitId', session.visitId)}${member('globalVisitId', session.globalVisitId)},"createdAt":"${toIso(session.createdAt)}","expiresAt":"${toIso(session.expiresAt)}"}}`,
})

/** The answer of a health route that has nothing to complain about. */
export const answerHealthy = (): Answer => ({ status: 200, headers: jsonHeaders(), body: '{"statusCode":0}' })

const member = (name: string, value: string | undefined): string =>
  value === undefined ? '' : `,"${name}":${quote(value)}`

/** A JSON string. Nearly every id has nothing to escape. */
const quote = (text: string): string => (/^[ !#-[\]-~]*$/.test(text) ? `"${text}"` : JSON.stringify(text))

/** The documented error envelope. */
export const answerFailure = (
  kind: FailureKind,
  description: string,
  headers: Record<string, string> = {},
): Answer => ({
  status: FAILURES[kind].status,
  headers: Object.assign(jsonHeaders(), headers),
  body: JSON.stringify({ statusCode: FAILURES[kind].statusCode, description }),
})

/** 405: `allow` lists the methods of the path, separated by commas. */
export const answerNotAllowed = (allow: string): Answer =>
  answerFailure('methodNotAllowed', `This path answers ${allow} only`, { allow })

/** 204, for OPTIONS and DELETE. */
export const answerNothing = (headers: Record<string, string> = {}): Answer => ({
  status: 204,
  headers: { 'cache-control': 'no-store', ...headers },
  body: '',
})
