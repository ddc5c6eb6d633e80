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

  useEffect(() => {
    if (isDisabled) return
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
  }, [client, isDisabled, customerId, visitId, globalVisitId])
}
