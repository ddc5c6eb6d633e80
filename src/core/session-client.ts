import { QueryClient as CoreQueryClient } from '@tanstack/query-core'
import { TIMEOUT_MS } from '../wire/session-api.ts'
import { isSessionError, SessionError } from '../wire/session-error.ts'
import {
  type AssociationField,
  type Associations,
  checkAssociations,
  fieldsOf,
  type SessionInfo,
} from '../wire/session-info.ts'
import { settledWithin } from '../wire/settled-within.ts'
import { accept, confirmation, isOpen, unconfirmed } from './associations.ts'
import { createBackOff } from './back-off.ts'
import { browserEnvironment, nowhere } from './browser-environment.ts'
import { left } from './departure.ts'
import type { Environment } from './environment.ts'
import { createEvents } from './events.ts'
import { asked, begun, entered, identified, loaded } from './lifecycle.ts'
import { isDue } from './next-request.ts'
import { checkOptions, type SessionClientOptions } from './options.ts'
import { createListening, forget, hear, setEnabled, start, stop } from './page-life.ts'
import { createPersistence } from './persistence.ts'
import {
  confirmedAt,
  createSession,
  idOf,
  infoOf,
  isAlive,
  phaseOf,
  type Session,
  type SessionRecord,
} from './session.ts'
import { createSessionCache } from './session-cache.ts'
import type { SessionClient } from './session-client-type.ts'
import { createSessionFetch } from './session-fetch.ts'
import { ask, confirm, work } from './session-requests.ts'
import { deriveState, type SessionState } from './session-state.ts'
import { createTabChannel } from './tab-channel.ts'
import { createTabLock } from './tab-lock.ts'
import { invalid, looked } from './transitions.ts'
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

/** Makes the parts of a session. On a server there is no browser whose session it could be. */
function assemble(options: SessionClientOptions, environment: Environment | undefined): Session {
  const { baseUrl, tenantId = '', timeoutMs = TIMEOUT_MS, revalidateMs = 300_000, attach } = options
  const world = environment ?? nowhere
  const storageKey =
    options.storageKey ?? `storefront-session${tenantId && `@${encodeURIComponent(tenantId)}`}`
  const persistence = createPersistence(world, storageKey, options.storage ?? 'local')
  const session: Session = createSession({
    options,
    environment: world,
    isBrowser: !!environment,
    storageKey,
    revalidateMs,
    waitMs: attach?.waitMs ?? 2_000,
    timeoutMs,
    fetch: (input, init) => (options.fetch ?? world.fetch)(input, init),
    persistence,
    waitingRoom: options.durable === false ? createPersistence(world, storageKey, 'memory') : persistence,
    cache: createSessionCache({
      // Another copy of query-core is the same to us: only its methods are used.
      queryClient: options.queryClient ?? new CoreQueryClient(),
      key: [storageKey, baseUrl, tenantId],
      revalidateMs,
      timers: world,
      timeoutMs,
      queryFn: () => query(session),
    }),
    backOff: createBackOff(world),
    channel: createTabChannel(world, storageKey, (message) => hear(session, message)),
    lock: createTabLock(world, storageKey, timeoutMs),
    events: createEvents(options, world.now),
    listeners: new Set(),
    followUps: [],
  })
  session.followUps.push(createListening(session), () => void work(session))
  return session
}

/** The function of the session's query. */
async function query(session: Session): Promise<SessionInfo> {
  const given = handedToServer(session)
  if (given) return given
  demandEnabled(session)
  const isFresh =
    !session.cache.get() && session.environment.now() - confirmedAt(session) < session.revalidateMs
  turn(session, (record) => {
    entered(record)
    // Where nothing was cached yet, a session that was confirmed a moment ago need not be asked for.
    if (!isFresh) asked(record)
  })
  await confirm(session)
  return snapshot(session)
}

/** On a server: the session that the app handed in. */
const handedToServer = ({ isBrowser, isEnabled, initialSession }: Session) =>
  isBrowser || !isEnabled ? undefined : initialSession

function demandEnabled({ isBrowser, isEnabled }: Session): void {
  if (isBrowser && isEnabled) return
  throw new SessionError(
    'disabled',
    isBrowser
      ? 'The session client is disabled (no consent): call setEnabled(true) or pass enabled first'
      : 'There is no session on a server: pass initialSession, or leave this to the browser',
  )
}

/** The session with what the server has not confirmed yet. */
const snapshot = (session: Session): SessionInfo => {
  const sessionId = idOf(session) ?? ''
  return { ...infoOf(session), ...unconfirmed(session), sessionId } as SessionInfo // of a Register's fields as the server answered them
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
  const { listeners, environment, waitMs, cache, options } = session

  const getState = () => {
    const phase = phaseOf(session)
    if (phase === 'open' && session.told) return session.told
    // This page hears nothing of the other tabs: it must not show a session that another tab has left.
    if (phase !== 'off' && session.isBrowser) silentTurn(session, looked)
    return refreshState(session)
  }
  const subscribe = (listener: () => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  /** One turn in which something is asked of the client. Another tab may have forgotten the session, as it turns out. */
  const enter = <T>(transition: (record: SessionRecord) => T): T => {
    demandEnabled(session)
    return turn(session, (record) => {
      entered(record)
      demandEnabled(record)
      return transition(record)
    })
  }

  const ready = async (): Promise<SessionInfo> => {
    const given = handedToServer(session)
    if (given) return given
    enter(begun)
    if (idOf(session)) {
      // A stored session can be used at once: an API that is slow holds up nobody.
      if (isDue(session)) await settledWithin(environment, waitMs, ask(session))
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

  return {
    queryOptions: cache.queryOptions,
    start: () => start(session),
    stop: () => stop(session),
    getState,
    getServerState: () => serverState,
    subscribe,
    ready: quiet(ready),
    async settled() {
      const isOpen = () => getState().status === 'pending'
      if (session.isBrowser && isOpen()) {
        enter(begun)
        let unsubscribe = (): unknown => undefined
        const change = new Promise<void>((resolve) => {
          unsubscribe = subscribe(() => isOpen() || resolve())
        })
        await settledWithin(environment, waitMs, change)
        unsubscribe()
      }
      return getState()
    },
    associate: quiet(async (ids) => {
      const given = check(session, ids)
      const isConfirmed = ({ standing }: Session, field: AssociationField) =>
        standing.is === 'confirmed' && infoOf(session)?.[field] === given[field]
      const confirming = enter((record) => {
        const isNews = (field: AssociationField) => isOpen(record, field) || !isConfirmed(record, field)
        if (!fieldsOf(given).some(isNews)) return
        accept(record, given)
        return confirmation(record, given)
      })
      if (!confirming) return ready()
      await confirming
      return snapshot(session)
    }),
    identify(customerId) {
      const said = customerId ?? null
      try {
        if (said !== null) check(session, { customerId: said })
        if (session.isBrowser) turn(session, (record) => identified(record, said))
      } catch (error) {
        if (!isSessionError(error)) throw error // state and events tell the others
      }
    },
    reset: quiet(async () => {
      enter((record) => left(record, 'us'))
      return ready()
    }),
    forget: () => forget(session),
    setEnabled: (isEnabled) => setEnabled(session, isEnabled),
    setQueryClient(queryClient) {
      if (!options.queryClient) cache.moveTo(queryClient)
    },
    observe: session.events.observe,
    pendingFields: () => fieldsOf(unconfirmed(session)),
    fetch: createSessionFetch(session, ready),
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
