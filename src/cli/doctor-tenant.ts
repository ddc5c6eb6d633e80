import { explainFailure } from './doctor-failure.ts'
import { failureOf, type Probe } from './doctor-probe.ts'
import { type Finding, ok } from './finding.ts'

/** A tenant that no API has. */
export const OTHER_TENANT = 'storefront-session-doctor'

/** Whether a session is kept apart from other tenants: `foreign` is a GET of it under another `tenantId`. */
export function examineTenant(foreign: Probe, created: Probe): Finding {
  const check = 'tenant'
  if (foreign.session && foreign.session.sessionId === created.session?.sessionId)
    return {
      check,
      verdict: 'warning',
      finding: 'The session is found under another tenantId, too',
      cause: 'The server ignores tenantId, as versions without tenants do; or a cache answers for it.',
      remedy:
        'With one tenant, do nothing. With several, run an API for each of them, or a server that keeps them apart, such as storefront-session serve.',
    }
  if (foreign.trouble || foreign.status >= 500)
    return {
      check,
      verdict: 'warning',
      finding: `GET of the session under another tenantId ${failureOf(foreign)}`,
      ...explainFailure(foreign),
    }
  return ok(check, `The session is not found under another tenantId (HTTP ${foreign.status})`)
}
