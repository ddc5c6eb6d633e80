import type { AssociationField, Associations, SessionEvent } from 'storefront-session/core'
import type { Tab } from './tab.ts'

export const FIELDS = ['customerId', 'visitId', 'globalVisitId'] as const satisfies AssociationField[]

/**
 * What the visitor of one tenant has said, as a clerk beside the machine would write it down. Other tabs hear of a
 * sign-out within `hearingMs`; what they accept till then may be of either session.
 */
function createLedger(now: () => number, hearingMs: number) {
  /** What a sign-out has left behind may never be seen again. */
  const left = new Set<string>()
  let said: Associations = {}
  /** All values of a field since the last sign-out. */
  let spoken: Record<string, string[]> = {}
  /** Said while some tab may not have heard of a sign-out yet: nobody can tell for which session. */
  const either = new Set<string>()
  let leftAt = Number.NEGATIVE_INFINITY

  return {
    left,
    said: () => said,
    spoken: (field: AssociationField): string[] => spoken[field] ?? [],
    isEither: (value: string | undefined) => either.has(String(value)),
    /** A tab signs out or forgets. */
    signOut() {
      for (const value of Object.values(said)) if (value && !either.has(value)) left.add(value)
      said = {}
      spoken = {}
      leftAt = now()
    },
    accept(ids: Associations) {
      if (now() - leftAt < hearingMs) for (const value of Object.values(ids)) either.add(String(value))
      said = { ...said, ...ids }
      for (const [field, value] of Object.entries(ids))
        spoken = { ...spoken, [field]: [...(spoken[field] ?? []), value] }
    },
    /** The client said itself that it gave these ids up, and may. */
    withdraw(ids: Associations) {
      const isKept = (value: string | undefined) => !Object.values(ids).includes(String(value))
      said = Object.fromEntries(Object.entries(said).filter(([, value]) => isKept(value)))
      for (const field of FIELDS) spoken = { ...spoken, [field]: (spoken[field] ?? []).filter(isKept) }
    },
  }
}

/** All that one visitor says to the shops of one tenant. */
interface Visit {
  tenant: string | undefined
  /** Of the session in storage. */
  key: string
  ledger: ReturnType<typeof createLedger>
}

/** The visits of one browser, a tenant each. */
export function createVisits(now: () => number, hearingMs: number) {
  const visits: Visit[] = []
  return {
    all: () => visits,
    of(tenant: string | undefined): Visit {
      const known = visits.find((visit) => visit.tenant === tenant)
      if (known) return known
      const key = `storefront-session${tenant ? `@${encodeURIComponent(tenant)}` : ''}`
      const visit = { tenant, key, ledger: createLedger(now, hearingMs) }
      visits.push(visit)
      return visit
    },
  }
}

/** What a page knows from what its client told it: the ids that are left, and that a session is forgotten. */
export function followEvents({ type, sessionId }: SessionEvent, tab: Tab, now: number): void {
  const { left } = tab
  if (type === 'forgotten') tab.hasConsent = false
  if (type === 'reset' || type === 'forgotten') tab.departedAt = now
  if (!sessionId) return
  if (type === 'reset' || type === 'forgotten') left.set(sessionId, now)
  else left.delete(sessionId)
}
