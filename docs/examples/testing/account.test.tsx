import { useSuspenseQuery } from '@tanstack/react-query'
import { act, cleanup, render, screen } from '@testing-library/react'
import { Suspense } from 'react'
import { renderToString } from 'react-dom/server'
import { SessionError, useSessionClient } from 'storefront-session'
import { createTestSession } from 'storefront-session/testing'
import { Account } from './account'

afterEach(cleanup)

// #region anonymous
test('an anonymous visitor is greeted as a visitor', () => {
  const session = createTestSession() // ready, anonymous
  render(<Account user={null} />, { wrapper: session.wrapper })
  expect(screen.getByText('Hello visitor')).toBeTruthy()
})
// #endregion anonymous

// #region recognised
test('a recognised customer is greeted by name', () => {
  const session = createTestSession({ session: { sessionId: 's-1', customerId: 'ada' } })
  render(<Account user={null} />, { wrapper: session.wrapper })
  expect(screen.getByText('Hello ada')).toBeTruthy()
})
// #endregion recognised

// #region down
test('an API that is down shows as an alert', () => {
  const session = createTestSession({ status: 'error', error: new SessionError('network', 'No answer') })
  render(<Account user={null} />, { wrapper: session.wrapper })
  expect(screen.getByRole('alert').textContent).toBe('No session: network')
})
// #endregion down

// #region lost
test('a lost session is replaced, and the app hears of it', async () => {
  const events: string[] = []
  const session = createTestSession({}, { onEvent: ({ type }) => events.push(type) })
  render(<Account user={null} />, { wrapper: session.wrapper })
  await act(async () => session.lose())
  expect(events).toContain('lost')
  expect(screen.getByText('Hello visitor')).toBeTruthy()
})
// #endregion lost

// #region sign-in
test('signing in ties the customer to the session', async () => {
  const session = createTestSession()
  const { rerender } = render(<Account user={null} />, { wrapper: session.wrapper })
  rerender(<Account user={{ id: 'ada' }} />)
  expect(await screen.findByText('Hello ada')).toBeTruthy()
  expect(session.calls).toContainEqual({ name: 'identify', args: ['ada'] })
})
// #endregion sign-in

// #region sign-out
test('signing out begins a new anonymous session', async () => {
  const session = createTestSession()
  const { rerender } = render(<Account user={{ id: 'ada' }} />, { wrapper: session.wrapper })
  await screen.findByText('Hello ada')
  const before = session.getState().sessionId
  rerender(<Account user={null} />)
  expect(await screen.findByText('Hello visitor')).toBeTruthy()
  expect(session.getState().sessionId).not.toBe(before)
})
// #endregion sign-out

// #region consent
test('without consent nothing is kept, and consent brings a session', async () => {
  const session = createTestSession()
  render(<Account user={null} />, { wrapper: session.wrapper })
  await act(async () => session.setEnabled(false))
  expect(screen.getByText('Nothing is kept')).toBeTruthy()
  await act(async () => session.setEnabled(true))
  expect(await screen.findByText('Hello visitor')).toBeTruthy()
})
// #endregion consent

// #region suspense
function SessionId() {
  const { data } = useSuspenseQuery(useSessionClient().queryOptions)
  return <p>Session {data.sessionId}</p>
}

test('a suspended component shows the session when it is there', async () => {
  const session = createTestSession({ status: 'pending' })
  const view = (
    <Suspense fallback={<p>One moment</p>}>
      <SessionId />
    </Suspense>
  )
  await act(async () => render(view, { wrapper: session.wrapper }))
  expect(screen.getByText('One moment')).toBeTruthy()
  await act(async () => session.setState({ status: 'ready', sessionId: 's-1' }))
  expect(await screen.findByText('Session s-1')).toBeTruthy()
})
// #endregion suspense

// #region hydration
test('hydration finds the markup of the server', async () => {
  const session = createTestSession({ status: 'pending' })
  const view = (
    <session.wrapper>
      <Account user={null} />
    </session.wrapper>
  )
  const container = document.createElement('div')
  document.body.append(container)
  container.innerHTML = renderToString(view)
  const problems: unknown[] = []
  render(view, { container, hydrate: true, onRecoverableError: (error) => problems.push(error) })
  await act(async () => session.setState({ session: { sessionId: 's-1', customerId: 'ada' } }))
  expect(screen.getByText('Hello ada')).toBeTruthy()
  expect(problems).toEqual([])
})
// #endregion hydration

// #region fail
test('a refused association rejects, and nothing else changes', async () => {
  const session = createTestSession()
  session.failNext(new SessionError('http', 'Refused', { status: 422 }))
  await expect(session.associate({ customerId: 'ada' })).rejects.toMatchObject({ code: 'http', status: 422 })
  expect(session.getState().session?.customerId).toBeUndefined()
})
// #endregion fail
