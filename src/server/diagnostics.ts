import type { TracingChannel } from 'node:diagnostics_channel'
import type { RequestReport } from './handler-options.ts'
import type { SessionStore } from './session-store.ts'

/**
 * What the subscribers of `storefront-session:request` get, the same object at the start and at the end of a request.
 * It never has an id of a session or customer.
 */
export interface RequestDiagnostics extends Omit<RequestReport, 'status' | 'ms'> {
  /** HTTP status; there from `asyncStart` on. */
  status?: number
  /** Milliseconds; there from `asyncStart` on. */
  ms?: number
}

/** What the subscribers of `storefront-session:store` get. An error has `error`, as the store threw it. */
export interface StoreDiagnostics {
  operation: StoreOperation
}

/** The operations that the handler asks a store for. */
export type StoreOperation = 'create' | 'get' | 'associate' | 'remove'

const REQUEST_CHANNEL = 'storefront-session:request'
const STORE_CHANNEL = 'storefront-session:store'

/**
 * A tracing channel of `node:diagnostics_channel`; undefined where there is no Node. The module is not imported, so
 * that bundlers and runtimes without Node can load the handler.
 */
function openChannel(name: string): TracingChannel<unknown, object> | undefined {
  const { process } = globalThis as { process?: NodeJS.Process } // absent in browsers and workers
  return process?.getBuiltinModule?.('node:diagnostics_channel')?.tracingChannel(name)
}

/** Does work, and tells the subscribers of a channel when it begins and ends. */
export type Trace<Context extends object> = <Result>(
  context: () => Context,
  work: (context: Context | undefined) => Promise<Result>,
) => Promise<Result>

/** Work on a channel without subscribers costs one look at them. */
function createTrace<Context extends object>(name: string): Trace<Context> {
  const channel = openChannel(name)
  return (makeContext, work) => {
    if (!channel?.hasSubscribers) return work(undefined)
    const context = makeContext()
    let working: ReturnType<typeof work> | undefined
    // The result stays here: tracePromise would add it to the context, with ids in it.
    const traced = channel.tracePromise(() => {
      working = work(context)
      return working.then(() => undefined)
    }, context)
    return traced.then(() => working as ReturnType<typeof work>) // set by the call above, which is synchronous
  }
}

/** Requests on the channel `storefront-session:request`. */
export const createRequestTrace = (): Trace<RequestDiagnostics> => createTrace(REQUEST_CHANNEL)

/** The same store, with its operations on the channel `storefront-session:store`. */
export function traceStore(store: SessionStore): SessionStore {
  const channel = openChannel(STORE_CHANNEL)
  if (!channel) return store
  const trace = createTrace<StoreDiagnostics>(STORE_CHANNEL)
  const traced = watchStore(store, (operation, work) => trace(() => ({ operation }), work))
  // Looked at for each operation, because subscribers come and go.
  const current = () => (channel.hasSubscribers ? traced : store)
  return {
    create: (ids, ttlMs, limits) => current().create(ids, ttlMs, limits),
    get: (sessionId, ttlMs, limits) => current().get(sessionId, ttlMs, limits),
    associate: (sessionId, ids, ttlMs, create, limits) =>
      current().associate(sessionId, ids, ttlMs, create, limits),
    remove: (sessionId) => current().remove(sessionId),
    ...othersOf(store),
  }
}

/** The operations that no handler asks for. */
const othersOf = (store: SessionStore): Omit<SessionStore, StoreOperation> => ({
  find: (customerId) => store.find(customerId),
  scan: (options) => store.scan(options),
  ...(store.count && { count: () => store.count?.() ?? Promise.resolve(0) }),
  close: () => store.close(),
})

/** The same store, with each operation of a handler carried out by `watch`. */
export function watchStore(
  store: SessionStore,
  watch: <Result>(operation: StoreOperation, work: () => Promise<Result>) => Promise<Result>,
): SessionStore {
  return {
    create: (...args) => watch('create', () => store.create(...args)),
    get: (...args) => watch('get', () => store.get(...args)),
    associate: (...args) => watch('associate', () => store.associate(...args)),
    remove: (...args) => watch('remove', () => store.remove(...args)),
    ...othersOf(store),
  }
}
