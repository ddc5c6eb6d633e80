import type { SessionState } from 'storefront-session'

/** A request that a tab has sent, as the timeline draws it. Times are wall clock, in milliseconds. */
export interface RequestNote {
  kind: 'request'
  key: string
  tab: string
  at: number
  /** Absent while it is under way. */
  until?: number
  method: string
  /** Without the origin, the query and any id. */
  path: string
  /** An HTTP status, or that there was none; the page itself gave up what it no longer needs. */
  outcome?: number | 'failed' | 'given up'
  /** A call of the session API itself. */
  isCall: boolean
  carried: boolean
  /** Why it went without the id. */
  reason?: string
}

/** Something that happened to the session of a tab. */
interface EventNote {
  kind: 'event'
  key: string
  tab: string
  at: number
  type: string
}

/** What a tab shows, and the state of its session. */
export interface TabReport {
  kind: 'tab'
  tab: string
  /** Of a frame of the laboratory. */
  label: string | null
  title: string
  path: string
  status: SessionState['status']
  persistence: SessionState['persistence']
  /** Of the session. */
  mask: string | null
  isAssociating: boolean
  error: string | null
}

export type Note = RequestNote | EventNote

/** `ask` wants all that a tab remembers, `ping` only its report. */
export type TabMessage = Note | TabReport | { kind: 'gone'; tab: string } | { kind: 'ask' | 'ping' }
