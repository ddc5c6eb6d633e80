import { explainBarrier, explainFailure } from './doctor-failure.ts'
import { failureOf, type Probe } from './doctor-probe.ts'
import type { Finding } from './finding.ts'

/** Why no session could be made. */
export function explainUnreachable(answer: Probe): Finding {
  const { status, text, headers, trouble } = answer
  const fault = { check: 'reachability', verdict: 'fault' } as const
  const barrier = explainBarrier(answer)
  if (barrier)
    return {
      ...fault,
      finding: `PUT /sessions/new ${trouble === 'TIMEOUT' ? 'got no answer in time' : failureOf(answer)}`,
      ...barrier,
    }
  // This comes before HTML pages, because proxies ask for credentials with one.
  if (status === 401 || status === 403)
    return {
      ...fault,
      finding: `PUT /sessions/new is refused (HTTP ${status})`,
      cause: 'Something before the API asks for credentials; the API itself needs no role.',
      remedy: 'Open the path for visitors, or give the credentials with --header.',
    }
  if (/text\/html/i.test(headers.get('content-type') ?? '') || /^\s*</.test(text))
    return {
      ...fault,
      finding: `PUT /sessions/new answers a page of HTML (HTTP ${status})`,
      cause:
        'The URL leads to a website, the fallback page of a single-page app, or an error page of a proxy.',
      remedy:
        'Give the base URL of the API, such as https://host/gks-server/v1, and let the proxy pass that path on.',
    }
  if (status === 404 || status === 405)
    return {
      ...fault,
      finding: `There is no PUT /sessions/new (HTTP ${status})`,
      cause: 'The base path is wrong, or a proxy does not pass PUT on.',
      remedy:
        'Check the path of the URL (it goes up to /sessions, without it) and the methods that the proxy allows.',
    }
  return { ...fault, finding: `PUT /sessions/new ${failureOf(answer)}`, ...explainFailure(answer) }
}
