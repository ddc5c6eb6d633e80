import { isAssociationId } from '../wire/session-info.ts'
import type { ApiRequest } from './request.ts'
import { RequestFailure } from './response.ts'
import { isVisitorSessionId } from './session-id.ts'
import type { SessionIds } from './session-store.ts'

/** The parsed body of a request; null without a body. */
export type RequestFields = object | null

/**
 * The fields of a JSON body; null without a body. Fields that the API does not know are ignored.
 *
 * @throws RequestFailure 400 or 415
 */
export function readFields(request: ApiRequest, bytes: Uint8Array | undefined): RequestFields {
  if (!bytes?.length) return null
  // Any page can post text/plain and forms without a preflight (CORS), so only JSON is read.
  if (!/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(request.header('content-type') ?? ''))
    throw new RequestFailure('notJson', 'The body must be application/json in UTF-8')
  if (!request.isParsed && !/^(identity)?$/i.test(request.header('content-encoding') ?? ''))
    throw new RequestFailure('notJson', 'The body must not be compressed')
  const body = parseJson(bytes)
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new RequestFailure('badRequest', 'The body must be a JSON object')
  return body
}

/**
 * The ids that a request brings: customer and agent by header, the visit's by JSON body, the tenant by URL. Null
 * counts as absent.
 *
 * @throws RequestFailure 400
 */
export function readIds(
  request: ApiRequest,
  fields: RequestFields,
  tenantId: string | undefined,
): SessionIds {
  const ids: SessionIds = {}
  if (tenantId !== undefined) ids.tenantId = tenantId
  put(ids, 'customerId', request.header('gkc_customerid') || undefined, 'the header gkc_customerId')
  put(ids, 'agentId', request.header('gkc_agentid') || undefined, 'the header gkc_agentId')
  if (!fields) return ids
  put(ids, 'visitId', own(fields, 'visitId'), 'the field visitId')
  put(ids, 'globalVisitId', own(fields, 'globalVisitId'), 'the field globalVisitId')
  return ids
}

/**
 * The id of the session that a new one replaces.
 *
 * @throws RequestFailure 400
 */
export function readPreviousId(fields: RequestFields): string | undefined {
  const value = fields && own(fields, 'previousSessionId')
  if (value === null || value === undefined) return undefined
  if (typeof value === 'string' && isVisitorSessionId(value)) return value
  throw new RequestFailure('badRequest', 'The field previousSessionId must be 16 to 128 of A-Z a-z 0-9 _ -')
}

/**
 * Whether a PUT asks for the session that the cookie names.
 *
 * @throws RequestFailure 400
 */
export function readResume(fields: RequestFields): boolean {
  const value = (fields && own(fields, 'resume')) ?? false
  if (typeof value === 'boolean') return value
  throw new RequestFailure('badRequest', 'The field resume must be true or false')
}

/**
 * The URL parameter `tenantId`; undefined where it is absent or empty, null where it has more than 256 characters or a
 * control character.
 */
export function readTenant(target: string): string | null | undefined {
  const query = target.indexOf('?')
  if (query < 0) return undefined
  const tenantId = new URLSearchParams(target.slice(query)).get('tenantId')
  if (!tenantId) return undefined
  return /^\P{Cc}{1,256}$/u.test(tenantId) ? tenantId : null
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes))
  } catch {
    // The parser's message quotes the body, which belongs in no answer and no log.
    throw new RequestFailure('badRequest', 'The body is not valid JSON')
  }
}

const own = (body: object, field: string): unknown =>
  // The cast lets any object be asked for a member of any name.
  Object.hasOwn(body, field) ? ((body as Record<string, unknown>)[field] ?? undefined) : undefined

function put(
  ids: SessionIds,
  field: 'customerId' | 'agentId' | 'visitId' | 'globalVisitId',
  value: unknown,
  name: string,
): void {
  if (value === undefined) return
  if (!isAssociationId(value))
    throw new RequestFailure(
      'badRequest',
      `${name[0]?.toUpperCase()}${name.slice(1)} must be 1 to 256 visible ASCII characters`,
    )
  ids[field] = value
}
