import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { memo, Suspense, startTransition, useState } from 'react'
import { SessionError, SessionProvider, type UseSessionResult, useSession } from 'storefront-session'
import { createTestSession } from 'storefront-session/testing'
import { afterEach, expect, test } from 'vitest'

afterEach(cleanup)
const error = new SessionError('network', 'offline')
const never = new Promise<never>(() => undefined)

const Child = memo(({ session }: { session: UseSessionResult }) => {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <button type="button" onClick={() => setIsOpen(true)}>
      {isOpen ? `error ${session.error?.code ?? 'none'}` : 'open'}
    </button>
  )
})
const Wait = ({ on }: { on: boolean }) => {
  if (on) throw never
  return null
}
let go: (on: boolean) => void
const Reader = ({ on }: { on: boolean }) => {
  const session = useSession()
  return (
    <h1>
      {session.sessionId}
      <Child session={session} />
      <Wait on={on} />
    </h1>
  )
}
const App = () => {
  const [on, setOn] = useState(false)
  go = setOn
  return (
    <Suspense fallback="fallback">
      <Reader on={on} />
    </Suspense>
  )
}

test.each([false, true])(
  'a field that is read for the first time shows what it is now; a transition is under way: %s',
  async (isTransition) => {
    const client = createTestSession()
    render(
      <SessionProvider client={client}>
        <App />
      </SessionProvider>,
    )
    act(() => client.setState({ error }))
    if (isTransition) await act(async () => startTransition(() => go(true)))
    expect(screen.queryByText('fallback')).toBeNull()
    await act(async () => void fireEvent.click(screen.getByText('open')))
    await act(async () => new Promise((r) => setTimeout(r, 50)))
    expect(screen.getByText('error network')).toBeTruthy()
    if (isTransition) {
      await act(async () => startTransition(() => go(false)))
      expect(screen.getByText('error network')).toBeTruthy()
    }
  },
)
test('a field that is read for the first time in a transition that is given up shows what it is now', async () => {
  const client = createTestSession()
  render(
    <SessionProvider client={client}>
      <App />
    </SessionProvider>,
  )
  act(() => client.setState({ error }))
  await act(async () => startTransition(() => go(true)))
  await act(async () => void fireEvent.click(screen.getByText('open')))
  await act(async () => startTransition(() => go(false)))
  await act(async () => new Promise((r) => setTimeout(r, 50)))
  expect(screen.getByText('error network')).toBeTruthy()
})
