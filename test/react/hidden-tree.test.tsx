import { Activity, startTransition, useLayoutEffect, useRef } from 'react'
import { createRoot } from 'react-dom/client'
import { SessionProvider, type UseSessionResult, useSession } from 'storefront-session'
import { createTestSession } from 'storefront-session/testing'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'

afterEach(() => vi.unstubAllGlobals())
const of = (customerId?: string) => ({
  session: { sessionId: 'test-session', ...(customerId && { customerId }) },
})
const nameOf = (session: UseSessionResult) => session.session?.customerId ?? 'nobody'

/** A reader in a tree that <Activity> shows or hides, and what it was painted with. */
function openTree(useName: (label: string) => string, customerId?: string) {
  const painted: string[] = []
  const Reader = ({ label }: { label: string }) => {
    const element = useRef<HTMLParagraphElement>(null)
    const text = `${label}: ${useName(label)}`
    // What a browser would paint: React has done by then what layout effects ask for, and no passive effect yet.
    useLayoutEffect(() => queueMicrotask(() => painted.push(element.current?.textContent ?? '')))
    return <p ref={element}>{text}</p>
  }
  const client = createTestSession(of(customerId))
  const element = document.createElement('div')
  const root = createRoot(element)
  onTestFinished(() => root.unmount())
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false)
  // The same element again is not rendered again.
  const elements = { first: <Reader label="first" />, second: <Reader label="second" /> }
  return {
    element,
    become: (customerId?: string) => client.setState(of(customerId)),
    async show(mode: 'visible' | 'hidden', label: keyof typeof elements) {
      painted.length = 0
      startTransition(() =>
        root.render(
          <SessionProvider client={client}>
            <Activity mode={mode}>{elements[label]}</Activity>
          </SessionProvider>,
        ),
      )
      await new Promise((resolve) => setTimeout(resolve, 50))
      return new Set(painted)
    },
  }
}

// React 18 has no such thing.
describe.skipIf(!Activity).each([
  ['with a selector', () => useSession(nameOf)],
  ['without', () => nameOf(useSession())],
])('a reader %s', (_, useName) => {
  test('that was rendered again while <Activity> hid it is painted with the current session', async () => {
    const { element, become, show } = openTree(useName, 'ada')
    await show('visible', 'first')
    await show('hidden', 'first')
    become('bob')
    await show('hidden', 'second')
    become('eve')
    expect(await show('visible', 'second')).toEqual(new Set(['second: eve']))
    expect(element.textContent).toBe('second: eve')
  })

  test('in a tree that is first rendered hidden, and shown after a sign-out, is painted with nobody', async () => {
    const { element, become, show } = openTree(useName, 'ada')
    await show('hidden', 'first')
    expect(element.textContent).toBe('first: ada')
    become(undefined)
    expect(await show('visible', 'first')).toEqual(new Set(['first: nobody']))
    expect(element.textContent).toBe('first: nobody')
  })

  test('that had a customer only while it was hidden is painted with nobody after the sign-out', async () => {
    const { element, become, show } = openTree(useName)
    await show('visible', 'first')
    await show('hidden', 'first')
    become('ada')
    await show('hidden', 'second')
    expect(element.textContent).toBe('second: ada')
    become(undefined)
    expect(await show('visible', 'second')).toEqual(new Set(['second: nobody']))
    expect(element.textContent).toBe('second: nobody')
  })
})

test.skipIf(!Activity)(
  'a selector that changed while the tree was hidden is the one that counts',
  async () => {
    const { element, become, show } = openTree(
      (label) => useSession((state) => (label === 'first' ? state.status : nameOf(state))),
      'ada',
    )
    await show('visible', 'first')
    await show('hidden', 'first')
    await show('hidden', 'second')
    expect(element.textContent).toBe('second: ada')
    become(undefined)
    expect(await show('visible', 'second')).toEqual(new Set(['second: nobody']))
    expect(element.textContent).toBe('second: nobody')
  },
)
