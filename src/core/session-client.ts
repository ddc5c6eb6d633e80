import { QueryClient as CoreQueryClient } from '@tanstack/query-core'
import type { QueryClient } from '@tanstack/react-query'
import { parseSessionInfo } from '../wire/answer.ts'
import { callSessionApi, TIMEOUT_MS } from '../wire/session-api.ts'
import { fieldsOf, type SessionInfo } from '../wire/session-info.ts'
import { createAttachRule } from './attach.ts'
import { createBackOff } from './back-off.ts'
import { browserEnvironment, nowhere } from './browser-environment.ts'
import type { SessionClient } from './client-interface.ts'
import type { Environment } from './environment.ts'
import { checkOptions, type SessionClientOptions, type SessionEvent } from './options.ts'
import { createPendingAssociations } from './pending-associations.ts'
import { createPersistence } from './persistence.ts'
import { createSessionActions } from './session-actions.ts'
import { createSessionCache } from './session-cache.ts'
import { createSessionFacts } from './session-facts.ts'
import { createSessionFetch } from './session-fetch.ts'
import { createSessionLife } from './session-life.ts'
import { createSessionNotes } from './session-notes.ts'
import { createSessionRecord } from './session-record.ts'
import { createSessionRequests } from './session-requests.ts'
import { createStateView } from './session-state.ts'
import { createSessionWork } from './session-work.ts'
import { createTabChannel } from './tab-channel.ts'
import { createTabLock } from './tab-lock.ts'

/**
 * Makes the client of one storefront session. Reads storage, sends nothing.
 *
 * @throws SessionError `invalid-input` for an option that makes no sense; the message names it
 * @example
 * const client = createSessionClient({ baseUrl: '/gks-server/v1' })
 * client.start()
 */
