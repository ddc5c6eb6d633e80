import { CUSTOMER_ID, examineAssociations, GLOBAL_VISIT_ID, VISIT_ID } from './doctor-associations.ts'
import { examineCors, type Named, preflight } from './doctor-cors.ts'
import { examineErasure } from './doctor-erasure.ts'
import { type Patient, type Probe, probe } from './doctor-probe.ts'
import { explainUnreachable } from './doctor-reachability.ts'
import { examineTenant, OTHER_TENANT } from './doctor-tenant.ts'
import { examineUnknownId } from './doctor-unknown-id.ts'
import { type Finding, ok } from './finding.ts'

/** A visitor notices a slower answer on the first page. */
const SLOW_MS = 1_000
/** Reads before the POST, and after it: enough for a round robin to reach each of three servers. */
const SAMPLES = 3

/**
 * Examines a Session Management API: creates, reads, associates and erases one throw-away session; where DELETE does
 * not work, it ends by itself. Whatever the API does becomes a finding; nothing is thrown for it.
 */
export async function examine(patient: Patient, origin: string | undefined): Promise<Finding[]> {
  // As a page of the origin would: a browser needs the CORS headers in each of its answers.
  const visitor = { ...patient, headers: { ...patient.headers, ...(origin && { origin }) } }
  const customer = { gkc_customerId: CUSTOMER_ID }
  const created = await probe(visitor, 'PUT', '/sessions/new', customer, {})
  if (!created.session) return [explainUnreachable(created)]
  const path = `/sessions/${created.session.sessionId}`
  const before = await read(visitor, path)
  const ids = { visitId: VISIT_ID, globalVisitId: GLOBAL_VISIT_ID }
  const associated = await probe(visitor, 'POST', path, customer, ids)
  const after = await read(visitor, path)
  const reads = [...before, ...after]
  const unknown = await probe(visitor, 'GET', `/sessions/${unknownId()}`)
  const foreign = await probe({ ...visitor, tenantId: OTHER_TENANT }, 'GET', path)
  const erased = await probe(visitor, 'DELETE', path)
  const afterErasing = await probe(visitor, 'GET', path)

  return [
    ok('reachability', `PUT /sessions/new made a session (HTTP ${created.status})`),
    examineEnvelope([created, associated, ...reads]),
    await examineCors(patient, origin, path, [
      ['PUT', created],
      ['POST', associated],
      ...reads.map((answer): Named => ['GET', answer]),
      ['GET of an unknown id', unknown],
    ]),
    ...examineAssociations({ created, before, associated, after }),
    examineUnknownId(unknown, created),
    examineTenant(foreign, created),
    await examineErasure(erased, afterErasing, created, async () =>
      origin ? preflight(patient, origin, 'DELETE', path) : [],
    ),
    examineCaching(reads),
    examineLatency([created, associated, ...reads]),
  ]
}

async function read(patient: Patient, path: string): Promise<Probe[]> {
  const reads: Probe[] = []
  for (let sample = 0; sample < SAMPLES; sample++) reads.push(await probe(patient, 'GET', path))
  return reads
}

const unknownId = () => `doctor-${crypto.randomUUID()}`

function examineEnvelope(probes: Probe[]): Finding {
  const seen = [...new Set(probes.flatMap(({ envelope }) => envelope ?? []))]
  const names = {
    response: 'under "response" (as documented)',
    data: 'under "data"',
    bare: 'bare, without an envelope',
  }
  const finding = `The session stands ${seen.map((envelope) => names[envelope]).join(' and ')}`
  if (seen.length === 1) return ok('envelope', finding)
  return {
    check: 'envelope',
    verdict: 'warning',
    finding,
    cause: 'Servers of different versions answer behind one address.',
    remedy: 'Bring the servers to one version. The client reads all three.',
  }
}

function examineCaching(reads: Probe[]): Finding {
  const answer = reads.filter(({ trouble }) => !trouble).at(-1)
  if (!answer) return { check: 'caching', verdict: 'skipped', finding: 'No GET got an answer' }
  const policy = answer.headers.get('cache-control') ?? ''
  if (isGuarded(policy)) return ok('caching', `Cache-Control is "${policy}"`)
  return {
    check: 'caching',
    verdict: 'warning',
    finding: policy ? `Cache-Control is "${policy}"` : 'Answers have no Cache-Control',
    cause: 'A shared cache may keep a session and hand it to another visitor.',
    remedy: 'Send "Cache-Control: no-store" with all answers of the API.',
  }
}

/** Whether shared caches keep an answer to themselves; `no-cache="set-cookie"` is about that one header only. */
const isGuarded = (policy: string): boolean =>
  policy
    .replace(/"(?:[^"\\]|\\.)*"/g, '""')
    .split(',')
    .some((directive) => ['no-store', 'private', 'no-cache'].includes(directive.trim().toLowerCase()))

function examineLatency(probes: Probe[]): Finding {
  const times = probes.map(({ ms }) => ms).sort((a, b) => a - b)
  const median = times[Math.floor(times.length / 2)] ?? 0
  const finding = `Median ${median} ms, slowest ${times.at(-1)} ms of ${times.length} requests`
  if (median <= SLOW_MS) return ok('latency', finding)
  return {
    check: 'latency',
    verdict: 'warning',
    finding,
    cause: 'The server is far away or busy.',
    remedy: 'The storefront does not wait for it on a restore; a first visit waits at most attach.waitMs.',
  }
}
