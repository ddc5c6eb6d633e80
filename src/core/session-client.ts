import { QueryClient as CoreQueryClient } from '@tanstack/query-core'
import type { DataTag, FetchQueryOptions, QueryClient } from '@tanstack/react-query'
import { parseSessionInfo } from '../wire/answer.ts'
import { callSessionApi, TIMEOUT_MS } from '../wire/session-api.ts'
import { SessionError } from '../wire/session-error.ts'
import {
  ASSOCIATION_FIELDS,
  type Associations,
  isAssociationId,
  pickAssociations,
  type SessionInfo,
} from '../wire/session-info.ts'
import { fieldsOf, sendPending } from './association-mutation.ts'
import { createAttachRule } from './attach.ts'
import { createBackOff } from './back-off.ts'
import { browserEnvironment, nowhere } from './browser-environment.ts'
import type { Environment } from './environment.ts'
import { checkOptions, type SessionClientOptions, type SessionEvent } from './options.ts'
import { createPendingAssociations } from './pending-associations.ts'
import { createPersistence } from './persistence.ts'
import { isTransient, type SessionContext } from './session-context.ts'
import { createSessionFetch } from './session-fetch.ts'
import { confirmSession } from './session-query.ts'
import { createSessionRecord } from './session-record.ts'
import { deriveSessionState, type SessionState } from './session-state.ts'
import { createTabChannel } from './tab-channel.ts'
import { createTabLock } from './tab-lock.ts'

type SessionKey = readonly ['storefront-session', string, string, string]

/** Options of the session as a query, for `useQuery`, `useSuspenseQuery`, `prefetchQuery` and loaders. */
export type SessionQueryOptions = Omit<
  FetchQueryOptions<SessionInfo, SessionError, SessionInfo, SessionKey>,
  'queryFn' | 'queryKey' | 'staleTime'
> & {
  queryKey: DataTag<SessionKey, SessionInfo, SessionError>
  queryFn: () => Promise<SessionInfo>
  staleTime: number
}

/** The session of one browser. Made by {@link createSessionClient}; inert until `start()` or the first use. */
export interface SessionClient {
  /** Restores or creates the session and follows page, network and other tabs. Idempotent. */
  start(): void
  /** Ends listeners, timers and channels; what comes late changes nothing. `start()` again is allowed. */
  stop(): void
  /** The same reference until something in it changes. */
  getState(): SessionState
  /** The state that server rendering and hydration show: a constant, nothing of storage in it. */
  getServerState(): SessionState
  /** Calls `listener` after each change of the state. Returns the function that ends this. */
  subscribe(listener: () => void): () => void
  /**
   * The session, created or restored; all callers share one request. A stored session is returned also when the
   * API can't confirm it now.
   * @throws SessionError when there is no session and none can be made now, or `disabled`
   */
  ready(): Promise<SessionInfo>
  /**
   * Ties ids to the session: visible at once, sent with all others of this tick, kept until the server confirms.
   * @throws SessionError `invalid-input`, `disabled`, `http` (a 4xx), or `aborted` by `reset()` and `forget()`
   */
  associate(ids: Associations): Promise<SessionInfo>
  /** Leaves this session in every tab (sign-out, shared device) and begins a new anonymous one. */
  reset(): Promise<SessionInfo>
  /** Consent withdrawn: removes all that was stored, in every tab; then as after `setEnabled(false)`. */
  forget(): void
  /** `false`: nothing is read, written or sent; what is stored stays. */
  setEnabled(enabled: boolean): void
  /** `fetch` with the session attached where it belongs. */
  fetch: typeof globalThis.fetch
  /** The session as a TanStack query. */
  queryOptions: SessionQueryOptions
}

