import { Activity, startTransition, useLayoutEffect, useRef } from 'react'
import { createRoot } from 'react-dom/client'
import { SessionProvider, type UseSessionResult, useSession } from 'storefront-session'
import { createTestSession } from 'storefront-session/testing'
import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => vi.unstubAllGlobals())
const of = (customerId?: string) => ({
  session: { sessionId: 'test-session', ...(customerId && { customerId }) },
})
const nameOf = (session: UseSessionResult) => session.session?.customerId ?? 'nobody'
const wait = () => new Promise((resolve) => setTimeout(resolve, 50))

function setup(useName: (label: string) => string, start: string | undefined) {
  const painted: string[] = []
  const Reader = ({ label }: { label: string }) => {
    const element = useRef<HTMLParagraphElement>(null)
    const text = `${label}: ${useName(label)}`
    useLayoutEffect(() => queueMicrotask(() => painted.push(element.current?.textContent ?? '')))
    return <p ref={element}>{text}</p>
  }
  const client = createTestSession(of(start))
  const element = document.createElement('div')
  const root = createRoot(element)
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false)
  const elements = { first: <Reader label="first" />, second: <Reader label="second" /> }
  const show = async (mode: 'visible' | 'hidden', label: keyof typeof elements) => {
    startTransition(() =>
      root.render(
        <SessionProvider client={client}>
          <Activity mode={mode}>{elements[label]}</Activity>
        </SessionProvider>,
      ),
    )
    await wait()
  }
  return { painted, client, element, show }
}

test.skipIf(!Activity).each([
  ['with a selector', () => useSession(nameOf)],
  ['without', () => nameOf(useSession())],
])(
  'a tree that is first rendered hidden, and shown after a sign-out, is painted with nobody: %s',
  async (_, useName) => {
    const { painted, client, element, show } = setup(useName, 'ada')
    await show('hidden', 'first')
    expect(element.textContent).toBe('first: ada')
    client.setState(of(undefined)) // signed out
    painted.length = 0
    await show('visible', 'first')
    expect(element.textContent).toBe('first: nobody')
    expect(new Set(painted)).toEqual(new Set(['first: nobody']))
  },
)

test.skipIf(!Activity).each([
  ['with a selector', () => useSession(nameOf)],
  ['without', () => nameOf(useSession())],
])(
  'a tree that was rendered with a customer only while it was hidden is painted with nobody after the sign-out: %s',
  async (_, useName) => {
    const { painted, client, element, show } = setup(useName, undefined)
    await show('visible', 'first')
    await show('hidden', 'first')
    client.setState(of('ada'))
    await show('hidden', 'second')
    expect(element.textContent).toBe('second: ada')
    client.setState(of(undefined)) // signed out
    painted.length = 0
    await show('visible', 'second')
    expect(element.textContent).toBe('second: nobody')
    expect(new Set(painted)).toEqual(new Set(['second: nobody']))
  },
)

test.skipIf(!Activity)(
  'a selector that changed while the tree was hidden is the one that counts',
  async () => {
    const { painted, client, element, show } = setup(
      (label) => useSession((s) => (label === 'first' ? s.status : nameOf(s))),
      'ada',
    )
    await show('visible', 'first')
    await show('hidden', 'first')
    await show('hidden', 'second')
    expect(element.textContent).toBe('second: ada')
    client.setState(of(undefined)) // signed out
    painted.length = 0
    await show('visible', 'second')
    expect(element.textContent).toBe('second: nobody')
    expect(new Set(painted)).toEqual(new Set(['second: nobody']))
  },
)
