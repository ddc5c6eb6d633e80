import { examine } from './doctor.ts'
import type { Patient } from './doctor-probe.ts'
import type { Finding } from './finding.ts'
import { readFlags } from './read-flags.ts'
import { UsageError } from './usage-error.ts'

const DOCTOR_HELP = `storefront-session doctor URL: examines a Session Management API

  URL                 its base URL, such as https://shop.example/gks-server/v1
  --origin ORIGIN     examine CORS for pages of this origin, such as https://shop.example
  --tenant ID         send tenantId with every request
  --header NAME:VALUE send this header with every request; may be repeated
  --timeout MS        how long to wait for one answer                  10000
  --json              findings as JSON
  --help              this text

It creates, reads, associates and erases one throw-away session. Exit code: 0 if there is no fault, 1 if there is one,
2 if the command line is wrong. With a warning the client works all the same.
`

const FLAGS = {
  origin: { type: 'string' },
  tenant: { type: 'string' },
  header: { type: 'string', multiple: true },
  timeout: { type: 'string', default: '10000' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

/** `storefront-session doctor URL`: prints the findings and gives the exit code. */
export async function runDoctor(args: string[]): Promise<number> {
  const { values, positionals } = readFlags('doctor', { args, options: FLAGS, allowPositionals: true })
  if (values.help) {
    process.stdout.write(DOCTOR_HELP)
    return 0
  }
  const [url, ...rest] = positionals
  if (!url || rest.length) throw new UsageError('doctor takes exactly one URL (see doctor --help)')
  const patient: Patient = {
    baseUrl: parseUrl(url),
    tenantId: values.tenant,
    headers: Object.fromEntries((values.header ?? []).map(parseHeader)),
    timeoutMs: parseTimeout(values.timeout),
  }
  const findings = await examine(patient, values.origin && parseOrigin(values.origin))
  const healthy = !findings.some(({ verdict }) => verdict === 'fault')
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ url: patient.baseUrl, healthy, findings }, null, 2)}\n`
      : `${findings.map(describe).join('\n')}\n\n${healthy ? 'No fault found.' : 'There are faults.'}\n`,
  )
  return healthy ? 0 : 1
}

const MARKS = { ok: 'ok     ', warning: 'warning', fault: 'FAULT  ', skipped: 'skipped' }

const describe = ({ check, verdict, finding, cause, remedy }: Finding): string =>
  [
    `${MARKS[verdict]}  ${check}: ${finding}`,
    ...(cause ? [`           cause:  ${cause}`] : []),
    ...(remedy ? [`           remedy: ${remedy}`] : []),
  ].join('\n')

function parseUrl(text: string): string {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text))
    throw new UsageError('doctor needs an http or https URL, such as https://host/gks-server/v1')
  const { origin, pathname, search, username, password } = new URL(text)
  // Without them, the doctor would examine another URL than the one that was meant.
  if (search) throw new UsageError('doctor takes a URL without ?…; a tenant is given with --tenant')
  if (username || password)
    throw new UsageError(
      'doctor takes a URL without user and password; give them with --header "Authorization: Basic …"',
    )
  return origin + pathname.replace(/\/+$/, '')
}

function parseOrigin(text: string): string {
  if (!URL.canParse(text) || new URL(text).origin === 'null')
    throw new UsageError(`--origin must be an origin such as https://shop.example, not "${text}"`)
  return new URL(text).origin
}

function parseHeader(text: string): [string, string] {
  const [, name, value] = /^([^:\s]+):\s*(.*)$/.exec(text) ?? []
  if (!name || value === undefined) throw new UsageError('--header must look like Name: value')
  if (!isHeader(name, value))
    throw new UsageError(`--header ${name}: its name or its value has characters that HTTP does not allow`)
  return [name, value]
}

function isHeader(name: string, value: string): boolean {
  try {
    return new Headers([[name, value]]).has(name)
  } catch {
    // Headers refuses what fetch can't send.
    return false
  }
}

function parseTimeout(text: string): number {
  const ms = /^\d{1,7}$/.test(text) ? Number(text) : 0
  if (ms > 0) return ms
  throw new UsageError(`--timeout must be a number of milliseconds, not "${text}"`)
}
