import {
  ASSOCIATION_FIELDS,
  type AssociationField,
  type Associations,
  fieldsOf,
  isAssociationId,
  pickAssociations,
} from '../wire/session-info.ts'
import { hasCustomer, infoOf, type Session, type SessionRecord } from './session.ts'

/** Somebody who waits until the server has confirmed these fields. */
export interface Waiting {
  fields: AssociationField[]
  resolve: () => void
  reject: (reason: unknown) => void
}

/*
 * Ids that were accepted and that the server has not confirmed. The last value of each field counts. A field has a
 * key of its own in storage, so that two tabs which associate different fields both win. A value is bound to the
 * generation: the ids of a customer who signed out are not sent for the next one.
 */

const bound = ({ stored }: Session, value: string | undefined) => `${stored?.generation ?? ''} ${value}`

const isAwaited = ({ waiting }: Session, field: AssociationField) =>
  waiting.some(({ fields }) => fields.includes(field))

/** Reads from storage what is pending, also what other tabs or an earlier visit accepted. */
export function readPending(session: SessionRecord): void {
  const { waitingRoom, stored } = session
  const pending: Associations = {}
  for (const field of ASSOCIATION_FIELDS) {
    const [boundTo, value] = waitingRoom.read(`:${field}`)?.split(' ') ?? []
    if (boundTo === (stored?.generation ?? '') && isAssociationId(value)) {
      pending[field] = value
      // Another tab had the last word.
      if (session.own[field]) session.own = { ...session.own, [field]: value }
    } else if (boundTo !== undefined) waitingRoom.write(`:${field}`, null)
  }
  session.pending = pending
}

/** What the server has not confirmed: what is pending, and what this page waits for and another tab has sent or lost. */
export function unconfirmed(session: Session): Associations {
  const { own, pending } = session
  const ids = { ...pending }
  for (const field of fieldsOf(own)) if (isAwaited(session, field)) ids[field] ??= own[field]
  return ids
}

/** A caller waits for this field, or it is still to be sent. */
export const isOpen = (session: Session, field: AssociationField): boolean =>
  !!session.pending[field] || isAwaited(session, field)

/** A caller waits for a field that is gone from storage: another tab has sent it, or lost it. */
export const isGone = (session: Session): boolean =>
  ASSOCIATION_FIELDS.some((field) => !session.pending[field] && isAwaited(session, field))

/** All ids that belong to the session, for a session that has to be made again. */
export const knownIds = (session: Session): Associations => ({
  ...pickAssociations(infoOf(session)),
  ...session.own,
  ...session.pending,
})

/** With `rotate`: these ids bring the first customer, who gets a new id. The current one must never be tied to them. */
export function isSignIn(session: Session, { customerId }: Associations): boolean {
  const { options, standing } = session
  if (!options.rotate || !customerId || !('id' in standing)) return false
  // An id that this page has chosen and not written yet is known to no other.
  if (standing.is === 'chosen' && !standing.isWritten) return false
  return !hasCustomer(session)
}

export function accept(session: SessionRecord, ids: Associations): void {
  session.pending = { ...session.pending, ...ids }
  session.own = { ...session.own, ...ids }
  for (const field of fieldsOf(ids)) session.waitingRoom.write(`:${field}`, bound(session, ids[field]))
}

/** Resolves when the server has confirmed these fields or later values of them; rejects when they are refused. */
export const confirmation = (session: Session, ids: Associations): Promise<void> =>
  new Promise((resolve, reject) => {
    session.waiting.push({ fields: fieldsOf(ids), resolve, reject })
  })

/** The server has these values. What this page accepted and has sent is older, where it differs. */
export function learn(session: SessionRecord, ids: Associations): void {
  for (const field of fieldsOf(session.own))
    if (!session.pending[field] && ids[field]) session.own = { ...session.own, [field]: ids[field] }
}

/** The server has confirmed these values, or refused them for good: then they are rolled back. */
export function settle(session: SessionRecord, ids: Associations, refusal?: unknown): void {
  const { waitingRoom } = session
  const settled = fieldsOf(ids).filter(
    (field) => (session.pending[field] ?? session.own[field]) === ids[field],
  )
  session.pending = { ...session.pending }
  session.own = { ...session.own }
  for (const field of settled) {
    const wasPending = session.pending[field]
    delete session.pending[field]
    if (refusal) delete session.own[field]
    // Another tab may have accepted a later value by now.
    if (wasPending && waitingRoom.read(`:${field}`) === bound(session, ids[field]))
      waitingRoom.write(`:${field}`, null)
  }
  session.waiting = session.waiting.filter((one) => {
    const open = one.fields.filter((field) => !settled.includes(field))
    const isRefused = refusal && open.length < one.fields.length
    one.fields = open
    if (isRefused) one.reject(refusal)
    else if (!open.length) one.resolve()
    return !isRefused && open.length
  })
}

/** The session was left: what this page accepted for it is never sent. */
export function dropOwn(session: SessionRecord, reason: unknown): void {
  session.own = {}
  for (const { reject } of session.waiting.splice(0)) reject(reason)
  // A storage that is not shared holds nothing of other tabs.
  if (!session.waitingRoom.isShared()) eraseIds(session.waitingRoom)
  readPending(session)
}

/** Removes the ids that an earlier visit, or another tab, has left to be sent. */
export function eraseIds({ write }: Pick<Session['persistence'], 'write'>): void {
  for (const field of ASSOCIATION_FIELDS) write(`:${field}`, null)
}
