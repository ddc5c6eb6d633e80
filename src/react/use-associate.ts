'use client'

import { useEffect, useRef } from 'react'
import { warn } from '../core/warnings.ts'
import type { Associations } from '../core.ts'
import { useSessionContext } from './session-context.ts'
import { useSession } from './use-session.ts'

/** Ids as an app has them: null and undefined count as absent. */
type MaybeAssociations = { [Field in keyof Associations]: Associations[Field] | null }

/**
 * Keeps the session associated with these ids: sends a value when it appears or changes. A `customerId` that goes away,
 * or becomes another one, is a sign-out, and the session is left first; an unmount is not a sign-out, so put this above
 * the routes. An id that can't be sent shows in state and events, never as an exception in rendering.
 *
 * @throws Error outside a `SessionProvider`
 * @example
 * useAssociate({ customerId: user?.id })
 */
export function useAssociate({ customerId, visitId, globalVisitId }: MaybeAssociations = {}): void {
  const context = useSessionContext('useAssociate')
  const { client } = context
  const isDisabled = useSession((state) => state.status === 'disabled')
  const sessionId = useSession((state) => state.sessionId)
  /** The customer whom this component named. */
  const named = useRef<string>(undefined)

  // biome-ignore lint/correctness/useExhaustiveDependencies: after forget() and a new consent the customer is named again
  useEffect(() => {
    // A component that names nobody leaves it to the others to tell who is signed in.
    if (customerId || named.current) client.identify(customerId || null)
    named.current = customerId || undefined
  }, [client, isDisabled, customerId])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the visit goes on in the next session, the customer does not
  useEffect(() => {
    if (isDisabled) return
    // Each by itself, so that one which can't be sent does not take the other with it; they travel together.
    if (visitId) void client.associate({ visitId })
    if (globalVisitId) void client.associate({ globalVisitId })
  }, [client, isDisabled, sessionId, visitId, globalVisitId])

  const isMounted = useRef(false)
  useEffect(() => {
    isMounted.current = true
    return () => {
      isMounted.current = false
      // StrictMode mounts again at once, and a page that ends unmounts its provider, too.
      if (process.env.NODE_ENV !== 'production')
        queueMicrotask(() => {
          if (!isMounted.current && context.isMounted && named.current)
            warn(
              'a component with useAssociate unmounted while it had a customer. That is not a sign-out: if it happens because the customer signed out, the session stays tied to that customer. Put useAssociate above the routes.',
            )
        })
    }
  }, [context])
}
