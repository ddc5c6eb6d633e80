import { QueryClient } from '@tanstack/react-query'
import { act, cleanup, render, waitFor } from '@testing-library/react'
import { type ReactNode, StrictMode } from 'react'
import { type SessionClient, SessionProvider, useAssociate } from 'storefront-session'
import { afterEach, describe, expect, test } from 'vitest'
import { storeSession, withSessionApi } from '../support/session-setup.ts'

const session = withSessionApi()
afterEach(cleanup)

function SignedIn({ customerId }: { customerId?: string | undefined }) {
  useAssociate({ customerId })
  return null
}
const shop = (client: SessionClient, customerId?: string) => (
  <StrictMode>
    <SessionProvider client={client}>
      <SignedIn customerId={customerId} />
    </SessionProvider>
  </StrictMode>
)
const settled = (client: SessionClient, customerId: string | undefined) =>
  waitFor(() => {
    const { isAssociating, isValidating, session, status } = client.getState()
    expect({ status, isAssociating, isValidating }).toEqual({
      status: 'ready',
      isAssociating: false,
      isValidating: false,
    })
    expect(session?.customerId).toBe(customerId)
  })
const customerOf = async (sessionId: string | null) => (await session.readSession(sessionId)).customerId

/** A visit of ada's, up to the reload. Returns her session. */
async function visitOfAda() {
  const client = session.open()
  const view = render(shop(client, 'ada'))
  await settled(client, 'ada')
  view.unmount()
  return client.getState().sessionId
}

test('a reload with the same customer goes on in the same session', async () => {
  const sessionId = await visitOfAda()
  const client = session.open()
  render(shop(client, 'ada'))
  await settled(client, 'ada')
  expect(client.getState().sessionId).toBe(sessionId)
  expect(session.events.map(({ type }) => type)).not.toContain('reset')
})

test('a customer who goes away before it is clear whose session this is does not come back with what a dead tab had to send', async () => {
  const sessionId = await session.createElsewhere()
  storeSession(sessionId)
  localStorage.setItem('storefront-session:customerId', ' ada')
  const client = session.open()
  const view = render(shop(client, 'ada'))
  view.rerender(shop(client))
  await waitFor(() => expect(session.events.map(({ type }) => type)).toContain('reset'))
  await settled(client, undefined)
  expect(client.getState().sessionId).not.toBe(sessionId)
  expect(await customerOf(client.getState().sessionId)).toBeUndefined()
})

test('an API that does not tell whose session it is holds up nothing that was accepted, and its answer to that tells', async () => {
  const sessionId = await visitOfAda()
  session.api.fault = ({ method }) => (method === 'GET' ? new Response('no', { status: 403 }) : undefined)
  const client = session.open({ revalidateMs: 0 })
  render(shop(client, 'bob'))
  await client.associate({ visitId: 'v1' })
  await settled(client, 'bob')
  session.api.fault = undefined
  expect(await session.readSession(sessionId)).toMatchObject({ customerId: 'ada', visitId: 'v1' })
  expect(client.getState().sessionId).not.toBe(sessionId)
})

test('whoever signs out right after a reload is left at once, though the API does not answer whose session it is', async () => {
  const sessionId = await visitOfAda()
  const client = session.open({
    fetch: (input, init) => (init?.method === 'GET' ? new Promise(() => undefined) : fetch(input, init)),
  })
  const view = render(shop(client, 'ada'))
  session.events.length = 0
  view.rerender(shop(client))
  expect(session.events).toEqual([{ type: 'reset', sessionId }])
  await settled(client, undefined)
  expect(await customerOf(client.getState().sessionId)).toBeUndefined()
})

test('a session of which nobody can tell whose it is is left at once by who comes and by who goes, and then no more', async () => {
  const sessionId = await visitOfAda()
  const client = session.open({ revalidateMs: 0 })
  const view = render(shop(client, 'ada'))
  view.rerender(shop(client, 'bob'))
  view.rerender(shop(client))
  await settled(client, undefined)
  // The second is the one that bob was about to get.
  const resets = () => session.events.filter(({ type }) => type === 'reset')
  expect(resets()).toEqual([
    { type: 'reset', sessionId },
    { type: 'reset', sessionId: null },
  ])
  view.rerender(shop(client, 'bob'))
  await settled(client, 'bob')
  expect(resets()).toHaveLength(2)
})

test('another customer after a reload begins a session of his own, once the earlier one is known', async () => {
  const sessionId = await visitOfAda()
  const client = session.open({ revalidateMs: 0 })
  const view = render(shop(client))
  await settled(client, 'ada')
  view.rerender(shop(client, 'bob'))
  await settled(client, 'bob')
  expect(client.getState().sessionId).not.toBe(sessionId)
  expect(session.events.filter(({ type }) => type === 'reset')).toHaveLength(1)
  expect([await customerOf(sessionId), await customerOf(client.getState().sessionId)]).toEqual(['ada', 'bob'])
})

