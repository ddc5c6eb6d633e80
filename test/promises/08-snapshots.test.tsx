import { act, cleanup, render, screen } from '@testing-library/react'
import { Component, memo, type ReactNode, useDeferredValue, useEffect, useRef, useState } from 'react'
import { SessionProvider, type UseSessionResult, useSession } from 'storefront-session'
import { createTestSession } from 'storefront-session/testing'
import { afterEach, expect, test } from 'vitest'

afterEach(cleanup)

const ada = { sessionId: 'session-1', customerId: 'ada' }
const bob = { sessionId: 'session-1', customerId: 'bob' }
const open = () => createTestSession({ session: ada })
type Session = ReturnType<typeof open>
const customerIn = ({ session }: Pick<UseSessionResult, 'session'>) => session?.customerId ?? 'nobody'
function show(client: Session, children: ReactNode) {
  return render(<SessionProvider client={client}>{children}</SessionProvider>)
}
const change = (client: Session) => act(() => client.setState({ session: bob }))

test('F181: the object of one rendering shows the values of that rendering for ever', () => {
  const client = open()
  const seen: UseSessionResult[] = []
  const Reader = () => {
    const session = useSession()
    seen.push(session)
    return <p>{customerIn(session)}</p>
  }
  show(client, <Reader />)
  change(client)
  expect(seen.map(customerIn)).toEqual(['ada', 'bob'])
  expect(seen[0]).not.toBe(seen[1])
})

test('F181: a comparator of memo sees what was and what is', () => {
  const client = open()
  const compared: [string, string][] = []
  const Customer = memo(
    ({ session }: { session: UseSessionResult }) => <p>{customerIn(session)}</p>,
    (before, after) => {
      compared.push([customerIn(before.session), customerIn(after.session)])
      return customerIn(before.session) === customerIn(after.session)
    },
  )
  const Reader = () => {
    const session = useSession()
    // A parent that reads what it hands on.
    return <Customer session={session} key={String(session.session !== null)} />
  }
  show(client, <Reader />)
  change(client)
  expect(compared).toContainEqual(['ada', 'bob'])
  expect(screen.getByText('bob')).toBeTruthy()
})

test('F181: a ref keeps the session of the rendering before', () => {
  const client = open()
  const Reader = () => {
    const session = useSession()
    const before = useRef<UseSessionResult>(undefined)
    const text = `${before.current ? customerIn(before.current) : 'none'} then ${customerIn(session)}`
    useEffect(() => {
      before.current = session
    })
    return <p>{text}</p>
  }
  show(client, <Reader />)
  expect(screen.getByText('none then ada')).toBeTruthy()
  change(client)
  expect(screen.getByText('ada then bob')).toBeTruthy()
})

test('F181: componentDidUpdate sees what was', () => {
  const client = open()
  const updates: string[] = []
  class Customer extends Component<{ session: UseSessionResult }> {
    override componentDidUpdate(before: { session: UseSessionResult }) {
      updates.push(`${customerIn(before.session)} then ${customerIn(this.props.session)}`)
    }
    override render() {
      return <p>{customerIn(this.props.session)}</p>
    }
  }
  const Reader = () => {
    const session = useSession()
    return <Customer session={session} />
  }
  show(client, <Reader />)
  change(client)
  expect(updates).toEqual(['ada then bob'])
})

test('F181: useDeferredValue gives the earlier session first, and then the later one', () => {
  const client = open()
  const seen: string[] = []
  const Reader = () => {
    const session = useSession()
    const deferred = useDeferredValue(session)
    seen.push(`${customerIn(session)} ${customerIn(deferred)}`)
    return null
  }
  show(client, <Reader />)
  change(client)
  expect(seen).toContain('bob ada')
  expect(seen.at(-1)).toBe('bob bob')
})

test('F181: a copy has all fields, and a frozen one breaks no other component', () => {
  const client = open()
  const copies: UseSessionResult[] = []
  const Freezer = () => {
    copies.push({ ...Object.freeze(useSession()) })
    return null
  }
  const Reader = () => {
    const session = useSession()
    return <p>{`${session.status} ${customerIn(session)}`}</p>
  }
  show(
    client,
    <>
      <Freezer />
      <Reader />
    </>,
  )
  change(client)
  expect(screen.getByText('ready bob')).toBeTruthy()
  expect(copies.map(customerIn)).toEqual(['ada', 'bob'])
  for (const copy of copies)
    expect(Object.keys(copy).sort()).toEqual(
      [
        'associate',
        'error',
        'forget',
        'isAssociating',
        'isConfirmed',
        'isValidating',
        'persistence',
        'reset',
        'session',
        'sessionId',
        'status',
      ].sort(),
    )
})

test('F181: structuredClone and JSON take the data of a session', () => {
  const client = open()
  const clones: unknown[] = []
  const Reader = () => {
    const { associate, reset, forget, ...data } = useSession()
    clones.push(structuredClone(data), JSON.parse(JSON.stringify(data)))
    return null
  }
  show(client, <Reader />)
  for (const clone of clones) expect(clone).toMatchObject({ status: 'ready', session: ada })
})

test('F181: no component can change what another one sees', () => {
  const client = open()
  const Vandal = () => {
    const session = useSession()
    try {
      Object.assign(session, { sessionId: 'mine' })
      Object.assign(session.session ?? {}, { customerId: 'eve' })
    } catch {
      // Refused: so much the better.
    }
    return null
  }
  const Reader = () => {
    const session = useSession()
    return <p>{`${session.sessionId} ${customerIn(client.getState())}`}</p>
  }
  show(
    client,
    <>
      <Vandal />
      <Reader />
    </>,
  )
  expect(screen.getByText(/^session-1/)).toBeTruthy()
})

test('a field that is read for the first time shows the value of that rendering, and then the component renders once more', async () => {
  const client = open()
  let renders = 0
  const seen: string[] = []
  const Reader = () => {
    renders++
    const session = useSession()
    const [isOpen, setOpen] = useState(false)
    if (isOpen) seen.push(customerIn(session))
    return (
      <button type="button" onClick={() => setOpen(true)}>
        {session.status}
      </button>
    )
  }
  show(client, <Reader />)
  // Nothing that was read has changed.
  change(client)
  expect(renders).toBe(1)
  await act(async () => screen.getByRole('button').click())
  expect(seen.at(-1)).toBe('bob')
  expect(renders).toBeLessThanOrEqual(3)
})

test('a field that an event handler reads late is the one of that rendering', async () => {
  const client = open()
  const said: string[] = []
  const Reader = () => {
    const session = useSession()
    return (
      <button type="button" onClick={() => said.push(customerIn(session))}>
        {session.status}
      </button>
    )
  }
  show(client, <Reader />)
  change(client)
  screen.getByRole('button').click()
  await act(async () => undefined)
  screen.getByRole('button').click()
  // Read for the first time, it is what that rendering had; by the next click the component has rendered again.
  expect(said).toEqual(['ada', 'bob'])
})
