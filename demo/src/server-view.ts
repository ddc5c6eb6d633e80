/** What the demo's server tells of one session. The id is masked, the customer is not named. */
export interface SessionRow {
  mask: string
  /** A customer is tied to it. */
  isRecognised: boolean
  /** Of its requests since the server started. */
  count: number
  /** The latest come first. */
  requests: { key: number; at: number; line: string }[]
}

/** What the demo's server sends over its stream, live. */
export interface ServerView {
  /** The latest used come first. */
  sessions: SessionRow[]
  /** How many sessions the server has seen since it started. */
  known: number
  /** The latest request that the API weather turned away. */
  refused: { line: string; status: number; count: number } | null
}
