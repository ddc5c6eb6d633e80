import { ASSOCIATION_FIELDS, type AssociationField, type SessionInfo } from '../wire/session-info.ts'
import { explainFailure } from './doctor-failure.ts'
import { failureOf, type Probe } from './doctor-probe.ts'
import { type Finding, ok } from './finding.ts'

export const CUSTOMER_ID = 'storefront-session-doctor'
export const VISIT_ID = 'doctor-visit'
export const GLOBAL_VISIT_ID = 'doctor-global-visit'

/** The requests about the throw-away session, in this order. */
export interface Examination {
  created: Probe
  /** Reads before the POST: a POST would make the session on a server that does not know it. */
  before: Probe[]
  associated: Probe
  after: Probe[]
}

/** Whether ids that are sent arrive, are kept, and come back. */
export function examineAssociations({ created, before, associated, after }: Examination): Finding[] {
  const told = associated.session
  if (!told) return [missingAssociation(associated)]
  if (told.sessionId !== created.session?.sessionId) return [ANOTHER_SESSION]
  const shown = [told, ...after.map(({ session }) => session)]
  const cameBack = (name: AssociationField, value: string) =>
    shown.some((session) => session?.[name] === value)
  const customer = cameBack('customerId', CUSTOMER_ID) || created.session.customerId === CUSTOMER_ID
  const visit = cameBack('visitId', VISIT_ID) && cameBack('globalVisitId', GLOBAL_VISIT_ID)
  return [
    examineHeaders(customer, visit),
    findFailed([...before, ...after]) ??
      findScattered(told, before, after) ??
      (visit ? ok('associations', 'Associated ids come back') : SILENT_SERVER),
  ]
}

const missingAssociation = (associated: Probe): Finding => ({
  check: 'associations',
  verdict: 'fault',
  finding: `POST /sessions/{sessionId} ${failureOf(associated)}`,
  ...(associated.error === 'session-not-found'
    ? {
        cause: 'The server does not know the session that it has just made, or a proxy blocks POST.',
        remedy:
          'With several servers, check that they share one store; check the methods that the proxy allows.',
      }
    : explainFailure(associated)),
})

const ANOTHER_SESSION: Finding = {
  check: 'associations',
  verdict: 'fault',
  finding: 'POST /sessions/{sessionId} answers another session than the one it was asked about',
  cause:
    'A cache or a proxy answers with the session of another visitor, or the server makes a new one each time.',
  remedy: 'Let no cache keep these answers, and check that the proxy passes the path on as it is.',
}

const SILENT_SERVER: Finding = {
  check: 'associations',
  verdict: 'warning',
  finding: 'Associated visit ids do not come back',
  cause: 'The server does not store them, or does not show them.',
  remedy: 'Do nothing, unless other systems should read them: the client keeps the ids that it has sent.',
}

function examineHeaders(customer: boolean, visit: boolean): Finding {
  if (customer) return ok('headers', 'The header gkc_customerId arrives')
  if (visit)
    return {
      check: 'headers',
      verdict: 'fault',
      finding: 'The customer id never arrives, though the visit ids do',
      cause:
        'A proxy drops headers whose names have an underscore, such as gkc_customerId; nginx does by default.',
      remedy:
        'nginx: "underscores_in_headers on;" in the server block. AWS load balancer: turn off "drop invalid header fields". Others: allow underscores in header names.',
    }
  return {
    check: 'headers',
    verdict: 'warning',
    finding: 'The doctor can not see whether gkc_customerId arrives: the server answers no associations',
    cause: 'This version of the API does not show them.',
    remedy: 'Look into the log of the server for the customer id "storefront-session-doctor".',
  }
}

/** A fault where the client can not use the answer to a read, which then tells nothing of the session. */
function findFailed(reads: Probe[]): Finding | undefined {
  const failed = reads.find(({ error }) => error && error !== 'session-not-found')
  return (
    failed && {
      check: 'associations',
      verdict: 'fault',
      finding: `GET /sessions/{sessionId} ${failureOf(failed)}`,
      ...explainFailure(failed),
    }
  )
}

/** A fault where reads disagree with PUT or POST: another server may have answered. */
function findScattered(told: SessionInfo, before: Probe[], after: Probe[]): Finding | undefined {
  const fault = {
    check: 'associations',
    verdict: 'fault',
    cause: 'Several servers with a store each stand behind one address, or a cache answers for them.',
    remedy: 'Let the servers share one store (redis://…), and let no cache keep these answers.',
  } as const
  if (![...before, ...after].every(({ session }) => session?.sessionId === told.sessionId))
    return { ...fault, finding: 'GET does not always find the session that was just made' }
  if (!after.every(({ session }) => showsAll(told, session)))
    return { ...fault, finding: 'GET does not always show what POST has just associated' }
}

/** Whether a read has each id that the answer to POST had. */
const showsAll = (told: SessionInfo, read: SessionInfo | null): boolean =>
  ASSOCIATION_FIELDS.every((name) => told[name] === undefined || read?.[name] === told[name])
