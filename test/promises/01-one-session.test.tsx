import { QueryClient, QueryClientProvider, useSuspenseQuery } from '@tanstack/react-query'
import { act, cleanup, render, screen } from '@testing-library/react'
import { StrictMode, Suspense } from 'react'
import { SessionProvider, type SessionProviderProps, useSession, useSessionClient } from 'storefront-session'
import { afterEach, expect, test, vi } from 'vitest'
import { withSessionApi } from '../support/session-setup.ts'

const session = withSessionApi()
afterEach(cleanup)

/** A catalogue that depends on the session, and suspends its tree until it has come. */
function Catalogue() {
  const sessionId = useSession((state) => state.sessionId)
  const { data } = useSuspenseQuery({
    queryKey: ['catalogue', sessionId],
    queryFn: async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      return `lamps for ${sessionId ?? 'nobody'}`
    },
  })
  return <p>{data}</p>
}
function page(options: Partial<SessionProviderProps>, isStrict: boolean) {
  const tree = (
    <QueryClientProvider client={new QueryClient()}>
      <Suspense fallback={<p>waiting</p>}>
        <SessionProvider {...({ baseUrl: session.api.baseUrl, ...options } as SessionProviderProps)}>
          <Catalogue />
        </SessionProvider>
      </Suspense>
    </QueryClientProvider>
  )
  return isStrict ? <StrictMode>{tree}</StrictMode> : tree
}

const options: [string, Partial<SessionProviderProps>][] = [
  ['an id of the server', {}],
  ['an id that the browser chooses', { create: 'client' }],
  ['a session in memory', { storage: 'memory' }],
  ['an id that the browser chooses, in memory', { create: 'client', storage: 'memory' }],
]

test.each(
  options.flatMap(([name, some]) => [false, true].map((isStrict) => [name, isStrict, some] as const)),
)(
  'F180: a provider that is suspended before it ever mounted draws one id and makes one request: %s, StrictMode %s',
  async (_, isStrict, some) => {
    render(page(some, isStrict))
    await screen.findByText(/lamps for [\w-]{16,}/, undefined, { timeout: 4_000 })
    await vi.waitFor(() => expect(session.api.calls()).toHaveLength(1))
    // Everything that was begun has ended by then.
    await act(() => new Promise((resolve) => setTimeout(resolve, 200)))
    const shown = /lamps for (\S+)/.exec(document.body.textContent ?? '')?.[1]
    expect(session.api.calls()).toEqual([
      some.create === 'client' ? 'POST /sessions/:id' : 'PUT /sessions/new',
    ])
    if (some.create === 'client') expect(session.api.seen[0]?.path).toContain(shown)
    if (!some.storage) expect(localStorage.getItem('storefront-session')).toBe(shown)
  },
)

test('F180: a provider below a boundary that suspends on the session itself makes one request', async () => {
  const Session = () => {
    const { data } = useSuspenseQuery(useSessionClient().queryOptions)
    return <p>{data.sessionId}</p>
  }
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Suspense fallback={<p>waiting</p>}>
        <SessionProvider baseUrl={session.api.baseUrl}>
          <Session />
        </SessionProvider>
      </Suspense>
    </QueryClientProvider>,
  )
  await screen.findByText(/^[\w-]{16,}$/, undefined, { timeout: 4_000 })
  await act(() => new Promise((resolve) => setTimeout(resolve, 100)))
  expect(session.api.calls()).toEqual(['PUT /sessions/new'])
  expect(document.body.textContent).toBe(localStorage.getItem('storefront-session'))
})

test('F180: two providers with the same key below boundaries that suspend share one session', async () => {
  render(
    <>
      {page({ create: 'client' }, false)}
      {page({ create: 'client' }, false)}
    </>,
  )
  await vi.waitFor(() => expect(screen.getAllByText(/lamps for [\w-]{16,}/)).toHaveLength(2), {
    timeout: 4_000,
  })
  await act(() => new Promise((resolve) => setTimeout(resolve, 200)))
  const shown = screen.getAllByText(/lamps for/).map(({ textContent }) => textContent)
  expect(new Set(shown).size).toBe(1)
})
