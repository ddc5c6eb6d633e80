import type { SessionClient, SessionClientOptions, SessionEvent } from 'storefront-session/core'

/** A request as it really left the page. */
export interface ProbeRequest {
  method: string
  path: string
  url: string
  /** What its header `gkc_customerId` says. */
  customer: string | null
  body: string
  /** 0 while it is under way, and when it failed. */
  status: number
}

/** What the page of `probe.html` offers to the card that opened it. */
export interface Probe {
  /** All requests of this tab, in order. */
  requests: ProbeRequest[]
  events: SessionEvent[]
  create(options: SessionClientOptions): SessionClient
}
