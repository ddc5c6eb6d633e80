import { accept, readPending, unconfirmed } from './associations.ts'
import { left } from './departure.ts'
import { hasCustomer, infoOf, type SessionRecord } from './session.ts'

/** Decides now, or when the server has told whose session this is. */
export function considered(session: SessionRecord): void {
  const { said, named } = session.identity
  const before = named.filter((one) => one !== said)
  const { is } = session.standing
  const info = infoOf(session)
  // Without its data the app has emptied its cache, and a listener of the app hid that from us; without its customer
  // another tab has signed somebody in, and its message is on the way.
  const isIncomplete = !info || (hasCustomer(session) && !info.customerId)
  const isUnclear = is === 'stored' || (is === 'confirmed' && isIncomplete)
  // Somebody else was signed in here, and only the server could tell whether this is still that one's session.
  const isChange = isUnclear && before.length > 0
  session.identity = {
    said,
    decided: said,
    named: said ? [...named, said] : named,
    isOpen: isUnclear && !isChange && !!said,
  }
  if (!session.identity.isOpen) decided(session, named, isChange)
}

/** It is clear whose session this is: another customer's is left first, and then the new customer is associated. */
export function decided(session: SessionRecord, named: readonly string[] = [], isChange = false): void {
  const customerId = session.identity.said ?? undefined
  // Another tab may have accepted a customer whom no storage event has told of yet.
  readPending(session)
  session.identity = { ...session.identity, named: customerId ? [customerId] : [], isOpen: false }
  const known = unconfirmed(session).customerId ?? infoOf(session)?.customerId ?? session.sentCustomer
  const isOther = isChange || (known && (customerId ? known !== customerId : named.includes(known)))
  if (isOther) left(session, 'us')
  if (
    customerId &&
    customerId !== unconfirmed(session).customerId &&
    customerId !== confirmedCustomer(session)
  )
    accept(session, { customerId })
}

const confirmedCustomer = (session: SessionRecord) =>
  session.standing.is === 'confirmed' ? infoOf(session)?.customerId : undefined
