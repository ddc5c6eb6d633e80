import { isAssociationId } from '../wire/session-info.ts'
import { answerFailure } from './answers.ts'
import type { RequestIds } from './held-sessions.ts'

/** The ids that a PUT or POST brings in headers and JSON body, or the answer that refuses them. */
export async function readRequestIds(
  request: Request,
  isWithoutHeaders: boolean,
): Promise<{ ids: RequestIds; refusal?: never } | { ids?: never; refusal: Response }> {
  const given: Record<string, unknown> = isWithoutHeaders
    ? {}
    : { customerId: request.headers.get('gkc_customerId'), agentId: request.headers.get('gkc_agentId') }
  const text = await request.text()
  if (text) {
    if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? ''))
      return { refusal: answerFailure('notJson') }
    const body = parseObject(text)
    if (!body) return { refusal: answerFailure('badRequest', {}, 'The body must be a JSON object') }
    given.visitId = body.visitId
    given.globalVisitId = body.globalVisitId
  }
  const ids: RequestIds = {}
  for (const field of ['customerId', 'agentId', 'visitId', 'globalVisitId'] as const) {
    const value = given[field] ?? undefined
    if (value === undefined) continue
    if (!isAssociationId(value))
      return {
        refusal: answerFailure('badRequest', {}, `${field} must be 1 to 256 visible ASCII characters`),
      }
    ids[field] = value
  }
  return { ids }
}

function parseObject(text: string): { visitId?: unknown; globalVisitId?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value && !Array.isArray(value) ? value : undefined
  } catch {
    // Invalid JSON is answered with 400, as a JSON value that is no object.
    return undefined
  }
}
