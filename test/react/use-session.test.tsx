import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { memo, type ReactNode, startTransition, useEffect, useState } from 'react'
import { SessionError, SessionProvider, type UseSessionResult, useSession } from 'storefront-session'
import { createTestSession } from 'storefront-session/testing'
import { afterEach, describe, expect, test, vi } from 'vitest'

afterEach(cleanup)

const of = (customerId: string) => ({ session: { sessionId: 'test-session', customerId } })
const nameOf = (session: UseSessionResult) => session.session?.customerId ?? 'nobody'
const error = new SessionError('network', 'offline')

function show(node: ReactNode, client = createTestSession()) {
  render(<SessionProvider client={client}>{node}</SessionProvider>)
  return {
    client,
    change: (...change: Parameters<typeof client.setState>) => act(() => client.setState(...change)),
  }
}
const click = (text: string) => fireEvent.click(screen.getByText(text))

describe('a field that is read', () => {
  test('for the first time in a later rendering is the current one in that rendering', () => {
    const shown: string[] = []
    const Account = () => {
      const session = useSession()
      const [isOpen, setIsOpen] = useState(false)
      if (isOpen) shown.push(nameOf(session))
      return (
        <button type="button" onClick={() => setIsOpen(true)}>
          {session.status}
        </button>
      )
    }
    const { change } = show(<Account />)
    change(of('ada'))
    click('ready')
    expect(shown).toEqual(['ada'])
  })

  test('by a child that is handed the session, at once or in a rendering of its own, renders for it', async () => {
    const Customer = memo(({ session }: { session: UseSessionResult }) => {
      const [isOpen, setIsOpen] = useState(false)
      return (
        <button type="button" onClick={() => setIsOpen(true)}>
          {isOpen ? nameOf(session) : 'open'}
        </button>
      )
    })
    const Direct = ({ session }: { session: UseSessionResult }) => <p>{`direct ${nameOf(session)}`}</p>
    const Late = () => {
      const session = useSession()
      return (
        <h1>
          {session.sessionId} <Customer session={session} />
        </h1>
      )
    }
    const AtOnce = () => <Direct session={useSession()} />
    const { change } = show([<Late key="late" />, <AtOnce key="at once" />])
    change(of('ada'))
    expect(screen.getByText('direct ada')).toBeTruthy()
    click('open')
    expect(await screen.findByText('ada')).toBeTruthy()
    change(of('bob'))
    expect([screen.getByText('bob'), screen.getByText('direct bob')]).toHaveLength(2)
  })

  test('for the first time in an event shows the value of that render, and renders once more', async () => {
    const bought: unknown[] = []
    const Cart = () => {
      const session = useSession()
      return (
        <button type="button" disabled={!session.status} onClick={() => bought.push(session.sessionId)}>
          buy
        </button>
      )
    }
    const { client } = show(<Cart />)
    act(() => void client.reset())
    click('buy')
    await act(async () => undefined)
    click('buy')
    act(() => void client.reset())
    click('buy')
    expect(bought).toEqual(['test-session', 'test-session-1', 'test-session-2'])
  })

  test('in an effect of the session runs it', () => {
    const told: unknown[] = []
    const Trouble = () => {
      const session = useSession()
      useEffect(() => {
        if (session.error) told.push(session.error)
      }, [session])
      return <p>{session.status}</p>
    }
    const { change } = show(<Trouble />)
    change({ error })
    expect(told).toEqual([error])
  })

  test('by a child in another slice of a transition, between which it changes, is the current one then and later', async () => {
    const Heavy = () => {
      // Longer than the 5 ms after which React lets others have the thread.
      for (const end = performance.now() + 8; performance.now() < end; );
      return null
    }
    const Tail = ({ session }: { session: UseSessionResult }) => <p>{session.error ? 'broken' : 'fine'}</p>
    const client = createTestSession()
    let isSliced = false
    const Page = () => {
      const [isFull, setIsFull] = useState(false)
      const session = useSession()
      const isShown = () => screen.queryByText(/fine|broken/) !== null
      if (isFull)
        setTimeout(() => {
          if (isSliced || isShown()) return
          isSliced = true
          client.setState({ error })
        })
      return (
        <>
          <button type="button" onClick={() => startTransition(() => setIsFull(true))}>
            {session.sessionId}
          </button>
          {isFull && Array.from({ length: 20 }, (_, index) => <Heavy key={String(index)} />)}
          {isFull && <Tail session={session} />}
        </>
      )
    }
    const { change } = show(<Page />, client)
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false)
    screen.getByRole('button').click()
    await vi.waitFor(() => expect(screen.getByText('broken')).toBeTruthy(), 5_000)
    vi.unstubAllGlobals()
    expect(isSliced).toBe(true)
    change({ error: null })
    expect(screen.getByText('fine')).toBeTruthy()
  })

  test.each<[string, (session: UseSessionResult) => UseSessionResult]>([
    ['a copy', (session) => ({ ...session })],
    ['the rest', ({ associate: _, ...rest }) => rest as UseSessionResult],
    ['entries', (session) => Object.fromEntries(Object.entries(session)) as never],
    ['JSON', (session) => JSON.parse(JSON.stringify(session))],
  ])('by way of %s counts', (_, copy) => {
    const Reader = () => <p>{nameOf(copy(useSession()))}</p>
    const { change } = show(<Reader />)
    change(of('ada'))
    expect(screen.getByText('ada')).toBeTruthy()
  })
})