test('F177: a customer who signs in on another page than the earlier one signed out begins a session of his own', async () => {
  const sessionId = await visitOfAda()
  // Confirmed a moment ago, so that nothing asks for it on load.
  const client = session.open()
  render(shop(client, 'bob'))
  await settled(client, 'bob')
  expect(client.getState().sessionId).not.toBe(sessionId)
  expect([await customerOf(sessionId), await customerOf(client.getState().sessionId)]).toEqual(['ada', 'bob'])
})

test("a customer who is the session's already costs one GET on the next page, and no POST", async () => {
  await visitOfAda()
  session.api.seen.length = 0
  const client = session.open()
  render(shop(client, 'ada'))
  await settled(client, 'ada')
  expect(session.api.calls()).toEqual(['GET /sessions/:id'])
})

test('a sign-in while the API is down waits until it is known whose session this is', async () => {
  const sessionId = await visitOfAda()
  session.api.fault = () => new Response('down', { status: 503 })
  const client = session.open()
  render(shop(client, 'bob'))
  await waitFor(() => expect(client.getState().error).not.toBeNull())
  session.api.fault = undefined
  await waitFor(() => expect(client.getState().session?.customerId).toBe('bob'), { timeout: 4_000 })
  await settled(client, 'bob')
  expect(await customerOf(sessionId)).toBe('ada')
})

test('a customer who was not sent yet is never mixed up with the next one', async () => {
  session.api.fault = () => new Response('down', { status: 503 })
  const first = session.open({ retry: 0 })
  const view = render(shop(first, 'ada'))
  await waitFor(() => expect(first.getState().error).not.toBeNull())
  view.unmount()
  first.stop()
  session.api.fault = undefined
  session.api.seen.length = 0
  const client = session.open()
  render(shop(client, 'bob'))
  await settled(client, 'bob')
  expect(JSON.stringify(session.api.seen)).not.toContain('ada')
})

test('another component that signs somebody else in, in the same page, leaves the session first', async () => {
  const client = session.open()
  const view = render(shop(client, 'ada'))
  await settled(client, 'ada')
  const before = client.getState().sessionId
  view.unmount()
  render(shop(client, 'bob'))
  await settled(client, 'bob')
  expect(client.getState().sessionId).not.toBe(before)
  expect(await customerOf(before)).toBe('ada')
})

test('F177: a session that the app was given is left, too, where it is another customer’s', async () => {
  const sessionId = await session.createElsewhere()
  const initialSession = { sessionId, customerId: 'ada' }
  const client = session.open({ initialSession })
  render(shop(client, 'bob'))
  await settled(client, 'bob')
  expect(client.getState().sessionId).not.toBe(sessionId)
  expect(await customerOf(sessionId)).toBeUndefined()
})

test('F177: another customer while the first request is under way gets a session of his own', async () => {
  session.api.latencyMs = 100
  const client = session.open()
  const view = render(shop(client, 'ada'))
  await waitFor(() => expect(session.api.seen).toHaveLength(1))
  view.rerender(shop(client, 'bob'))
  session.api.latencyMs = 0
  await settled(client, 'bob')
  const customers = session.api.seen.map(({ method, headers }) => [method, headers.gkc_customerid])
  expect(customers).toEqual([
    ['PUT', 'ada'],
    ['PUT', 'bob'],
  ])
})

test('F177: another customer while the session is disabled gets a session of his own', async () => {
  const client = session.open()
  const view = render(shop(client, 'ada'))
  await settled(client, 'ada')
  const before = client.getState().sessionId
  act(() => client.setEnabled(false))
  view.rerender(shop(client, 'bob'))
  act(() => client.setEnabled(true))
  await settled(client, 'bob')
  expect(await customerOf(before)).toBe('ada')
})

test('a visit goes on in the next session, a customer does not', async () => {
  const Visit = () => {
    useAssociate({ visitId: 'v1' })
    return null
  }
  const client = session.open()
  render(
    <SessionProvider client={client}>
      <SignedIn customerId="ada" />
      <Visit />
    </SessionProvider>,
  )
  await settled(client, 'ada')
  await act(() => client.reset())
  await settled(client, undefined)
  expect(await session.readSession(client.getState().sessionId)).toMatchObject({ visitId: 'v1' })
})

