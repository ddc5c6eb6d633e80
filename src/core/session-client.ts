import { QueryClient as CoreQueryClient } from '@tanstack/query-core'
import type { QueryClient } from '@tanstack/react-query'
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
import { quiet, report } from './callbacks.ts'
import type { SessionClient } from './client-interface.ts'
import type { Environment } from './environment.ts'
import { checkOptions, type SessionClientOptions, type SessionEvent } from './options.ts'
import { watchPage } from './page-watch.ts'
import { createPendingAssociations } from './pending-associations.ts'
import { createPersistence } from './persistence.ts'
import { createSessionCache } from './session-cache.ts'
import { isTransient, type SessionContext } from './session-context.ts'
import { createSessionFetch } from './session-fetch.ts'
import { confirmSession } from './session-query.ts'
import { createSessionRecord } from './session-record.ts'
import { deriveSessionState, type SessionState } from './session-state.ts'
import { createTabChannel } from './tab-channel.ts'
import { createTabLock } from './tab-lock.ts'

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
  let close = nothing

  // --- the session as a query ---

  const cache = createSessionCache(
    queryClient,
    [storageKey, baseUrl, tenantId],
    options.revalidateMs ?? REVALIDATE_MS,
    async () => {
      if (isServer || !enabled) throw disabled()
      const { signal } = lifetime
      // Nothing is cached yet, and storage has a session that was confirmed a moment ago: it need not be asked for.
      if (cache.get() || !isFresh()) await confirmSession(context, signal, options.retry ?? RETRY)
      return snapshot()
    },
  )
  const isFresh = () => world.now() - record.confirmedAt() < cache.queryOptions.staleTime && !context.lost
  const snapshot = (): SessionInfo => {
    const id = record.id() ?? ''
    const info = cache.get()
    return info?.sessionId === id ? info : { sessionId: id }
  }
  const seed = (info: SessionInfo) => cache.set(info, record.confirmedAt())

  const fetchSession = (isForced?: boolean): Promise<void> =>
    cache.fetch(isForced).then(
      () => undefined,
      (cause) => {
        const failure =
          cause instanceof SessionError ? cause : new SessionError('aborted', 'The session was left')
        if (failure.code !== 'aborted' && failure.code !== 'disabled') {
          error = failure
          changed()
          if (isTransient(failure)) heal()
        }
        throw failure
      },
    )
  /** Fetches where that is due; a failure shows in the state. */
  const begin = (isForced?: boolean) => void fetchSession(isForced).catch(() => undefined)
  const heal = () => {
    if (healing || !running) return
    healing = true
    backOff.gate().then(() => {
      healing = false
      if (running && enabled && (error || context.isUnsure())) begin(true)
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
    isUnsure: () => fieldsOf(unsure).length > 0,
    succeed() {
      error = null
      backOff.succeed()
      changed()
    },
    known: () => ({ ...pickAssociations(cache.get()), ...pending.accepted(), ...pending.ids() }),
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
    const before = cache.get()
    record.keep(sessionId, world.now())
    context.lost = undefined
    context.confirmedId = sessionId
    context.succeed()
    take({ ...(before?.sessionId === sessionId && pickAssociations(before)), ...sent, ...info }, sent)
    if (before?.sessionId !== sessionId || fieldsOf(sent).length) channel.tell(cache.get())
  }

  /** Writes what is known of the current session into the cache, and settles what that answers. */
  function take(info: SessionInfo, sent: Associations = {}) {
    seed(info)
    pending.settle(sent)
    const missing: Associations = {}
    for (const field of fieldsOf(unsure)) {
      const value = info[field]
      // Our own earlier value, which overtook a later one on its way, is no answer.
      if (value && (value === unsure[field] || value !== sent[field]))
        pending.settle({ [field]: unsure[field] })
      else missing[field] = unsure[field]
    }
    unsure = {}
    if (fieldsOf(missing).length) {
      pending.accept(missing)
      send()
    }
    const isChange = customer === null ? !!sent.customerId : customer !== info.customerId
    customer = info.customerId
    if (isChange) cache.invalidateDependents()
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
    }
    // The server knows whether the session has them.
    if (running && fieldsOf(unsure).length) begin(true)
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
    // Not knowing whose session this was, the next one's customer counts as another.
    if (customer === null) customer = ''
    pending.clear(reason)
    backOff.succeed()
    cache.reset()
  }

  const send = () => {
    if (isSending) return
    isSending = true
    void Promise.resolve()
      .then(() =>
        cache.mutate(() =>
          sendPending(
            context,
            () => lifetime.signal,
            () => fetchSession(true),
          ),
        ),
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
        cached: cache.get(),
        pending: pending.ids(),
        isValidating: cache.isFetching(),
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
    if (id && cache.get()?.sessionId !== id) seed({ sessionId: id })
    if (id && id === restoredId) emit({ type: 'restored', sessionId: id })
    restoredId = null
    channel.open()
    const wake = () => {
      follow()
      backOff.wake()
      begin()
      if (fieldsOf(pending.ids()).length) send()
    }
    const endings = [
      cache.listen((isRemoved) => {
        // The app cleared its cache: the session goes on.
        if (isRemoved && record.id()) void Promise.resolve().then(() => running && enabled && begin())
        changed()
      }),
      watchPage(world, storageKey, {
        follow,
        wake,
        show: channel.open,
        hide() {
          flush()
          channel.close()
        },
      }),
      channel.close,
    ]
    close = () => {
      for (const end of endings) end()
      close = nothing
    }
    begin()
    if (fieldsOf(pending.ids()).length) send()
    changed()
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
    cache.remove()
    emit({ type: 'forgotten', sessionId })
    changed()
  }
  const disable = () => {
    close()
    enabled = false
    lifetime.abort()
    cache.remove()
  }
  const revive = () => {
    if (stopped()) lifetime = new AbortController()
  }

  // Read now, so that the first render has the id.
  if (!isServer && enabled) load()

  const client: SessionClient = {
    queryOptions: cache.queryOptions,
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
      const confirmed = id && id === context.confirmedId ? cache.get() : undefined
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
      ready: () => client.ready(),
      world,
      mend: async (id) => {
        if (follow() !== id) return
        // Seen alive by this page: made again under the same id. Else the server is asked first.
        if (context.confirmedId === id) context.lose(id, 'lost')
        await fetchSession(true)
      },
      origin: () => (environment ? new URL(environment.href()).origin : undefined),
    }),
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

const nothing: () => void = () => undefined
