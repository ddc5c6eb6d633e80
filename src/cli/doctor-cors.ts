import { type Patient, type Probe, probe } from './doctor-probe.ts'
import { type Finding, ok } from './finding.ts'

const NEEDED_HEADERS = ['content-type', 'gkc_customerid']
/** The headers that `storefront-session serve` allows; no setting of it adds to them. */
const OUR_HEADERS = [...NEEDED_HEADERS, 'gkc_agentid', 'authorization']
/** For these headers a browser needs no leave, or no page can set them. */
const UNASKED_HEADERS = [
  'accept',
  'accept-language',
  'content-language',
  'cookie',
  'host',
  'origin',
  'referer',
]

/** An answer to a request that named the origin, with a name for that request. */
export type Named = readonly [request: string, answer: Probe]

/** A reason why a page can't use the API, and what helps. */
interface Problem {
  finding: string
  remedy: string
}

/**
 * Asks as a browser on a page of `origin` does: a preflight each for PUT and POST. The given answers were asked for
 * with this origin; a page must be able to read all of them, errors included.
 */
export async function examineCors(
  patient: Patient,
  origin: string | undefined,
  sessionPath: string,
  answers: Named[],
): Promise<Finding> {
  if (!origin)
    return { check: 'cors', verdict: 'skipped', finding: 'Give --origin https://your.shop to examine CORS' }
  const problems = [
    ...(await preflight(patient, origin, 'PUT', '/sessions/new')),
    ...(await preflight(patient, origin, 'POST', sessionPath)),
    ...unreadable(answers, origin),
  ]
  if (!problems.length) return ok('cors', `Pages of ${origin} may use the API`)
  return {
    check: 'cors',
    verdict: 'fault',
    finding: `Pages of ${origin} may not use the API: ${problems.map(({ finding }) => finding).join('; ')}`,
    cause:
      'The API does not name this origin, these methods or these headers in its CORS answers. A page that can not read "Session not found" never learns that its session is lost.',
    remedy: [...new Set(problems.map(({ remedy }) => remedy))].join(' '),
  }
}

/** A problem that is solved when the server allows the origin. */
const shutOut = (origin: string, finding: string): Problem => ({
  finding,
  remedy: `Serve the API below the shop's own origin, or allow the origin: storefront-session serve --cors-origin ${origin}, or cors: { origins: ['${origin}'] }. A proxy must pass OPTIONS on; nginx names the origin in errors, too, with "add_header … always;".`,
})

function withoutHeader(origin: string, method: string, header: string): Problem {
  const finding = `the header ${header} is not allowed for ${method}`
  if (OUR_HEADERS.includes(header)) return shutOut(origin, finding)
  return {
    finding,
    remedy: `Let the API allow each header that is sent. storefront-session serve allows only ${OUR_HEADERS.join(', ')}: for another one, let a proxy before it answer the preflight, or serve the API below the shop's own origin.`,
  }
}

/** The answers that a page of `origin` can not read; each request once. */
function unreadable(answers: Named[], origin: string): Problem[] {
  const closed = answers.filter(([, answer]) => !answer.trouble && !admits(answer, origin))
  return [...new Set(closed.map(([request]) => request))].map((request) =>
    shutOut(origin, `the answer to ${request} has no Access-Control-Allow-Origin for it`),
  )
}

/** What keeps pages of `origin` from a method, by the answer to its preflight. */
export async function preflight(
  patient: Patient,
  origin: string,
  method: string,
  path: string,
): Promise<Problem[]> {
  const needed = neededHeaders(patient)
  const answer = await probe({ ...patient, headers: {} }, 'OPTIONS', path, {
    origin,
    'access-control-request-method': method,
    'access-control-request-headers': needed.join(','),
  })
  if (answer.status < 200 || answer.status > 299)
    return [
      shutOut(origin, `the preflight for ${method} is answered with ${answer.status || answer.trouble}`),
    ]
  if (!admits(answer, origin))
    return [shutOut(origin, `the preflight for ${method} does not name the origin`)]
  const methods = list(answer, 'access-control-allow-methods')
  const headers = list(answer, 'access-control-allow-headers').map((header) => header.toLowerCase())
  return [
    ...(methods.includes(method) || methods.includes('*') || method === 'POST'
      ? []
      : [shutOut(origin, `the method ${method} is not allowed${inOtherCase(methods, method)}`)]),
    ...needed
      .filter((header) => !allows(headers, header))
      .map((header) => withoutHeader(origin, method, header)),
  ]
}

/** Browsers compare the names of methods case by case, unlike those of headers. */
function inOtherCase(methods: string[], method: string): string {
  const other = methods.find((name) => name.toUpperCase() === method)
  return other ? `, only ${other}, and browsers want it in upper case` : ''
}

/** The headers for which a browser asks leave, when a page sends the same headers as the doctor. */
const neededHeaders = ({ headers }: Patient): string[] => {
  const told = Object.keys(headers).map((name) => name.toLowerCase())
  return [...new Set([...NEEDED_HEADERS, ...told.filter((name) => !UNASKED_HEADERS.includes(name))])].sort()
}

/** The wildcard does not include Authorization. */
const allows = (allowed: string[], header: string): boolean =>
  allowed.includes(header) || (allowed.includes('*') && header !== 'authorization')

const admits = ({ headers }: Probe, origin: string) =>
  ['*', origin].includes(headers.get('access-control-allow-origin') ?? '')

const list = ({ headers }: Probe, name: string) =>
  (headers.get(name) ?? '').split(',').map((part) => part.trim())