export function createSessionClient(
  options: SessionClientOptions,
  environment: Environment | undefined = browserEnvironment(),
): SessionClient {
  checkOptions(options)
  const {
    attach = {},
    baseUrl,
    create,
    durable,
    enabled = true,
    initialSession,
    revalidateMs = 300_000,
    retry = 3,
    storage = 'local',
    storageKey = 'storefront-session',
    tenantId = '',
    timeoutMs = TIMEOUT_MS,
  } = options
  const { waitMs = 2_000 } = attach
  // Another copy of query-core is the same to us: only its methods are used.
  const queryClient: QueryClient = options.queryClient ?? new CoreQueryClient()
  // On a server there is no browser whose session this could be: what needs one says so.
  const world = environment ?? nowhere
  const fetch: typeof globalThis.fetch = (input, init) => (options.fetch ?? world.fetch)(input, init)
  const notes = createSessionNotes(options)
  const emit = (event: SessionEvent) => {
    // Who hears of it may look at the state.
    view.update()
    notes.emit(event)
  }

  // --- what is stored, what is known, what is asked ---

  const persistence = createPersistence(world, storageKey, storage)
  const record = createSessionRecord(world, persistence)
  const pending = createPendingAssociations(
    durable === false ? createPersistence(world, storageKey, 'memory') : persistence,
    record.generation,
  )
  const backOff = createBackOff(world)
  const channel = createTabChannel(world, storageKey, (message) => {
    if (!life.isEnabled() || life.heed(message)) return
    const info = parseSessionInfo(message)
    if (info) facts.hear(info, true)
    else {
      const before = record.id()
      // Two clients of one page may have a storage in common after all.
      if (facts.follow() === before && message === 'leave')
        actions.leave('The session was left in another tab')
    }
  })
  const snapshot = (): SessionInfo => {
    const sessionId = record.id() ?? ''
    const info = cache.get()
    return { ...(info?.sessionId === sessionId && info), sessionId }
  }
  /** On a server: the session that it was given. */
  const given = () => (environment || !life.isEnabled() ? undefined : initialSession)
  const cache = createSessionCache(queryClient, [storageKey, baseUrl, tenantId], revalidateMs, async () => {
    const session = given()
    if (session) return session
    life.demandEnabled()
    const isCached = !!cache.get()
    facts.follow()
    const confirmedAt = record.confirmedAt()
    const isFresh =
      confirmedAt && world.now() - confirmedAt < revalidateMs && !facts.isDue() && !facts.isFailing
    // Nothing was cached yet, and storage has a session that was confirmed a moment ago: it need not be asked for.
    if (isCached || !isFresh) await requests.confirmSession()
    return snapshot()
  })
  const shared = {
    world,
    create,
    persistence,
    record,
    pending,
    backOff,
    cache,
    tell: channel.tell,
    emit,
    now: world.now,
    changed,
    work,
  }
  const facts = createSessionFacts(shared)
  const requests = createSessionRequests({
    ...shared,
    facts,
    retry,
    pause: (ms) => new Promise((resolve) => world.setTimeout(resolve, ms)),
    lock: createTabLock(world, storageKey, timeoutMs),
    call: (call) => callSessionApi(options, { ...world, fetch }, call),
  })

  // --- the state that follows ---

  const view = createStateView(
    () => ({
      enabled: life.isEnabled(),
      sessionId: life.initialSession()?.sessionId ?? record.id(),
      cached: life.initialSession() ?? cache.get(),
      pending: pending.unconfirmed(),
      isValidating: cache.isFetching(),
      error: facts.error,
      persistence: persistence.kind(),
    }),
    () => life.isRunning() && life.isEnabled(),
  )
  let hasToldRefusal = false
  function changed() {
    view.update()
    if (!hasToldRefusal && life.isRunning() && storage !== 'memory' && persistence.kind() === 'memory') {
      hasToldRefusal = true
      emit({ type: 'storage-unavailable', sessionId: record.id() })
    }
  }

  // --- when it happens ---

  const life = createSessionLife({
    ...shared,
    ...requests,
    environment,
    storageKey,
    facts,
    channel,
    // Null is no consent yet.
    isEnabled: !!enabled,
    initialSession,
    durable,
  })
  const isAlive = () => life.isEnabled() && !facts.signal().aborted
  const doWork = createSessionWork({
    ...shared,
    ...requests,
    facts,
    isAlive,
    isRunning: life.isRunning,
  })
  function work() {
    void doWork()
  }

  const actions = createSessionActions({
    ...shared,
    ...requests,
    waitMs,
    facts,
    life,
    snapshot,
    isAlive,
  })

  // A constant for server and hydration: nothing of storage is in it.
  const serverState = view.get()
  life.load()

  const client: SessionClient = {
    queryOptions: cache.queryOptions,
    start: life.start,
    stop: life.stop,
    getState: view.get,
    getServerState: () => serverState,
    subscribe: view.subscribe,
    ready: async () => given() ?? actions.ready(),
    associate: actions.associate,
    reset: actions.reset,
    confirming: () => (environment ? actions.confirming() : undefined),
    forget() {
      if (environment) life.forget(true)
    },
    setEnabled(value) {
      if (value === life.isEnabled() || !environment) return
      if (value) life.enable()
      else life.disable()
      changed()
    },
    observe: notes.observe,
    pendingFields: () => fieldsOf(pending.unconfirmed()),
    fetch: createSessionFetch({
      rule: createAttachRule(attach.to ?? [baseUrl], world.href),
      attach,
      waitMs,
      fetch,
      world,
      note: notes.note,
      id() {
        if (!environment) return given()?.sessionId
        if (!life.isEnabled()) return
        const id = record.id()
        return id && persistence.read('') === id ? id : life.enter()
      },
      ready: () => (environment && life.isEnabled() ? client.ready() : undefined),
      lifetime: facts.signal,
      async mend(id) {
        if (facts.follow() !== id) return
        // Seen alive by this page: made again under the same id. Else the server is asked first.
        if (facts.confirmedId === id) facts.lose(id, 'lost')
        await cache.fetch(true)
      },
    }),
  }
  return client
}