const REVALIDATE_MS = 300_000
const RETRY = 3

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
  const { baseUrl, tenantId = '', storageKey = 'storefront-session', initialSession, attach = {} } = options
  let initial = initialSession
  // Another copy of query-core is the same to us: only its methods are used.
  const queryClient: QueryClient = options.queryClient ?? new CoreQueryClient()
  const sendRequest: typeof globalThis.fetch = (input, init) =>
    (options.fetch ?? environment?.fetch ?? globalThis.fetch)(input, init)

  // On a server there is no browser whose session this could be: what needs one says so.
  const isServer = !environment
  const world = environment ?? nowhere
  const persistence = createPersistence(world, storageKey, options.storage ?? 'local')
  const record = createSessionRecord(world, persistence)
  const pending = createPendingAssociations(
    options.durable === false ? createPersistence(world, storageKey, 'memory') : persistence,
    record.generation,
  )
  const backOff = createBackOff(world)
  const channel = createTabChannel(world, storageKey, hear)
  const lock = createTabLock(world, storageKey, options.timeoutMs ?? TIMEOUT_MS)

  let enabled = options.enabled !== false
  let running = false
  let lifetime = new AbortController()
  let error: SessionError | null = null
  let state: SessionState | undefined
  /** What the listeners know: `getState()` may have been asked since. */
  let told: SessionState | undefined
  let storageRefused = false
  /** The customer as last confirmed; null while that is not known. */
  let customer: string | null | undefined = null
  /** Accepted fields of which it is not sure that the current session has them. */
  let unsure: Associations = {}
  let isSending = false
  let healing = false
  let restoredId: string | null = null
  const listeners = new Set<() => void>()
  let endings: (() => void)[] = []

  // --- the session as a query ---

  const queryOptions: SessionQueryOptions = {
    queryKey: [
      'storefront-session',
      storageKey,
      baseUrl,
      tenantId,
    ] as unknown as SessionQueryOptions['queryKey'], // the tag is a type only
    queryFn: async () => {
      if (isServer || !enabled) throw disabled()
      const { signal } = lifetime
      // Nothing is cached yet, and storage has a session that was confirmed a moment ago: it need not be asked for.
      if (cached() || !isFresh()) await confirmSession(context, signal, options.retry ?? RETRY)
      return snapshot()
    },
    staleTime: options.revalidateMs ?? REVALIDATE_MS,
    gcTime: Number.POSITIVE_INFINITY,
    retry: false,
    networkMode: 'always',
  }
  const { queryHash } = queryClient.defaultQueryOptions(queryOptions)
  const query = () => queryClient.getQueryCache().get<SessionInfo, SessionError>(queryHash)
  const cached = (): SessionInfo | undefined => query()?.state.data
  const isFresh = () => world.now() - record.confirmedAt() < queryOptions.staleTime && !context.lost
  const snapshot = (): SessionInfo => {
    const id = record.id() ?? ''
    const info = cached()
    return info?.sessionId === id ? info : { sessionId: id }
  }
  const seed = (info: SessionInfo) =>
    queryClient.setQueryData(queryOptions.queryKey, info, { updatedAt: record.confirmedAt() })

  const fetchSession = (isForced?: boolean): Promise<void> =>
    queryClient
      .fetchQuery({ ...queryOptions, ...(isForced && { staleTime: 0 }) })
      .then(() => undefined)
      .catch((cause) => {
        const failure =
          cause instanceof SessionError ? cause : new SessionError('aborted', 'The session was left')
        if (failure.code !== 'aborted' && failure.code !== 'disabled') {
          error = failure
          changed()
          if (isTransient(failure)) heal()
        }
        throw failure
      })
  /** Fetches where that is due; a failure shows in the state. */
  const begin = (isForced?: boolean) => void fetchSession(isForced).catch(() => undefined)
  const heal = () => {
    if (healing || !running) return
    healing = true
    backOff.gate().then(() => {
      healing = false
      if (running && enabled && error) begin(true)
    })
  }

  // --- what the flows share ---

  const context: SessionContext = {
    record,
    pending,
    backOff,
    create: options.create ?? 'server',
    lost: undefined,
    confirmedId: undefined,
    now: world.now,
    lock,
    call: (call) =>
      callSessionApi(options, { ...world, fetch: sendRequest }, call).catch((failure: SessionError) => {
        if (failure.code !== 'aborted' && failure.code !== 'session-not-found') {
          error = failure
          changed()
        }
        throw failure
      }),
    follow,
    known: () => ({ ...pickAssociations(cached()), ...pending.accepted(), ...pending.ids() }),
    confirm,
    lose(id, how) {
      if (how !== 'replaced' && context.lost?.id !== id) emit({ type: 'lost', sessionId: id })
      context.lost = { id, how }
    },
    refuse(ids, refusal) {
      pending.settle(ids, refusal)
      emit({ type: 'association-failed', sessionId: record.id(), fields: fieldsOf(ids) })
      changed()
    },
    emit,
  }

  function confirm(info: SessionInfo, sent: Associations = {}) {
    const { sessionId } = info
    const before = cached()
    record.keep(sessionId, world.now())
    context.lost = undefined
    context.confirmedId = sessionId
    error = null
    backOff.succeed()
    take({ ...(before?.sessionId === sessionId && pickAssociations(before)), ...sent, ...info }, sent)
    if (before?.sessionId !== sessionId || fieldsOf(sent).length) channel.tell(cached())
  }

  /** Writes what is known of the current session into the cache, and settles what that answers. */
  function take(info: SessionInfo, sent: Associations = {}) {
    seed(info)
    pending.settle(sent)
    const missing: Associations = {}
    for (const field of fieldsOf(unsure)) {
      if (info[field]) pending.settle({ [field]: unsure[field] })
      else missing[field] = unsure[field]
    }
    unsure = {}
    if (fieldsOf(missing).length) {
      pending.accept(missing)
      send()
    }
    const isChange = customer === null ? !!sent.customerId : customer !== info.customerId
    customer = info.customerId
    if (isChange) void queryClient.invalidateQueries({ predicate: ({ meta }) => meta?.session === true })
    changed()
  }

  function follow(): string | null {
    const before = record.id()
    const change = record.sync()
    if (change === 'left') {
      leave(new SessionError('aborted', 'The session was left in another tab'))
      emit({ type: 'reset', sessionId: before })
      if (running) begin()
    }
    unsure = { ...unsure, ...pending.sync() }
    const id = record.id()
    if (change === 'adopted' && id) {
      unsure = { ...pending.accepted() }
      emit({ type: 'adopted', sessionId: id })
      seed({ sessionId: id })
      if (running && fieldsOf(unsure).length) begin(true)
    }
    if (change !== 'same') changed()
    return id
  }

  function hear(message: unknown) {
    if (!enabled) return
    if (message === 'forget') return forgetHere()
    const id = follow()
    const info = parseSessionInfo(message)
    if (info && info.sessionId === id) {
      context.confirmedId = id
      take({ ...snapshot(), ...info })
    }
  }

  /** What is under way belongs to a session that is left. */
  const leave = (reason: SessionError) => {
    initial = undefined
    lifetime.abort()
    lifetime = new AbortController()
    context.lost = undefined
    unsure = {}
    error = null
    if (customer !== null) customer = undefined
    pending.clear(reason)
    backOff.succeed()
    query()?.reset()
  }

  const send = () => {
    if (isSending) return
    isSending = true
    void Promise.resolve()
      .then(() =>
        queryClient
          .getMutationCache()
          .build(queryClient, {
            mutationKey: [...queryOptions.queryKey, 'associate'],
            mutationFn: () =>
              sendPending(
                context,
                () => lifetime.signal,
                () => fetchSession(true),
              ),
            networkMode: 'always',
            retry: false,
          })
          .execute(undefined),
      )
      .then(() => {
        isSending = false
        if (enabled && !stopped() && fieldsOf(pending.ids()).length) send()
      })
  }
  const stopped = () => lifetime.signal.aborted

  // --- state ---

  const derive = () =>
    deriveSessionState(
      {
        enabled,
        sessionId: record.id(),
        cached: cached(),
        pending: pending.ids(),
        isValidating: query()?.state.fetchStatus === 'fetching',
        error,
        persistence: persistence.kind(),
      },
      state,
    )
  function changed() {
    state = derive()
    if (state !== told) {
      told = state
      for (const listener of listeners) report(listener)
    }
    if (!storageRefused && running && state.persistence === 'memory' && options.storage !== 'memory') {
      storageRefused = true
      emit({ type: 'storage-unavailable', sessionId: record.id() })
    }
  }
  function emit(event: SessionEvent) {
    report(() => options.onEvent?.(event))
  }

  // --- life ---

  const load = () => {
    restoredId = record.sync() === 'adopted' ? record.id() : null
    if (initial) record.adopt(initial.sessionId)
    chooseId()
    pending.sync()
  }
  const chooseId = () => {
    if (!record.id() && context.create === 'client') record.adopt(world.randomUUID())
  }
  const open = () => {
    if (initial) {
      record.keep(initial.sessionId, world.now())
      customer = initial.customerId
      seed(initial)
      initial = undefined
    }
    record.sync()
    chooseId()
    const id = record.id()
    if (id && cached()?.sessionId !== id) seed({ sessionId: id })
    if (id && id === restoredId) emit({ type: 'restored', sessionId: id })
    restoredId = null
    channel.open()
    const wake = () => {
      follow()
      backOff.wake()
      begin()
      if (fieldsOf(pending.ids()).length) send()
    }
    endings = [
      queryClient.getQueryCache().subscribe((event) => {
        if (event.query.queryHash !== queryHash) return
        // The app cleared its cache: the session goes on.
        if (event.type === 'removed' && record.id())
          Promise.resolve().then(() => running && enabled && begin())
        changed()
      }),
      world.listen('storage', ({ key }) => {
        if (key === null || key.startsWith(storageKey)) follow()
      }),
      world.listen('online', wake),
      world.listen('visibilitychange', () => world.isVisible() && wake()),
      world.listen('pageshow', ({ persisted }) => {
        if (!persisted) return
        channel.open()
        wake()
      }),
      world.listen('pagehide', () => {
        flush()
        channel.close()
      }),
      channel.close,
    ]
    begin()
    if (fieldsOf(pending.ids()).length) send()
    changed()
  }
  const close = () => {
    for (const end of endings) end()
    endings = []
  }
  /** The page goes away: what was not sent goes now, and outlives it. */
  const flush = () => {
    const sessionId = record.id()
    const ids = pending.ids()
    if (!sessionId || !fieldsOf(ids).length) return
    context.call({ method: 'POST', sessionId, ids, keepalive: true, signal: lifetime.signal }).then(
      (info) => info.sessionId === sessionId && follow() === sessionId && confirm(info, ids),
      () => undefined, // Kept, and sent by the next page.
    )
  }
  const forgetHere = () => {
    const sessionId = record.id()
    disable()
    leave(new SessionError('aborted', 'The session was forgotten'))
    record.erase()
    context.confirmedId = undefined
    queryClient.removeQueries({ queryKey: queryOptions.queryKey })
    emit({ type: 'forgotten', sessionId })
    changed()
  }
  const disable = () => {
    close()
    enabled = false
    lifetime.abort()
    queryClient.removeQueries({ queryKey: queryOptions.queryKey })
  }
  const revive = () => {
    if (stopped()) lifetime = new AbortController()
  }

  // Read now, so that the first render has the id.
  if (!isServer && enabled) load()

  const client: SessionClient = {
    queryOptions,
    start() {
      if (running || isServer) return
      running = true
      revive()
      if (enabled) open()
    },
    stop() {
      if (!running) return
      running = false
      close()
      // StrictMode stops and starts again at once: what is under way goes on then.
      Promise.resolve().then(() => {
        if (running) return
        lifetime.abort()
        backOff.succeed()
      })
    },
    getState: () => {
      state = derive()
      return state
    },
    getServerState: () => serverState,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async ready() {
      if (isServer && initialSession) return initialSession
      if (isServer || !enabled) throw disabled()
      revive()
      follow()
      await fetchSession().catch((failure) => {
        if (!enabled) throw disabled()
        if (failure.code === 'aborted' && !stopped()) return client.ready()
        if (!record.id()) throw failure
      })
      if (!enabled) throw disabled()
      return { ...snapshot(), ...pending.ids() }
    },
    associate: quiet(async (ids: Associations) => {
      const given: Associations = {}
      for (const field of ASSOCIATION_FIELDS) {
        const value = ids[field]
        if (value === undefined) continue
        if (!isAssociationId(value))
          throw new SessionError('invalid-input', `${field} must be 1 to 256 visible ASCII characters`)
        given[field] = value
      }
      if (isServer || !enabled) throw disabled()
      revive()
      const id = follow()
      const confirmed = id && id === context.confirmedId ? cached() : undefined
      const open = { ...pending.ids(), ...unsure }
      const news = fieldsOf(given).filter((field) => open[field] || confirmed?.[field] !== given[field])
      if (!news.length) return client.ready()
      pending.accept(given)
      const done = pending.confirmation(given)
      changed()
      send()
      await done
      return snapshot()
    }),
    reset: quiet(async () => {
      if (isServer || !enabled) throw disabled()
      const sessionId = record.id()
      record.leave()
      leave(new SessionError('aborted', 'The session was reset'))
      channel.tell('reset')
      emit({ type: 'reset', sessionId })
      changed()
      return client.ready()
    }),
    forget() {
      if (isServer) return
      if (enabled) channel.tell('forget')
      forgetHere()
    },
    setEnabled(value) {
      if (value === enabled || isServer) return
      if (value) {
        enabled = true
        revive()
        load()
        if (running) open()
      } else disable()
      changed()
    },
    fetch: createSessionFetch({
      rule: createAttachRule(attach.to ?? [baseUrl], () => environment?.href()),
      attach,
      fetch: sendRequest,
      id: () => (isServer ? (initialSession?.sessionId ?? null) : enabled ? follow() : null),
      mayWait: () => (isServer ? !!initialSession : enabled),
      wait: (ms, signal) => within(ms, client.ready(), signal),
      mend: (id, ms) => {
        if (follow() !== id) return Promise.resolve()
        // Seen alive by this page: made again under the same id. Else the server is asked first.
        if (context.confirmedId === id) context.lose(id, 'lost')
        return within(ms, fetchSession(true))
      },
      origin: () => (environment ? new URL(environment.href()).origin : undefined),
    }),
  }

  function within(ms: number, work: Promise<unknown>, signal?: AbortSignal | null): Promise<void> {
    return new Promise((resolve) => {
      const timer = world.setTimeout(end, ms)
      function end() {
        world.clearTimeout(timer)
        resolve()
      }
      work.then(end, end)
      signal?.addEventListener('abort', end, { once: true })
      if (signal?.aborted) end()
    })
  }

  const serverState = deriveSessionState({
    enabled,
    sessionId: initialSession?.sessionId ?? null,
    cached: initialSession,
    pending: {},
    isValidating: false,
    error: null,
    persistence: 'local',
  })
  return client
}

const disabled = () => new SessionError('disabled', 'The session is disabled: no consent, or on a server')

/** A promise that nobody looks at is no unhandled rejection: state and events tell the trouble, too. */
const quiet =
  <Args extends unknown[], T>(work: (...args: Args) => Promise<T>) =>
  (...args: Args): Promise<T> => {
    const promise = work(...args)
    promise.catch(() => undefined)
    return promise
  }

/** An error in a callback of the app is the app's: reported as uncaught, without harm to the session. */
const report = (callback: () => void) => {
  try {
    callback()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
