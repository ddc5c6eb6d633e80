import { descriptionOf, type Reading, readAsClient } from './doctor-answer.ts'

/** Where the examined API is, and how to ask it. */
export interface Patient {
  baseUrl: string
  tenantId?: string | undefined
  /** Sent with every request, such as `Authorization`. */
  headers: Record<string, string>
  timeoutMs: number
}

/** One request of the doctor and its answer. */
export interface Probe extends Reading {
  ms: number
  /** 0 where no answer came. */
  status: number
  headers: Headers
  /** Empty where the body did not arrive completely. */
  text: string
  /** Code of the network error, such as `ECONNREFUSED`; null where a whole answer came. */
  trouble: string | null
}

/** Sends one request. A failure is part of the result. */
export async function probe(
  { baseUrl, tenantId, headers, timeoutMs }: Patient,
  method: string,
  path: string,
  extra: Record<string, string> = {},
  body?: object,
): Promise<Probe> {
  const start = performance.now()
  const query = tenantId ? `?tenantId=${encodeURIComponent(tenantId)}` : ''
  const took = () => Math.round((performance.now() - start) * 10) / 10
  let head = { status: 0, headers: new Headers() }
  try {
    const answer = await fetch(`${baseUrl}${path}${query}`, {
      method,
      headers: { ...headers, ...extra, ...(body && { 'content-type': 'application/json' }) },
      body: body ? JSON.stringify(body) : null,
      // The client follows no redirect either.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    head = { status: answer.status, headers: answer.headers }
    const text = await answer.text()
    return { ms: took(), ...head, text, ...readAsClient(head, text, method), trouble: null }
  } catch (error) {
    const trouble = troubleOf(error)
    const reading = {
      session: null,
      envelope: null,
      error: trouble === 'TIMEOUT' ? 'timeout' : 'network',
    } as const
    return { ms: took(), ...head, text: '', ...reading, trouble }
  }
}

/** The outcome of a request, in words. */
export function outcomeOf({ status, text, trouble }: Probe): string {
  if (trouble) return status ? `HTTP ${status}, but no whole body: ${trouble}` : `no answer: ${trouble}`
  const description = descriptionOf(text)
  return `HTTP ${status}${description && `: ${description}`}`
}

/** The failure of a request that got no session, in words. */
export const failureOf = (answer: Probe): string =>
  `${answer.trouble || answer.status >= 400 ? 'fails' : 'answers no session'} (${outcomeOf(answer)})`

function troubleOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  if (error.name === 'TimeoutError') return 'TIMEOUT'
  const { cause } = error
  if (!(cause instanceof Error)) return error.message
  return 'code' in cause ? String(cause.code) : cause.message
}
