import { QueryClient, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import {
  type AssociationField,
  createSessionClient,
  type SessionClient,
  SessionError,
  type SessionErrorCode,
  type SessionEvent,
  type SessionInfo,
  SessionProvider,
  useAssociate,
  useSession,
  useSessionFetch,
} from 'storefront-session'
import { sessionApiHandlers } from 'storefront-session/msw'
import { createSessionHandler, memoryStore, type SessionStore } from 'storefront-session/server'
import { createTestSession } from 'storefront-session/testing'
import { readVisitIds } from 'storefront-session/web-engagement'
import { expectTypeOf } from 'vitest'

// What tsc accepts here and refuses at each @ts-expect-error is part of the contract; nothing of this file runs.

const client = createSessionClient({ baseUrl: '/gks-server/v1' })

export function useHooks() {
  const session = useSession()
  expectTypeOf(session.status).toEqualTypeOf<'disabled' | 'pending' | 'ready' | 'error'>()
  expectTypeOf(session.sessionId).toEqualTypeOf<string | null>()
  expectTypeOf(session.session).toEqualTypeOf<SessionInfo | null>()
  expectTypeOf(session.error).toEqualTypeOf<SessionError | null>()
  expectTypeOf(session.associate).toEqualTypeOf<SessionClient['associate']>()

  expectTypeOf(useSession((state) => state.sessionId)).toEqualTypeOf<string | null>()
  expectTypeOf(useSession((state) => state.status === 'ready')).toEqualTypeOf<boolean>()
  // @ts-expect-error no such field
  useSession((state) => state.customerId)

  expectTypeOf(useSessionFetch()).toEqualTypeOf<typeof fetch>()

  const user: { id: string } | undefined = Math.random() > 1 ? { id: 'ada' } : undefined
  useAssociate({ customerId: user?.id, visitId: undefined })
  // @ts-expect-error an id is text
  useAssociate({ customerId: 7 })
  // @ts-expect-error no such id
  useAssociate({ agentId: 'a1' })
}

export function useQueries(queryClient: QueryClient) {
  expectTypeOf(useQuery(client.queryOptions).data).toEqualTypeOf<SessionInfo | undefined>()
  expectTypeOf(useQuery(client.queryOptions).error).toEqualTypeOf<SessionError | null>()
  expectTypeOf(useSuspenseQuery(client.queryOptions).data).toEqualTypeOf<SessionInfo>()
  expectTypeOf(
    useQuery({ ...client.queryOptions, select: ({ sessionId }) => sessionId.length }).data,
  ).toEqualTypeOf<number | undefined>()
  expectTypeOf(queryClient.fetchQuery(client.queryOptions)).resolves.toEqualTypeOf<SessionInfo>()
  expectTypeOf(queryClient.getQueryData(client.queryOptions.queryKey)).toEqualTypeOf<
    SessionInfo | undefined
  >()
  createSessionClient({ baseUrl: '/api', queryClient: new QueryClient() })
}

export const provided = [
  <SessionProvider key="options" baseUrl="/api" attach={{ as: 'header', to: [new URL('https://a.test')] }} />,
  <SessionProvider key="client" client={client} />,
  // @ts-expect-error neither options nor a client
  <SessionProvider key="nothing" />,
  // @ts-expect-error a client has its options already
  <SessionProvider key="both" client={client} baseUrl="/api" />,
]

export function wrongOptions() {
  // @ts-expect-error the address of the API is required
  createSessionClient({})
  // @ts-expect-error no such place
  createSessionClient({ baseUrl: '/api', storage: 'cookie' })
  // @ts-expect-error no such way
  createSessionClient({ baseUrl: '/api', attach: { as: 'cookie' } })
}

export async function calls() {
  expectTypeOf(client.ready()).resolves.toEqualTypeOf<SessionInfo>()
  expectTypeOf(client.associate({ visitId: 'v1' })).resolves.toEqualTypeOf<SessionInfo>()
  expectTypeOf(client.fetch).toEqualTypeOf<typeof fetch>()
  expectTypeOf((await client.ready()).sessionId).toEqualTypeOf<string>()
  expectTypeOf((await client.ready()).customerId).toEqualTypeOf<string | undefined>()
  // @ts-expect-error a field that neither this library nor the Register of these tests knows
  ;(await client.ready()).discount
}

export function troubles(error: unknown, event: SessionEvent) {
  if (error instanceof SessionError) {
    expectTypeOf(error.code).toEqualTypeOf<SessionErrorCode>()
    expectTypeOf(error.retryAfterMs).toEqualTypeOf<number | undefined>()
    // @ts-expect-error no such code
    error.code === 'offline'
  }
  if (event.type === 'replaced') expectTypeOf(event.previousSessionId).toEqualTypeOf<string>()
  if (event.type === 'associated') expectTypeOf(event.fields).toEqualTypeOf<AssociationField[]>()
  // @ts-expect-error no event carries a customer
  event.customerId
}

export async function beside() {
  expectTypeOf(createSessionHandler({ store: memoryStore() })).toExtend<
    (request: Request) => Promise<Response>
  >()
  expectTypeOf(memoryStore()).toExtend<SessionStore>()
  expectTypeOf(createTestSession()).toExtend<SessionClient>()
  sessionApiHandlers('/api', { faults: ({ method }) => (method === 'PUT' ? 'html' : undefined) })
  // @ts-expect-error no such fault
  sessionApiHandlers('/api', { faults: () => 'flood' })
  expectTypeOf(await readVisitIds({ timeoutMs: 10 })).toEqualTypeOf<{
    visitId?: string
    globalVisitId?: string
  }>()
}
