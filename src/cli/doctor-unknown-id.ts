import { saysSessionNotFound } from '../wire/answer.ts'
import { descriptionOf } from './doctor-answer.ts'
import { explainBarrier, explainRefusal } from './doctor-failure.ts'
import { failureOf, outcomeOf, type Probe } from './doctor-probe.ts'
import { type Finding, ok } from './finding.ts'

/** Whether the client learns that a session is lost. */
export function examineUnknownId(unknown: Probe, created: Probe): Finding {
  const check = 'unknown-id'
  if (unknown.error === 'session-not-found')
    return ok(check, `An unknown id is answered with "Session not found" (HTTP ${unknown.status})`)
  if (unknown.session)
    return {
      check,
      verdict: 'warning',
      finding: 'GET of an unknown id makes a new session silently',
      cause: `Some versions of the API do so${unknown.session.sessionId === created.session?.sessionId ? '; or a cache answered' : ''}.`,
      remedy:
        'The client compares ids and then makes its own session. Each old id leaves an unused session behind.',
    }
  const fault = { check, verdict: 'fault' } as const
  const barrier = explainBarrier(unknown) ?? explainRefusal(unknown)
  if (barrier) return { ...fault, finding: `GET of an unknown id ${failureOf(unknown)}`, ...barrier }
  const finding = `An unknown id is answered with ${outcomeOf(unknown)}`
  if (saysSessionNotFound(descriptionOf(unknown.text)))
    return {
      ...fault,
      finding,
      cause:
        'To the client a session is lost with HTTP 404 or 410, or with an error in a successful answer. This answer is a failure, so it keeps an id that the server does not know.',
      remedy: 'Let the API, or the proxy that changes its status, answer 404.',
    }
  return {
    ...fault,
    finding: `${finding}, which does not say whether the session exists`,
    cause: "A proxy replaces the API's 404 by a page of its own, or the server fails on an unknown id.",
    remedy: 'Let the proxy pass on the answers of the API (nginx: "proxy_intercept_errors off;").',
  }
}
