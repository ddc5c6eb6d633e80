'use client'

import { useEffect, useRef } from 'react'
import type { Associations } from '../core.ts'
import { useSessionClient } from './session-provider.tsx'
import { useSession } from './use-session.ts'

/**
 * Keeps the session associated with these ids: sends a value when it appears or changes. A `customerId` that goes
 * away, or becomes another one, is a sign-out: the session is left first. An id that can't be sent shows as
 * `association-failed`, never as an exception in rendering.
 */
export function useAssociate({
  customerId,
  visitId,
  globalVisitId,
}: { [Field in keyof Associations]: Associations[Field] | null }): void {
  const client = useSessionClient()
  const isDisabled = useSession((state) => state.status === 'disabled')
  const signedIn = useRef<string>(undefined)
  const turn = useRef(0)

  useEffect(() => {
    if (isDisabled) return
    const own = ++turn.current
    const associate = () => {
      // Meanwhile there is a later value.
      if (own !== turn.current) return
      const before = signedIn.current
      signedIn.current = customerId || undefined
      // A promise that fails is told by state and events.
      const { session } = client.getState()
      const known = session?.customerId
      const isOther = customerId
        ? known && known !== customerId
        : // Another tab may have left it already: once is enough.
          before && (!session || known === before)
      if (isOther) void client.reset()
      void client.associate({
        customerId: customerId || undefined,
        visitId: visitId || undefined,
        globalVisitId: globalVisitId || undefined,
      })
    }
    // A session from an earlier page may be another customer's, who signed out where this code did not run.
    const confirming = customerId && client.confirming()
    if (confirming) void confirming.then(associate)
    else associate()
  }, [client, isDisabled, customerId, visitId, globalVisitId])
}
