/** One finding of the doctor. */
export interface Finding {
  check:
    | 'reachability'
    | 'envelope'
    | 'cors'
    | 'headers'
    | 'associations'
    | 'unknown-id'
    | 'caching'
    | 'latency'
  /** `warning`: the client copes with it. `fault`: something will not work. */
  verdict: 'ok' | 'warning' | 'fault' | 'skipped'
  /** What was seen. */
  finding: string
  cause?: string
  remedy?: string
}
