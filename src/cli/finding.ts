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

/** A finding without anything to remedy. */
export const ok = (check: Finding['check'], finding: string): Finding => ({ check, verdict: 'ok', finding })
