import { type Patient, type Probe, probe } from './doctor-probe.ts'
import { type Finding, ok } from './finding.ts'

const NEEDED_HEADERS = ['content-type', 'gkc_customerid']
/** All that `storefront-session serve` allows; no setting of it allows another header. */
const OUR_HEADERS = [...NEEDED_HEADERS, 'gkc_agentid', 'authorization']
/** Browsers send these without asking, or let no page set them. */
const UNASKED_HEADERS = [
  'accept',
  'accept-language',
  'content-language',
  'cookie',
  'host',
  'origin',
  'referer',
]

/** An answer to a request that named the origin, and how to call it. */
export type Named = readonly [request: string, answer: Probe]

/** What keeps a page from the API, and what helps. */
interface Problem {
  finding: string
  remedy: string
}

/**
 * Asks as a browser on a page of `origin` would: a preflight each for PUT and POST. The answers were got with this
 * origin before; a page must be able to read all of them, errors included.
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

/** A problem that goes away with the origin on the list of the server. */
const shutOut = (origin: string, finding: string): Problem => ({
  finding,
  remedy: `Serve the API below the shop's own origin, or allow the origin: storefront-session serve --cors-origin ${origin}, or cors: { origins: ['${origin}'] }. A proxy must pass OPTIONS on; nginx names the origin in errors, too, with "add_header … always;".`,
})

function withoutHeader(origin: string, method: string, header: string): Problem {
  const finding = `the header ${header} is not allowed for ${method}`
  if (OUR_HEADERS.includes(header)) return shutOut(origin, finding)
  return {
    finding,
    remedy: `Let the API allow each header that is sent. storefront-session serve allows only ${OUR_HEADERS.join(', ')}: another one needs a proxy before it that answers the preflight, or the API below the shop's own origin.`,
  }
}

/** The answers that came, and that a page of `origin` can not read; each request once. */
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

/** Names of methods are compared letter by letter, unlike those of headers. */
function inOtherCase(methods: string[], method: string): string {
  const other = methods.find((name) => name.toUpperCase() === method)
  return other ? `, only ${other}, and browsers want it in upper case` : ''
}

/** What a browser asks leave for, when a page sends what the doctor was told to send. */
const neededHeaders = ({ headers }: Patient): string[] => {
  const told = Object.keys(headers).map((name) => name.toLowerCase())
  return [...new Set([...NEEDED_HEADERS, ...told.filter((name) => !UNASKED_HEADERS.includes(name))])].sort()
}

/** The wildcard does not stand for Authorization, which has to be named. */
const allows = (allowed: string[], header: string): boolean =>
  allowed.includes(header) || (allowed.includes('*') && header !== 'authorization')

const admits = ({ headers }: Probe, origin: string) =>
  ['*', origin].includes(headers.get('access-control-allow-origin') ?? '')

const list = ({ headers }: Probe, name: string) =>
  (headers.get(name) ?? '').split(',').map((part) => part.trim())
