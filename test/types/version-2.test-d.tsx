import {
  type AttachOptions,
  type cookieStorage,
  createSessionClient,
  isSessionError,
  type SessionError,
  type SessionEvent,
  type SessionInfo,
  type SessionState,
  type SessionStorage,
  useSession,
  useSessionClient,
} from 'storefront-session'
import { expectTypeOf } from 'vitest'

// What tsc accepts here and refuses at each @ts-expect-error is part of the contract; nothing of this file runs.

const client = createSessionClient({ baseUrl: '/gks-server/v1' })

/** An app that knows of one more field. */
declare module 'storefront-session' {
  interface Register {
    sessionInfo: { favouriteShop?: string }
  }
}

export function narrow(state: SessionState) {
  if (state.status === 'ready') {
    expectTypeOf(state.sessionId).toEqualTypeOf<string>()
    expectTypeOf(state.session).toEqualTypeOf<SessionInfo>()
    expectTypeOf(state.error).toEqualTypeOf<SessionError | null>()
  } else expectTypeOf(state.sessionId).toEqualTypeOf<null>()
  if (state.status === 'error') expectTypeOf(state.error).toEqualTypeOf<SessionError>()
  if (state.status === 'disabled' || state.status === 'pending')
    expectTypeOf(state.session).toEqualTypeOf<null>()
  if (state.sessionId !== null) expectTypeOf(state.status).toEqualTypeOf<'ready'>()
  expectTypeOf(state.isConfirmed).toEqualTypeOf<boolean>()
}

export function useDestructured() {
  const { status, session, sessionId, isConfirmed } = useSession()
  expectTypeOf(isConfirmed).toEqualTypeOf<boolean>()
  if (status !== 'ready') return null
  expectTypeOf(sessionId).toEqualTypeOf<string>()
  expectTypeOf(session.customerId).toEqualTypeOf<string | undefined>()
  return session.sessionId
}

export async function calls() {
  expectTypeOf(client.settled()).resolves.toEqualTypeOf<SessionState>()
  expectTypeOf(client.identify('ada')).toEqualTypeOf<void>()
  client.identify(null)
  // @ts-expect-error an app that does not know says null
  client.identify(undefined)
  // @ts-expect-error replaced by identify
  client.confirming()
}

export function useClient() {
  expectTypeOf(useSessionClient().identify).toEqualTypeOf<typeof client.identify>()
}

export async function fields() {
  const info = await client.ready()
  expectTypeOf(info.favouriteShop).toEqualTypeOf<string | undefined>()
  // @ts-expect-error a field that nobody registered
  info.shoeSize
}

export function troubles(error: unknown, event: SessionEvent) {
  if (isSessionError(error)) expectTypeOf(error).toEqualTypeOf<SessionError>()
  if (event.type === 'created') expectTypeOf(event.previousSessionId).toEqualTypeOf<string | undefined>()
}

export const attach: AttachOptions = {
  when(url, method) {
    expectTypeOf(url).toEqualTypeOf<URL>()
    expectTypeOf(method).toEqualTypeOf<string>()
    return true
  },
}
expectTypeOf<ReturnType<typeof cookieStorage>>().toExtend<SessionStorage>()
