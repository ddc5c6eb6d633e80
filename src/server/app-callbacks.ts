import type { Tell } from './notify.ts'
import { inTime, OverdueError, unavailable } from './patience.ts'
import { RequestFailure } from './response.ts'
import type { StoredSession } from './session-store.ts'

/** A change that `onAssociate` hears of before it is made. */
export interface AssociationChange {
  sessionId: string
  /** The session as it is; null where this request makes it. */
  before: StoredSession | null
  /** The session as it will be; its `expiresAt` may differ by the time that the call takes. */
  after: StoredSession | null
  /** The request that brings the ids; its body is read already. */
  request: Request
}

/** Says whether a request may name this customer. */
export type VerifyCustomer = (request: Request, customerId: string) => boolean | Promise<boolean>

/** Hears of a change before it is made; throwing refuses it. */
export type OnAssociate = (change: AssociationChange) => void | Promise<void>

/**
 * Asks `verifyCustomer`; anything but `true` refuses.
 *
 * @throws RequestFailure 403 for a refusal, 503 where it throws or takes too long
 */
export async function checkCustomer(
  verifyCustomer: VerifyCustomer,
  request: Request,
  customerId: string,
  tell: Tell,
): Promise<void> {
  let isRight: boolean
  try {
    isRight = (await inTime('verifyCustomer', () => verifyCustomer(request, customerId))) === true
  } catch (error) {
    tell(error)
    throw unavailable('The customer could not be verified')
  }
  if (!isRight) throw new RequestFailure('forbidden', 'This request may not name this customer')
}

/**
 * Calls `onAssociate`.
 *
 * @throws RequestFailure 409 where it throws, 503 where it takes too long
 */
export async function announce(
  onAssociate: OnAssociate,
  change: AssociationChange,
  tell: Tell,
): Promise<void> {
  try {
    await inTime('onAssociate', () => onAssociate(change))
  } catch (error) {
    tell(error)
    if (error instanceof OverdueError) throw unavailable('The association could not be made in time')
    throw new RequestFailure('refused', 'The association was refused')
  }
}
