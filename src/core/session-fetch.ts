import { saysSessionNotFound } from '../wire/answer.ts'
import { settledWithin } from '../wire/settled-within.ts'
import { notFound } from './answers.ts'
import { createAttachRule, parseUrl } from './attach-rule.ts'
import { addressOf, attachedRequest, type StorefrontRequest } from './attached-request.ts'
import type { UnattachedReason } from './events.ts'
import { entered } from './lifecycle.ts'
import { looked } from './looks.ts'
import { idOf, phaseOf, type Session } from './session.ts'
import { ask } from './session-requests.ts'
import { turn } from './turn.ts'
import { reportUncaught } from './uncaught.ts'

/** A 2xx answer is only looked into where its length says that it is no longer than an error envelope. */
const ENVELOPE_BYTES = 512

/** The middleware: `fetch`, with the session attached where it belongs. */
export function createSessionFetch(session: Session, ready: () => Promise<unknown>): typeof globalThis.fetch {
  const { options, environment, waitMs } = session
  const { fetch } = environment
  const attach = options.attach ?? {}
  const name = attach.name ?? 'sessionId'
  const rule = createAttachRule(attach, options.baseUrl, environment.href)
  /** Requests without a session wait until then, all together; in another lifetime anew. Wall clock, in milliseconds. */
  let deadline = 0
  let waitedFor: AbortController | undefined

  return (input, init) => {
    const url = parseUrl(addressOf(input), environment.href())
    if (!url) return fetch(input, init)
    const request = (input as Request | undefined)?.url ? (input as Request) : undefined
    const method = init?.method ?? request?.method ?? 'GET'
    const origin = environment.origin()
    const storefront: StorefrontRequest = { input, init, url, method, request, origin }
    const verdict = rule(url, method)
    if (verdict !== 'attach') return unattached(session, storefront, verdict)
    try {
      if (attach.as === 'header') storefront.headers = new Headers(init?.headers ?? request?.headers)
    } catch {
      return fetch(input, init) // fetch itself says what is wrong with these headers.
    }
    // What becomes of an id of the caller's own says nothing about ours.
    if (storefront.headers?.has(name) || url.searchParams.has(name)) return fetch(input, init)

    const id = currentId(session)
    if (id) return sendAndMend(session, storefront, name, id)
    if (!session.isBrowser || !session.isEnabled) return unattached(session, storefront, 'disabled')
    const now = environment.now()
    if (waitedFor !== session.lifetime) {
      waitedFor = session.lifetime
      deadline = now + waitMs
    }
    const signal = signalOf(storefront)
    return settledWithin(environment, Math.min(deadline - now, waitMs), ready(), signal).then(() => {
      signal?.throwIfAborted()
      const later = currentId(session)
      return later ? sendAndMend(session, storefront, name, later) : unattached(session, storefront, 'waited')
    })
  }
}

/** Sends the request as the caller made it, and tells why the id is not on it. */
function unattached(
  session: Session,
  { input, init, url, method }: StorefrontRequest,
  reason: UnattachedReason,
) {
  session.events.note({ type: 'unattached', method, path: url.pathname, reason })
  return session.environment.fetch(input, init)
}

/** `name`: of the parameter or header that carries the id. */
async function send(session: Session, storefront: StorefrontRequest, name: string, id: string) {
  const { method, url } = storefront
  session.events.note({ type: 'attached', sessionId: id, method, path: url.pathname })
  return session.environment.fetch(...(await attachedRequest(storefront, name, id)))
}

/** Sends the request with the id. Where the answer says that the session is lost, it is made again. */
async function sendAndMend(session: Session, storefront: StorefrontRequest, name: string, id: string) {
  const { method, init, request } = storefront
  const response = await send(session, storefront, name, id)
  if (response.type === 'opaque' || !(await isLost(session, response))) return response
  await settledWithin(session.environment, session.waitMs, mend(session, id))
  const isRepeatable =
    /^(get|head)$/i.test(method) ||
    // A verdict in another shape may come after the deed.
    (!session.options.attach?.isLost &&
      !(init?.body instanceof ReadableStream) &&
      (storefront.body || storefront.spare || !request?.bodyUsed))
  const now = currentId(session)
  return isRepeatable && now && !signalOf(storefront)?.aborted
    ? send(session, storefront, name, now)
    : response
}

const signalOf = ({ init, request }: StorefrontRequest) => init?.signal ?? request?.signal

/** The id that a request gets now, after a look into storage. */
function currentId(session: Session): string | null {
  const { isBrowser, isEnabled, initialSession, persistence } = session
  if (!isEnabled) return null
  if (!isBrowser) return initialSession?.sessionId ?? null
  const id = idOf(session)
  // Nothing has changed in storage: the common case costs one read.
  if (id && phaseOf(session) === 'open' && persistence.read('') === id) return id
  turn(session, entered)
  // A handler of the app may have left the session by now.
  return idOf(session)
}

/** An answer said that this id is unknown; resolves when that is mended, or can't be. */
async function mend(session: Session, id: string): Promise<void> {
  turn(session, (record) => {
    looked(record)
    // Seen alive by this page: made again under the same id. Else the server is asked first.
    if (idOf(record) === id && record.standing.is === 'confirmed') notFound(record, id, 'lost')
  })
  if (idOf(session) === id) await ask(session)
}

/** Whether an answer of the storefront's own server says that it does not know the session. */
async function isLost(session: Session, response: Response): Promise<boolean> {
  const { options, environment, waitMs } = session
  const { status, headers } = response
  const judge = options.attach?.isLost
  if (judge) {
    let verdict: unknown
    const judging = (async () => {
      verdict = await judge(response.clone())
    })()
    // A verdict that fails or does not come means no: the answer is the caller's in any case.
    await settledWithin(environment, waitMs, judging.catch(reportUncaught))
    if (verdict) return true
  }
  const isCandidate =
    (status === 404 ||
      status === 410 ||
      (response.ok && Number(headers.get('content-length') ?? Number.NaN) <= ENVELOPE_BYTES)) &&
    /json/.test(headers.get('content-type') ?? '')
  if (!isCandidate) return false
  let said = ''
  const reading = response
    .clone()
    .text()
    .then((text) => {
      said = text
    })
  // A body that stalls is the caller's to wait for.
  await settledWithin(environment, waitMs, reading)
  return saysSessionNotFound(said)
}