test('the session is one object until something changes: memoised children and effects rest', () => {
  const seen = new Set<unknown>()
  const Reader = () => {
    const session = useSession()
    const [count, setCount] = useState(0)
    seen.add(session)
    return (
      <button type="button" onClick={() => setCount(count + 1)}>
        {`${session.status} ${count}`}
      </button>
    )
  }
  const { change } = show(<Reader />)
  click('ready 0')
  expect(seen.size).toBe(1)
  change({ isValidating: true })
  click('ready 1')
  // A render of its own shows what has changed since, also in fields that were not read.
  expect(seen.size).toBe(2)
  change({ status: 'error', error })
  expect(seen.size).toBe(3)
})

test('where nothing was read, every change renders: a test that reads later sees it', () => {
  let latest: UseSessionResult | undefined
  const Reader = () => {
    latest = useSession()
    return null
  }
  const { change } = show(<Reader />)
  change(of('ada'))
  expect(latest).toMatchObject({ status: 'ready', session: { customerId: 'ada' } })
  change(of('bob'))
  expect(latest?.session?.customerId).toBe('bob')
})

describe('a selector', () => {
  test.each<[string, (session: UseSessionResult) => unknown, number]>([
    ['an object like the one before', ({ sessionId }) => ({ sessionId }), 1],
    ['a list like the one before', ({ sessionId }) => [sessionId, { sessionId }], 1],
    ['NaN', () => Number.NaN, 1],
    ['a function of the session', ({ associate }) => associate, 1],
    ['a new function', (session) => () => session.sessionId, 2],
    ['a Date', ({ session }) => new Date(Number(session?.createdAt ?? 0)), 2],
    ['a Map', ({ sessionId }) => new Map([['id', sessionId]]), 2],
    ['an element', ({ sessionId }) => <b>{sessionId}</b>, 2],
  ])('that makes %s renders once a change at most', (_, select, renders) => {
    let count = 0
    const Reader = () => {
      count++
      useSession(select)
      return null
    }
    const { change } = show(<Reader />)
    expect(count).toBe(1)
    change({ isValidating: true })
    expect(count).toBe(renders)
  })

  test('that closes over a prop selects anew with it', () => {
    const Field = () => {
      const [field, setField] = useState<'sessionId' | 'customerId'>('sessionId')
      return (
        <button type="button" onClick={() => setField('customerId')}>
          {String(useSession(({ session }) => session?.[field]))}
        </button>
      )
    }
    const { change } = show(<Field />)
    change(of('ada'))
    click('test-session')
    expect(screen.getByText('ada')).toBeTruthy()
    change(of('bob'))
    expect(screen.getByText('bob')).toBeTruthy()
  })

  test('that throws is asked again: the parent may take its component away, and it does not show what was before', () => {
    const Child = () => <p>{useSession(({ session }) => (session as { customerId: string }).customerId)}</p>
    const Parent = () => (useSession(({ status }) => status) === 'ready' ? <Child /> : <p>none</p>)
    const { change } = show(<Parent />)
    change(of('ada'))
    change({ status: 'pending' })
    expect(screen.getByText('none')).toBeTruthy()
  })
})
