'use client'

import { useEffect, useRef } from 'react'
import type { Associations, SessionClient } from '../core.ts'
import { useSessionClient } from './session-provider.tsx'
import { useSession } from './use-session.ts'

/** The customer that the next session of a client is about to get, whichever component said so. */
const expected = new WeakMap<SessionClient, string | undefined>()

/**
 * Keeps the session associated with these ids: sends a value when it appears or changes; null counts as absent. A
 * `customerId` that goes away, or becomes another one, is a sign-out, and the session is left first; that a component
 * unmounts is none. An id that can't be sent shows as `association-failed`, never as an exception in rendering.
 *
 * @example
 * useAssociate({ customerId: user?.id })
 */
export function useAssociate({
  customerId,
  visitId,
  globalVisitId,
}: { [Field in keyof Associations]: Associations[Field] | null } = {}): void {
  const client = useSessionClient()
  const isDisabled = useSession((state) => state.status === 'disabled')
  const sessionId = useSession((state) => state.sessionId)
  /** Who was signed in here at last, and who was meanwhile, before it was clear whose session this is. */
  const signedIn = useRef<string[]>([])
  const turn = useRef(0)

  useEffect(() => {
    if (isDisabled) return
    const own = ++turn.current
    const before = signedIn.current
    const after = customerId ? [customerId] : []
    signedIn.current = [...before, ...after]
    // A stored session may be another customer's, who came or went where this code did not run.
    const confirming = signedIn.current.length ? client.confirming() : undefined
    /** Somebody else was signed in here, and nobody can tell now whether the session is still that one's. */
    const isChange = confirming && before.some((one) => one !== customerId)
    const act = () => {
      // Meanwhile there is a later value.
      if (own !== turn.current) return
      signedIn.current = after
      const { session } = client.getState()
      // Without a session yet, the customer before is about to get one.
      const known = session ? session.customerId : expected.get(client)
      const isOther =
        known && customerId
          ? known !== customerId
          : // Another tab may have left it already: once is enough, unless nobody can tell.
            isChange || (known && before.includes(known))
      if (customerId || before.length) expected.set(client, customerId || undefined)
      // A promise that fails is told by state and events.
      if (isOther) void client.reset()
      if (customerId) void client.associate({ customerId })
    }
    // Left meanwhile, by whoever signed out: the next session is not this customer's. To leave waits for no answer.
    if (confirming && !isChange) void confirming.then((isStillIt) => isStillIt && act())
    else act()
  }, [client, isDisabled, customerId])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the visit goes on in the next session, the customer does not
  useEffect(() => {
    if (isDisabled) return
    // Each by itself, so that one which can't be sent does not take the other with it; they travel together.
    if (visitId) void client.associate({ visitId })
    if (globalVisitId) void client.associate({ globalVisitId })
  }, [client, isDisabled, sessionId, visitId, globalVisitId])
}
