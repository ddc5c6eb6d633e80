import { act, cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { SessionError, SessionProvider, useAssociate, useSession } from 'storefront-session'
import { createTestSession } from 'storefront-session/testing'
import { afterEach, expect, test } from 'vitest'

afterEach(cleanup)

const offline = new SessionError('network', 'offline')

function Account() {
  const { status, sessionId, session, error, associate, reset } = useSession()
  return (
    <>
      <p>{`${status} ${sessionId} ${session?.customerId ?? 'nobody'} ${error?.code ?? 'fine'}`}</p>
      <button type="button" onClick={() => associate({ customerId: 'ada' })}>
        Sign in
      </button>
      <button type="button" onClick={() => reset()}>
        Sign out
      </button>
    </>
  )
}

const show = (session: ReturnType<typeof createTestSession>) =>
  render(
    <SessionProvider client={session}>
      <Account />
    </SessionProvider>,
  )

test('it is ready with an id, unless told otherwise', () => {
  show(createTestSession())
  expect(screen.getByText('ready test-session nobody fine')).toBeTruthy()
  cleanup()
  show(createTestSession({ sessionId: null }))
  expect(screen.getByText('pending null nobody fine')).toBeTruthy()
})

test('what is not given follows from what is', () => {
  expect(createTestSession({ status: 'error', error: offline }).getState()).toMatchObject({
    sessionId: null,
    session: null,
  })
  expect(createTestSession({ status: 'disabled' }).getState()).toMatchObject({
    sessionId: null,
    session: null,
  })
  expect(createTestSession({ session: { sessionId: 'abc', customerId: 'ada' } }).getState()).toMatchObject({
    status: 'ready',
    sessionId: 'abc',
  })
  expect(createTestSession({ sessionId: 'abc' }).getState()).toMatchObject({ session: { sessionId: 'abc' } })
})

test('a test sets any state, and the component shows it', () => {
  const { client } = createTestSession()
  show(client)
  act(() =>
    client.setState({
      status: 'error',
      sessionId: null,
      session: null,
      error: new SessionError('network', 'offline'),
    }),
  )
  expect(screen.getByText('error null nobody network')).toBeTruthy()
})

test('ready again after trouble, it has an id', () => {
  const session = createTestSession({ status: 'error', error: offline })
  session.setState({ status: 'ready' })
  expect(session.getState()).toMatchObject({
    status: 'ready',
    sessionId: 'test-session',
    session: { sessionId: 'test-session' },
  })
})

test('what the component does shows at once and stands in the log', async () => {
  const session = createTestSession()
  show(session)
  await userEvent.click(screen.getByText('Sign in'))
  expect(screen.getByText('ready test-session ada fine')).toBeTruthy()
  await userEvent.click(screen.getByText('Sign out'))
  expect(screen.getByText('ready test-session-1 nobody fine')).toBeTruthy()
  expect(session.calls.map(({ name }) => name)).toEqual(['start', 'associate', 'reset'])
  expect(session.calls[1]?.args).toEqual([{ customerId: 'ada' }])
})

test('useAssociate can be tested with it, sign-out included', () => {
  const session = createTestSession()
  const Recognised = ({ customerId }: { customerId: string | undefined }) => {
    useAssociate({ customerId })
    return null
  }
  const app = (customerId: string | undefined) => (
    <SessionProvider client={session}>
      <Recognised customerId={customerId} />
    </SessionProvider>
  )
  const view = render(app('ada'))
  expect(session.getState().session?.customerId).toBe('ada')
  view.rerender(app(undefined))
  expect(session.getState()).toMatchObject({
    sessionId: 'test-session-1',
    session: { sessionId: 'test-session-1' },
  })
  expect(session.getState().session?.customerId).toBeUndefined()
})

test('forget and setEnabled(false) disable it, setEnabled(true) brings it back', () => {
  const session = createTestSession()
  session.forget()
  expect(session.getState()).toMatchObject({ status: 'disabled', sessionId: null })
  session.setEnabled(true)
  expect(session.getState()).toMatchObject({ status: 'ready', sessionId: 'test-session' })
})

test('what is associated while the session is pending comes with it, as with the real client', async () => {
  const session = createTestSession({ sessionId: null })
  const associated = session.associate({ customerId: 'ada' })
  session.setState({ status: 'ready', sessionId: 'abc', session: { sessionId: 'abc' } })
  expect(session.getState().session).toEqual({ sessionId: 'abc', customerId: 'ada' })
  expect(await associated).toEqual({ sessionId: 'abc', customerId: 'ada' })
})

test('a field without a value keeps what is known', async () => {
  const session = createTestSession()
  await session.associate({ customerId: 'ada' })
  expect(await session.associate({ visitId: 'v', customerId: undefined })).toMatchObject({
    customerId: 'ada',
    visitId: 'v',
  })
})

test('disabled, it accepts nothing, and a promise that nobody looks at harms nobody', async () => {
  const session = createTestSession()
  session.forget()
  void session.associate({ customerId: 'ada' })
  await expect(session.associate({ customerId: 'ada' })).rejects.toMatchObject({ code: 'disabled' })
  await expect(session.reset()).rejects.toMatchObject({ code: 'disabled' })
  expect(session.getState().status).toBe('disabled')
  session.setEnabled(true)
  expect(session.getState().session).toEqual({ sessionId: 'test-session' })
})

test('a change of one part of the state takes with it what follows', () => {
  const session = createTestSession()
  session.setState({ session: { sessionId: 'abc', customerId: 'ada' } })
  expect(session.getState()).toMatchObject({ sessionId: 'abc', status: 'ready' })
  session.setState({ sessionId: 'def' })
  expect(session.getState().session).toEqual({ sessionId: 'def' })
  session.setState({ isValidating: true })
  expect(session.getState()).toMatchObject({ sessionId: 'def', session: { sessionId: 'def' } })
  session.setState({ status: 'error', error: offline })
  expect(session.getState()).toMatchObject({ sessionId: null, session: null })
})

test('an id that the client would refuse is refused', async () => {
  const session = createTestSession()
  await expect(session.associate({ customerId: 'ada lovelace' })).rejects.toMatchObject({
    code: 'invalid-input',
  })
  expect(session.getState().session).toEqual({ sessionId: 'test-session' })
})

test('what is associated in trouble waits for a session, as with the real client', async () => {
  const error = new SessionError('network', 'offline')
  const session = createTestSession({ status: 'error', error })
  const associated = session.associate({ customerId: 'ada' })
  await expect(session.ready()).rejects.toBe(error)
  session.setState({ status: 'ready', sessionId: 'abc', error: null })
  expect(await associated).toEqual({ sessionId: 'abc', customerId: 'ada' })
})

test('enabling what is enabled, and associating what is associated, changes nothing', async () => {
  const session = createTestSession()
  await session.associate({ customerId: 'ada' })
  const { session: before } = session.getState()
  session.setEnabled(true)
  await session.associate({ customerId: 'ada' })
  expect(session.getState().session).toBe(before)
})
