import type { QueryClient } from '@tanstack/react-query'
import { createEvents, type SessionEvent, type SessionEvents } from '../core/events.ts'
import {
  type Associations,
  type SessionClient,
  SessionError,
  type SessionInfo,
  type SessionState,
} from '../core.ts'
import { checkAssociations, fieldsOf } from '../wire/session-info.ts'
import type { TestSessionOptions } from './test-session.ts'
import { completeState, TEST_SESSION_ID, type TestState } from './test-state.ts'

/** A scripted session: its state, and what the methods of a client do to it. */
export interface Script
  extends Omit<SessionClient, 'start' | 'stop' | 'settled' | 'fetch'>,
    Pick<SessionEvents, 'note'> {
  setState(state: TestState): void
  failNext(error: SessionError): void
  /** The error that the next call fails with, once. */
  takeFailure(): SessionError | undefined
  lose(): void
}

/** Callers may ignore the promise. */
const quiet =
  <Args extends unknown[], T>(work: (...args: Args) => Promise<T>) =>
  (...args: Args): Promise<T> => {
    const promise = work(...args)
    promise.catch(() => undefined)
    return promise
  }

interface Waiting {
  resolve: (info: SessionInfo) => void
  reject: (error: SessionError) => void
}

const disabledError = () =>
  new SessionError('disabled', 'The test session is disabled: call setEnabled(true) first')

