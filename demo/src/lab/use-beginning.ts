import { useState } from 'react'
import { useSessionClient } from 'storefront-session'
import { readConsent, resumeConsent } from '../consent/consent.ts'
import { announce } from '../shell/announcer.tsx'

const HEAD_START_MS = 600

/**
 * A first visit once more: what is stored is removed as if by the visitor, and all frames load together, so that one
 * sees a single PUT.
 */
export function useBeginning() {
  const client = useSessionClient()
  const [round, setRound] = useState(0)
  const begin = () => {
    if (readConsent() !== 'yes') return announce('Accept first: without your consent no session begins.')
    // This page steps aside, so that the frames make the session among themselves, and joins them.
    client.forget()
    setRound((before) => before + 1)
    announce('All tabs begin a first visit together.')
    setTimeout(resumeConsent, HEAD_START_MS)
  }
  return { round, begin }
}
