import type { Register } from './register.ts'
import { SessionError } from './session-error.ts'

/** The ids that a session can be associated with. Each is 1 to 256 visible ASCII characters. */
export interface Associations {
  /** The shop's id of a recognised customer; travels in the header `gkc_customerId`. */
  customerId?: string | undefined
  /** Id of the visit, usually from Genesys Web Engagement; travels in the JSON body. */
  visitId?: string | undefined
  /** Id of the visitor across visits; travels in the JSON body. */
  globalVisitId?: string | undefined
}

/** The fields of a session that this library knows. */
export interface KnownSessionInfo extends Associations {
  /** Id of the session: the only field that every server answers. */
  sessionId: string
  /** Id of the agent who works on the session. */
  agentId?: string | undefined
  /** When the session was made, ISO 8601. Our server answers it. */
  createdAt?: string | undefined
  /** When the session expires unless it is used, ISO 8601. Our server answers it. */
  expiresAt?: string | undefined
}

/**
 * A session as the API describes it. Only `sessionId` is certain. Fields that this library does not know are passed
 * through untouched; {@link Register} types them.
 */
export type SessionInfo = KnownSessionInfo &
  (Register extends { sessionInfo: infer Further } ? Further : unknown)

/** The names of {@link Associations}, in the order in which the API documents them. */
export const ASSOCIATION_FIELDS = ['customerId', 'visitId', 'globalVisitId'] as const

/** Name of one association. */
export type AssociationField = (typeof ASSOCIATION_FIELDS)[number]

/** The shape of a session id at every door; `.`, `..` and `new` would name another path. */
export const isSessionId = (value: unknown): value is string =>
  typeof value === 'string' && /^[\w-][\w.~-]{0,255}$/.test(value) && value !== 'new'

/** The shape of a customer, agent or visit id: a header carries it without change. */
export const isAssociationId = (value: unknown): value is string =>
  typeof value === 'string' && /^[!-~]{1,256}$/.test(value)

/** The association ids among the fields of a larger object; a value that is not a valid id is left out. */
export function pickAssociations(source: object | null | undefined): Associations {
  const ids: Associations = {}
  for (const field of ASSOCIATION_FIELDS) {
    const value = (source as Associations | null | undefined)?.[field]
    if (isAssociationId(value)) ids[field] = value
  }
  return ids
}

/** The fields that have a value. */
export const fieldsOf = (ids: Associations): AssociationField[] =>
  ASSOCIATION_FIELDS.filter((field) => ids[field])

/** @throws SessionError `invalid-input` that names the field which can't be sent */
export function checkAssociations(ids: Associations): Associations {
  for (const field of ASSOCIATION_FIELDS)
    if (ids?.[field] !== undefined && !isAssociationId(ids[field]))
      throw new SessionError(
        'invalid-input',
        process.env.NODE_ENV === 'production'
          ? field
          : `${field} must be 1 to 256 visible ASCII characters without blanks; nothing was sent`,
      )
  return pickAssociations(ids)
}