export function createScript(initial: TestState, options: TestSessionOptions): Script {
  const first = completeState(initial)
  const cell = createCell(first, options)
  const { show, emit } = cell
  /** Associated while there was no session, or not confirmed yet. */
  let pending: Associations = {}
  const waiting: Waiting[] = []
  let failure: SessionError | undefined
  let resets = 0
  const identity = {
    said: undefined as string | null | undefined,
    decided: undefined as string | null | undefined,
    named: '',
  }

  const takeFailure = () => {
    const taken = failure
    failure = undefined
    return taken
  }
  const setState = (change: TestState) => {
    const before = cell.state
    const next = completeState(change, before)
    const info = next.session && { ...next.session, ...pending }
    show(info ? completeState({ session: info }, next) : next)
    if (!info) return
    pending = {}
    for (const { resolve } of waiting.splice(0)) resolve(info)
  }
  const coming = () => new Promise<SessionInfo>((resolve, reject) => waiting.push({ resolve, reject }))
  const drop = (reason: string) => {
    pending = {}
    const error = new SessionError('aborted', reason)
    for (const { reject } of waiting.splice(0)) reject(error)
  }

  const ready = quiet(async (): Promise<SessionInfo> => {
    const failed = takeFailure()
    if (failed) throw failed
    const { status, session, error } = cell.state
    if (session) return session
    if (status === 'pending') return coming()
    throw error ?? disabledError()
  })

  /** What was associated shows at once; the server answers one tick later. */
  const associate = quiet(async (ids: Associations): Promise<SessionInfo> => {
    const failed = takeFailure()
    const given = check(ids)
    if (cell.state.status === 'disabled') throw failed ?? disabledError()
    pending = { ...pending, ...given }
    const { session, sessionId } = cell.state
    const isKnown = session && fieldsOf(given).every((field) => session[field] === given[field])
    if (isKnown && !failed && !cell.state.isAssociating) {
      pending = {}
      return session
    }
    if (!session) {
      if (failed) throw failed
      show(completeState({ isAssociating: true }, cell.state))
      return coming()
    }
    show(completeState({ session: { ...session, ...given }, isAssociating: true }, cell.state))
    await undefined
    const now = cell.state.session
    if (!now || now.sessionId !== sessionId) throw new SessionError('aborted', 'The session was reset')
    pending = {}
    const fields = fieldsOf(given)
    if (failed) {
      show(completeState({ session, isAssociating: false, error: failed }, cell.state))
      emit({ type: 'association-failed', sessionId, fields })
      throw failed
    }
    show(completeState({ session: now, isAssociating: false, isConfirmed: true, error: null }, cell.state))
    if (fields.length) emit({ type: 'associated', sessionId: now.sessionId, fields })
    if (session.customerId !== now.customerId) cell.invalidate()
    return now
  })
  /** @throws SessionError `invalid-input`; state and events tell it, too */
  const check = (ids: Associations): Associations => {
    try {
      return checkAssociations(ids)
    } catch (error) {
      // checkAssociations throws nothing else. Without a session the state has no place for it but pending.
      if (cell.state.status === 'ready') show(completeState({ error: error as SessionError }, cell.state))
      emit({ type: 'association-failed', sessionId: cell.state.sessionId, fields: fieldsOf(ids ?? {}) })
      throw error
    }
  }

  const leave = () => {
    const { sessionId, session } = cell.state
    drop('The session was reset')
    const next = `${TEST_SESSION_ID}-${++resets}`
    show(
      completeState(
        { status: 'ready', session: { sessionId: next }, error: null, isAssociating: false },
        first,
      ),
    )
    emit({ type: 'reset', sessionId })
    emit({ type: 'created', sessionId: next, ...(sessionId && { previousSessionId: sessionId }) })
    if (session?.customerId) cell.invalidate()
  }
  const decide = () => {
    const { said, named } = identity
    identity.decided = said
    const customerId = said ?? ''
    const known = pending.customerId ?? cell.state.session?.customerId
    if (known && (customerId ? known !== customerId : known === named)) leave()
    identity.named = customerId
    if (customerId && customerId !== cell.state.session?.customerId) void associate({ customerId })
  }
  const disable = () => {
    drop('The session was forgotten')
    show(completeState({ status: 'disabled', isAssociating: false, isValidating: false }, first))
  }

  return {
    ...cell.methods,
    setState,
    takeFailure,
    failNext(error) {
      failure = error
    },
    lose() {
      const { sessionId } = cell.state
      if (!sessionId) throw new TypeError('createTestSession: there is no session to lose')
      show(completeState({ isConfirmed: false, isValidating: true }, cell.state))
      emit({ type: 'lost', sessionId })
      queueMicrotask(() => {
        if (cell.state.sessionId === sessionId)
          show(completeState({ isConfirmed: true, isValidating: false }, cell.state))
      })
    },
    ready,
    associate,
    identify(customerId) {
      const said = customerId ?? null
      if (said === identity.said) return
      try {
        if (said !== null) check({ customerId: said })
      } catch {
        return // state and events tell it
      }
      identity.said = said
      if (cell.state.status !== 'disabled') decide()
    },
    reset: quiet(async () => {
      const failed = takeFailure()
      if (cell.state.status === 'disabled') throw failed ?? disabledError()
      if (failed) throw failed
      leave()
      return ready()
    }),
    forget() {
      const { sessionId } = cell.state
      disable()
      Object.assign(identity, { said: undefined, decided: undefined, named: '' })
      emit({ type: 'forgotten', sessionId })
    },
    setEnabled(enabled) {
      if (enabled === (cell.state.status !== 'disabled')) return
      if (!enabled) return disable()
      show(first.status === 'disabled' ? completeState({ status: 'ready' }) : first)
      if (identity.said !== identity.decided) decide()
    },
    pendingFields: () => fieldsOf(pending),
    queryOptions: { ...cell.queryOptions, queryFn: ready },
  }
}

/** The state, who hears of it, and the app's QueryClient. */
function createCell(first: SessionState, options: TestSessionOptions) {
  const listeners = new Set<() => void>()
  const events = createEvents(options, () => Date.now())
  const queryKey = [
    'storefront-session',
    'test',
    '',
    '',
  ] as unknown as SessionClient['queryOptions']['queryKey'] // the tag is a type only
  let queryClient: QueryClient | undefined = options.queryClient
  const cell = {
    state: first,
    queryOptions: { queryKey, staleTime: Number.POSITIVE_INFINITY },
    emit: (event: SessionEvent) => events.emit(event),
    show(state: SessionState) {
      cell.state = state
      if (state.session) queryClient?.setQueryData(queryKey, state.session)
      for (const listener of listeners) listener()
    },
    invalidate: () =>
      void queryClient?.invalidateQueries({ predicate: ({ meta }) => meta?.session === true }),
    methods: {
      getState: () => cell.state,
      getServerState: () => first,
      subscribe(listener: () => void) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      setQueryClient(next: QueryClient) {
        queryClient ??= next
      },
      observe: events.observe,
      note: events.note,
    },
  }
  return cell
}
