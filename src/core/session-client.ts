import { isSessionError, type SessionError } from '../wire/session-error.ts'
import {
  type AssociationField,
  type Associations,
  checkAssociations,
  fieldsOf,
  type SessionInfo,
} from '../wire/session-info.ts'
import { settledWithin } from '../wire/settled-within.ts'
import { invalid } from './answers.ts'
import { accept, confirmation, isOpen, unconfirmed } from './associations.ts'
import { browserEnvironment } from './browser-environment.ts'
import { left } from './departure.ts'
import type { Environment } from './environment.ts'
import { begun, entered, identified, loaded } from './lifecycle.ts'
import { looked } from './looks.ts'
import { isDue } from './next-request.ts'
import { checkOptions, type SessionClientOptions } from './options.ts'
import { forget, setEnabled, start, stop } from './page-life.ts'
import { idOf, infoOf, isAlive, phaseOf, type Session, type SessionRecord } from './session.ts'
import { assemble, demandEnabled, handedToServer, snapshot } from './session-assembly.ts'
import type { SessionClient } from './session-client-type.ts'
import { createSessionFetch } from './session-fetch.ts'
import { ask } from './session-requests.ts'
import { deriveState, type SessionState } from './session-state.ts'
import { refreshState, silentTurn, turn } from './turn.ts'
import { warnOfTexts } from './warnings.ts'

/**
 * Makes the client of one storefront session. Reads storage, sends nothing.
 *
 * @throws SessionError `invalid-input` for a wrong option; the message names the option, its value and what is allowed
 * @example
 * const client = createSessionClient({ baseUrl: '/gks-server/v1' })
 * client.start()
 */
export function createSessionClient(options: SessionClientOptions): SessionClient
/** @internal */
export function createSessionClient(
  options: SessionClientOptions,
  environment: Environment | undefined,
): SessionClient
export function createSessionClient(
  options: SessionClientOptions,
  environment: Environment | undefined = browserEnvironment(),
): SessionClient {
  checkOptions(options)
  const session = assemble(options, environment)
  // A constant for server and hydration: it contains nothing of storage.
  const serverState = deriveState(session, undefined)
  if (session.isBrowser && session.isEnabled) silentTurn(session, loaded)
  return createMethods(session, serverState)
}

/** Callers may ignore the promise: a rejection is also reported by state and events. */
const quiet =
  <Args extends unknown[], T>(work: (...args: Args) => Promise<T>) =>
  (...args: Args): Promise<T> => {
    const promise = work(...args)
    promise.catch(() => undefined)
    return promise
  }

function createMethods(session: Session, serverState: SessionState): SessionClient {
  const { cache, options } = session
  return {
    queryOptions: cache.queryOptions,
    start: () => start(session),
    stop: () => stop(session),
    getState: () => stateOf(session),
    getServerState: () => serverState,
    subscribe: (listener) => subscribe(session, listener),
    ready: quiet(() => ready(session)),
    settled: () => settled(session),
    associate: quiet((ids) => associate(session, ids)),
    identify: (customerId) => identify(session, customerId ?? null),
    reset: quiet(async () => {
      enter(session, (record) => left(record, 'us'))
      return ready(session)
    }),
    forget: () => forget(session),
    setEnabled: (isEnabled) => setEnabled(session, isEnabled),
    setQueryClient(queryClient) {
      if (!options.queryClient) cache.moveTo(queryClient)
    },
    observe: session.events.observe,
    pendingFields: () => fieldsOf(unconfirmed(session)),
    fetch: createSessionFetch(session, () => ready(session)),
  }
}

function stateOf(session: Session): SessionState {
  const phase = phaseOf(session)
  if (phase === 'open' && session.told) return session.told
  // This page hears nothing of the other tabs: it must not show a session that another tab has left.
  if (phase !== 'off' && session.isBrowser) silentTurn(session, looked)
  return refreshState(session)
}

function subscribe({ listeners }: Session, listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** One turn in which something is asked of the client. Another tab may have forgotten the session, as it turns out. */
function enter<T>(session: Session, transition: (record: SessionRecord) => T): T {
  demandEnabled(session)
  return turn(session, (record) => {
    entered(record)
    demandEnabled(record)
    return transition(record)
  })
}

async function ready(session: Session): Promise<SessionInfo> {
  const given = handedToServer(session)
  if (given) return given
  enter(session, begun)
  if (idOf(session)) {
    // A stored session can be used at once: an API that is slow holds up nobody.
    if (isDue(session)) await settledWithin(session.environment, session.waitMs, ask(session))
    demandEnabled(session)
  }
  while (!idOf(session)) {
    const { lifetime } = session
    await ask(session).catch((error) => {
      // Left while it was asked for: the next one is waited for. Another tab may have made one, too.
      if (!isAlive(session) || (session.lifetime === lifetime && !idOf(session))) throw error
    })
    demandEnabled(session)
  }
  return snapshot(session)
}

async function settled(session: Session): Promise<SessionState> {
  const isOpen = () => stateOf(session).status === 'pending'
  if (!session.isBrowser || !isOpen()) return stateOf(session)
  try {
    enter(session, begun)
  } catch {
    return stateOf(session) // which says that another tab has forgotten the session
  }
  let unsubscribe = (): unknown => undefined
  const change = new Promise<void>((resolve) => {
    unsubscribe = subscribe(session, () => isOpen() || resolve())
  })
  await settledWithin(session.environment, session.waitMs, change)
  unsubscribe()
  return stateOf(session)
}

async function associate(session: Session, ids: Associations): Promise<SessionInfo> {
  const given = check(session, ids)
  const isConfirmed = ({ standing }: Session, field: AssociationField) =>
    standing.is === 'confirmed' && infoOf(session)?.[field] === given[field]
  const confirming = enter(session, (record) => {
    const isNews = (field: AssociationField) => isOpen(record, field) || !isConfirmed(record, field)
    if (!fieldsOf(given).some(isNews)) return
    accept(record, given)
    return confirmation(record, given)
  })
  if (!confirming) return ready(session)
  await confirming
  return snapshot(session)
}

function identify(session: Session, said: string | null): void {
  try {
    if (said !== null) check(session, { customerId: said })
    if (session.isBrowser) turn(session, (record) => identified(record, said))
  } catch (error) {
    if (!isSessionError(error)) throw error // state and events tell the others
  }
}

/** @throws SessionError `invalid-input`; state and events tell it, too */
function check(session: Session, ids: Associations): Associations {
  try {
    const given = checkAssociations(ids)
    if (process.env.NODE_ENV !== 'production') warnOfTexts(given)
    return given
  } catch (error) {
    turn(session, (record) => invalid(record, error as SessionError, fieldsOf(ids ?? {}))) // checkAssociations throws nothing else
    throw error
  }
}
