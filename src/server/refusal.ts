import { answerFailure, type FailureKind } from './response.ts'

/** The errors of Node's HTTP parser by their codes, and the answers to them. */
const REFUSALS: Record<string, readonly [status: string, kind: FailureKind, description: string]> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    'badRequest',
    'The head of the request is too long',
  ],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['413 Payload Too Large', 'tooLarge', 'The chunks of the body are too long'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'badRequest', 'The request did not arrive in time'],
}
const INVALID = ['400 Bad Request', 'badRequest', 'The request is not valid HTTP'] as const

/** The whole answer to bytes that are no request. Node's own answer has no body, and this API's errors are JSON. */
export function writeRefusal(code = ''): string {
  const [status, kind, description] = REFUSALS[code] ?? INVALID
  const { headers, body } = answerFailure(kind, description)
  const lines = Object.entries({ ...headers, 'content-length': body.length, connection: 'close' })
  return `HTTP/1.1 ${status}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`
}
