/** One finding of the doctor. */
export interface Finding {
  check:
    | 'reachability'
    | 'envelope'
    | 'cors'
    | 'headers'
    | 'associations'
    | 'unknown-id'
    | 'tenant'
    | 'erasure'
    | 'caching'
    | 'latency'
  /** `warning`: the client works all the same. `fault`: something does not work. */
  verdict: 'ok' | 'warning' | 'fault' | 'skipped'
  /** What was seen. */
  finding: string
  cause?: string
  remedy?: string
}

/** A finding with nothing to remedy. */
export const ok = (check: Finding['check'], finding: string): Finding => ({ check, verdict: 'ok', finding })
