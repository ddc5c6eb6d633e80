import { useRouterState } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useSession } from 'storefront-session'
import { maskId } from '../masked-id.ts'
import { tellReport } from './tab-link.ts'

/** Keeps the laboratory, in whichever tab it is, informed of this tab. */
export function useTabReport(): void {
  const path = useRouterState({
    select: ({ resolvedLocation, location }) => (resolvedLocation ?? location).pathname,
  })
  const { status, persistence, sessionId, isAssociating, error } = useSession()
  const mask = sessionId && maskId(sessionId)
  const trouble = error?.code ?? null

  useEffect(() => {
    tellReport({ path, status, persistence, mask, isAssociating, error: trouble })
  }, [path, status, persistence, mask, isAssociating, trouble])
}
