import { QueryClient as CoreQueryClient } from '@tanstack/query-core'
import { TIMEOUT_MS } from '../wire/session-api.ts'
import { SessionError } from '../wire/session-error.ts'
import type { SessionInfo } from '../wire/session-info.ts'
import { unconfirmed } from './associations.ts'
import { createBackOff } from './back-off.ts'
import { nowhere } from './browser-environment.ts'
import type { Environment } from './environment.ts'
import { createErasing } from './erasing.ts'
import { createEvents } from './events.ts'
import { erase } from './exchange.ts'
import { asked, entered } from './lifecycle.ts'
import type { SessionClientOptions } from './options.ts'
import { createListening, hear } from './page-life.ts'
import { createPersistence } from './persistence.ts'
import { confirmedAt, createSession, idOf, infoOf, type Session } from './session.ts'
import { createSessionCache } from './session-cache.ts'
import { confirm, work } from './session-requests.ts'
import { createTabChannel } from './tab-channel.ts'
import { createTabLock } from './tab-lock.ts'
import { turn } from './turn.ts'

/** Makes the parts of a session. On a server there is no browser whose session it could be. */
export function assemble(options: SessionClientOptions, environment: Environment | undefined): Session {
  const { baseUrl, tenantId = '', timeoutMs = TIMEOUT_MS, revalidateMs = 300_000, attach } = options
  const surroundings = environment ?? nowhere
  const world: Environment = {
    ...surroundings,
    fetch: (input, init) => (options.fetch ?? surroundings.fetch)(input, init),
  }
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
    erasing: createErasing({ environment: world, persistence, erase: (id) => erase(session, id) }),
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
export const handedToServer = ({ isBrowser, isEnabled, initialSession }: Session) =>
  isBrowser || !isEnabled ? undefined : initialSession

export function demandEnabled({ isBrowser, isEnabled }: Session): void {
  if (isBrowser && isEnabled) return
  throw new SessionError(
    'disabled',
    process.env.NODE_ENV === 'production'
      ? 'disabled'
      : isBrowser
        ? 'The session client is disabled (no consent): call setEnabled(true) or pass enabled first'
        : 'There is no session on a server: pass initialSession, or leave this to the browser',
  )
}

/** The session with what the server has not confirmed yet. */
export const snapshot = (session: Session): SessionInfo => {
  const sessionId = idOf(session) ?? ''
  return { ...infoOf(session), ...unconfirmed(session), sessionId } as SessionInfo // of a Register's fields as the server answered them
}
