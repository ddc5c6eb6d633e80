import { type Patient, type Probe, probe } from './doctor-probe.ts'
import type { Finding } from './finding.ts'

const NEEDED_HEADERS = ['content-type', 'gkc_customerid']

/** Asks as a browser on a page of `origin` would: a preflight each for PUT and POST, then the answer itself. */
export async function examineCors(
  patient: Patient,
  origin: string | undefined,
  created: Probe,
): Promise<Finding> {
  if (!origin)
    return { check: 'cors', verdict: 'skipped', finding: 'Give --origin https://your.shop to examine CORS' }
  const id = created.session?.sessionId
  const problems = [
    ...(await preflight(patient, origin, 'PUT', '/sessions/new')),
    ...(await preflight(patient, origin, 'POST', `/sessions/${id}`)),
    ...(admits(created, origin) ? [] : ['the answer to PUT has no Access-Control-Allow-Origin for it']),
  ]
  if (!problems.length) return { check: 'cors', verdict: 'ok', finding: `Pages of ${origin} may use the API` }
  return {
    check: 'cors',
    verdict: 'fault',
    finding: `Pages of ${origin} may not use the API: ${problems.join('; ')}`,
    cause: 'The API does not name this origin, these methods or these headers in its CORS answers.',
    remedy: `Serve the API below the shop's own origin, or allow the origin: storefront-session serve --cors-origin ${origin}, or cors: { origins: ['${origin}'] }. A proxy must pass OPTIONS on.`,
  }
}

async function preflight(patient: Patient, origin: string, method: string, path: string): Promise<string[]> {
  const answer = await probe({ ...patient, headers: {} }, 'OPTIONS', path, {
    origin,
    'access-control-request-method': method,
    'access-control-request-headers': NEEDED_HEADERS.join(','),
  })
  if (answer.status < 200 || answer.status > 299)
    return [`the preflight for ${method} is answered with ${answer.status || answer.trouble}`]
  if (!admits(answer, origin)) return [`the preflight for ${method} does not name the origin`]
  const methods = list(answer, 'access-control-allow-methods')
  const headers = list(answer, 'access-control-allow-headers')
  return [
    ...(methods.includes(method.toLowerCase()) || methods.includes('*') || method === 'POST'
      ? []
      : [`the method ${method} is not allowed`]),
    ...NEEDED_HEADERS.filter((header) => !headers.includes(header) && !headers.includes('*')).map(
      (header) => `the header ${header} is not allowed for ${method}`,
    ),
  ]
}

const admits = ({ headers }: Probe, origin: string) =>
  ['*', origin].includes(headers.get('access-control-allow-origin') ?? '')

const list = ({ headers }: Probe, name: string) =>
  (headers.get(name) ?? '')
    .toLowerCase()
    .split(',')
    .map((part) => part.trim())
