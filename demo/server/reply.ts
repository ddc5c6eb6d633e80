import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'

/** A middleware of the demo; `request.url` begins after the path that it was mounted at. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

const MAX_BODY_BYTES = 16 * 1024

export function sendJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, STATUS_CODES[status], {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    ...headers,
  })
  response.end(JSON.stringify(body))
}

export function sendPage(response: ServerResponse, status: number, page: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
  response.end(page)
}

/** The error as the session API words it. */
export const sendFailure = (
  response: ServerResponse,
  status: number,
  statusCode: number,
  description: string,
): void => sendJson(response, status, { statusCode, description })

/** The query of a request; connect cuts the mount path off, so that only a base is missing. */
export const queryOf = (request: IncomingMessage): URLSearchParams =>
  new URL(request.url ?? '/', 'http://demo').searchParams

export const cookieOf = (request: IncomingMessage, name: string): string | undefined =>
  request.headers.cookie
    ?.split('; ')
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1)

/** The body as JSON; undefined where it is too long or broken. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk)
    length += bytes.length
    if (length > MAX_BODY_BYTES) return undefined
    chunks.push(bytes)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString())
  } catch {
    return undefined
  }
}
