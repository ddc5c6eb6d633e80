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

/** A page of which a transition suspends one part; the field that its child may read has changed by now. */
function open() {
  let go = (_on: boolean): void => undefined
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
  const client = createTestSession()
  render(
    <SessionProvider client={client}>
      <App />
    </SessionProvider>,
  )
  act(() => client.setState({ error }))
  return {
    transition: (on: boolean) => act(async () => startTransition(() => go(on))),
    read: () => act(async () => void fireEvent.click(screen.getByText('open'))),
    wait: () => act(() => new Promise((resolve) => setTimeout(resolve, 50))),
  }
}

test.each([false, true])(
  'a field that is read for the first time shows what it is now; a transition is under way: %s',
  async (isTransition) => {
    const { transition, read, wait } = open()
    if (isTransition) await transition(true)
    expect(screen.queryByText('fallback')).toBeNull()
    await read()
    await wait()
    expect(screen.getByText('error network')).toBeTruthy()
    if (isTransition) {
      await transition(false)
      expect(screen.getByText('error network')).toBeTruthy()
    }
  },
)

test('a field that is read for the first time in a transition that is given up shows what it is now', async () => {
  const { transition, read, wait } = open()
  await transition(true)
  await read()
  await transition(false)
  await wait()
  expect(screen.getByText('error network')).toBeTruthy()
})