describe('while the server is asked whose session a stored one is', () => {
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

  /** A page whose stored session the API takes its time to confirm, with ada about to be signed in. */
  async function signInSlowly(make: (customerId?: string) => ReactNode) {
    storeSession(await session.createElsewhere())
    session.api.latencyMs = 100
    const view = render(make('ada'))
    await pause(30)
    return {
      view,
      async becomeQuiet() {
        session.api.latencyMs = 0
        await pause(300)
        return JSON.stringify(session.api.seen)
      },
    }
  }

  test('a reset, with the component gone or not yet, leaves nobody signed in in the next session', async () => {
    for (const goes of [true, false]) {
      const client = session.open()
      const shopOf = (customerId?: string) => (
        <SessionProvider client={client}>
          {customerId && <SignedIn customerId={customerId} />}
        </SessionProvider>
      )
      const { view, becomeQuiet } = await signInSlowly(shopOf)
      if (goes) view.rerender(shopOf())
      await act(() => client.reset())
      view.rerender(shopOf())
      expect(await becomeQuiet()).not.toContain('ada')
      expect(client.getState().session).toEqual({
        sessionId: expect.any(String),
        createdAt: expect.any(String),
        expiresAt: expect.any(String),
      })
      client.forget()
    }
  })

  test('a provider that goes takes what it was about to do with it', async () => {
    const provider = (customerId?: string) => (
      <SessionProvider key={customerId} baseUrl={session.api.baseUrl}>
        <SignedIn customerId={customerId} />
      </SessionProvider>
    )
    const { view, becomeQuiet } = await signInSlowly(provider)
    view.rerender(provider())
    expect(await becomeQuiet()).not.toContain('ada')
  })

  test('a component that goes without a sign-out has signed in', async () => {
    const client = session.open()
    const shopOf = (customerId?: string) => (
      <SessionProvider client={client}>{customerId && <SignedIn customerId={customerId} />}</SessionProvider>
    )
    const { view } = await signInSlowly(shopOf)
    view.rerender(shopOf())
    await expect.poll(() => JSON.stringify(session.api.seen), { timeout: 5_000 }).toContain('ada')
  })
})

describe('two components with the same customer', () => {
  const two = (client: SessionClient, customerId?: string) => (
    <SessionProvider client={client}>
      <SignedIn customerId={customerId} />
      <SignedIn customerId={customerId} />
    </SessionProvider>
  )
  test.each([
    ['sign out', undefined],
    ['sign somebody else in', 'bob'],
  ])('%s once', async (_, next) => {
    const client = session.open()
    const view = render(two(client, 'ada'))
    await settled(client, 'ada')
    view.rerender(two(client, next))
    await settled(client, next)
    expect(session.events.filter(({ type }) => type === 'reset')).toHaveLength(1)
  })
})

test('another client is signed in by itself: nothing is left there', async () => {
  const [one, two] = [session.open({ storageKey: 'one' }), session.open({ storageKey: 'two' })]
  const view = render(shop(one, 'ada'))
  await settled(one, 'ada')
  view.rerender(shop(two, 'bob'))
  await settled(two, 'bob')
  expect(session.events.map(({ type }) => type)).not.toContain('reset')
  expect(await customerOf(one.getState().sessionId)).toBe('ada')
})

test('an id that can not be sent shows as association-failed, and takes no other with it', async () => {
  const client = session.open()
  const Visit = () => {
    useAssociate({ customerId: 'ada lovelace', visitId: 'v'.repeat(257), globalVisitId: 'g1' })
    return null
  }
  render(
    <SessionProvider client={client}>
      <Visit />
    </SessionProvider>,
  )
  await settled(client, undefined)
  const refused = session.events.flatMap((event) => (event.type === 'association-failed' ? event.fields : []))
  expect(new Set(refused)).toEqual(new Set(['customerId', 'visitId']))
  expect(await session.readSession(client.getState().sessionId)).toMatchObject({ globalVisitId: 'g1' })
})

describe('where an app empties its cache', () => {
  /** A visit of ada's, and the QueryClient of the app. */
  async function openAda() {
    const queryClient = new QueryClient()
    const client = session.open({ queryClient })
    const view = render(shop(client, 'ada'))
    await settled(client, 'ada')
    return { queryClient, client, view, sessionId: client.getState().sessionId }
  }

  test.each(['clear', 'resetQueries'] as const)('by %s, a sign-out is one all the same', async (empty) => {
    const { queryClient, client, view, sessionId } = await openAda()
    act(() => {
      queryClient[empty]()
      view.rerender(shop(client))
    })
    await waitFor(() => expect(session.events.map(({ type }) => type)).toContain('reset'))
    view.rerender(shop(client, 'bob'))
    await settled(client, 'bob')
    expect(client.getState().sessionId).not.toBe(sessionId)
    expect(await customerOf(sessionId)).toBe('ada')
  })

  test('so is another customer who comes', async () => {
    const { queryClient, client, view, sessionId } = await openAda()
    act(() => {
      view.rerender(shop(client, 'bob'))
      queryClient.clear()
    })
    await settled(client, 'bob')
    expect(client.getState().sessionId).not.toBe(sessionId)
    expect(await customerOf(sessionId)).toBe('ada')
  })
})
