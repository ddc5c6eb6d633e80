import { explainFailure, explainRefusal } from './doctor-failure.ts'
import { outcomeOf, type Probe } from './doctor-probe.ts'
import { type Finding, ok } from './finding.ts'

const check = 'erasure'

/**
 * Whether DELETE works: `after` is a GET of the session that `erased` was to erase. `preflight` lists what keeps pages
 * of another origin from it; it is asked only where DELETE works.
 */
export async function examineErasure(
  erased: Probe,
  after: Probe,
  created: Probe,
  preflight: () => Promise<{ finding: string; remedy: string }[]>,
): Promise<Finding> {
  const isStillThere = after.session !== null && after.session.sessionId === created.session?.sessionId
  const finding = `DELETE /sessions/{sessionId} is answered with ${outcomeOf(erased)}`
  if (erased.trouble || erased.status >= 500)
    return erased.status === 501
      ? notOffered(erased)
      : { check, verdict: 'fault', finding, ...explainFailure(erased) }
  if (erased.status >= 300) {
    if (!isStillThere) return ok(check, `${finding}, and the session is gone`)
    const refusal = explainRefusal(erased)
    return refusal ? { check, verdict: 'warning', finding, ...refusal } : notOffered(erased)
  }
  if (isStillThere)
    return {
      check,
      verdict: 'fault',
      finding: `${finding}, but GET still finds the session`,
      cause:
        'Several servers with a store each stand behind one address, a cache answers for them, or a proxy answers DELETE itself.',
      remedy: 'Let the servers share one store (redis://…), and let the proxy pass DELETE on.',
    }
  const [problem] = await preflight()
  if (problem)
    return {
      check,
      verdict: 'warning',
      finding: `DELETE works, but not for pages of the origin: ${problem.finding}`,
      cause: 'The API does not name this origin or this method in its CORS answers.',
      remedy: problem.remedy,
    }
  return ok(check, `DELETE erases the session (HTTP ${erased.status})`)
}

const notOffered = ({ status }: Probe): Finding => ({
  check,
  verdict: 'warning',
  finding: `DELETE does not work here (HTTP ${status}): the client's eraseOnServer has no effect`,
  cause:
    'The documented API has no DELETE; our own server answers 405 unless it runs with deletable, or with cookie for the session of that cookie.',
  remedy:
    'To let visitors erase their sessions, start it with --deletable, or deletable: true. Else do nothing.',
})
