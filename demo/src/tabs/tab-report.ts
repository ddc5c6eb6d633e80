import type { SessionState } from 'storefront-session'

/** What a tab shows, and the state of its session. */
export interface TabReport {
  kind: 'tab'
  tab: string
  /** Of a frame of the laboratory. */
  label: string | null
  path: string
  status: SessionState['status']
  persistence: SessionState['persistence']
  /** Of the session. */
  mask: string | null
  isAssociating: boolean
  error: string | null
}

/** `ask` wants the report of each tab. */
export type TabMessage = TabReport | { kind: 'gone'; tab: string } | { kind: 'ask' }
