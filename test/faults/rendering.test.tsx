import { act, cleanup, render, screen, waitFor } from '@testing-library/react'
import { Component, type ReactNode, StrictMode, Suspense, startTransition, useState } from 'react'
import { createRoot, hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { SessionProvider, useSession } from 'storefront-session'
import { afterEach, expect, test, vi } from 'vitest'
import { withSessionApi } from '../support/session-setup.ts'

const session = withSessionApi()
afterEach(cleanup)

const Id = () => <p>{useSession(({ sessionId }) => sessionId) ?? 'none'}</p>

test('F67: two boundaries that hydrate before and after the session is there both begin as the server rendered', async () => {
  const client = session.open()
  const app = (
    <SessionProvider client={client}>
      <Suspense fallback="…">
        <Id />
      </Suspense>
      <Suspense fallback="…">
        <Id />
      </Suspense>
    </SessionProvider>
  )
  const element = document.createElement('div')
  element.innerHTML = renderToString(app)
  // From here on: React 18 warns of layout effects, because a server with a document is not one.
  const errors = vi.spyOn(console, 'error')
  const { sessionId } = await client.ready()
  const problems: unknown[] = []
  await act(
    async () => void hydrateRoot(element, app, { onRecoverableError: (error) => problems.push(error) }),
  )
  expect([...element.querySelectorAll('p')].map(({ textContent }) => textContent)).toEqual([
    sessionId,
    sessionId,
  ])
  expect(problems).toEqual([])
  expect(errors).not.toHaveBeenCalled()
})

test('F73: readers of one screen never show two sessions, also in a transition', async () => {
  const client = session.open()
  client.start()
  await client.ready()
  const shown = new Set<string>()
  let show: (count: number) => void = () => undefined
  function Screen() {
    const [count, setCount] = useState(50)
    show = setCount
    return Array.from({ length: count }, (_, index) => <Id key={String(index)} />)
  }
  const view = render(
    <SessionProvider client={client}>
      <Screen />
    </SessionProvider>,
  )
  const look = () => {
    const ids = new Set([...view.container.querySelectorAll('p')].map(({ textContent }) => textContent))
    shown.add([...ids].join(' and '))
  }
  const observer = new MutationObserver(look)
  observer.observe(view.container, { subtree: true, childList: true, characterData: true })
  await act(async () => {
    startTransition(() => show(500))
    await client.reset()
  })
  await waitFor(() => expect(view.container.querySelectorAll('p')).toHaveLength(500))
  look()
  observer.disconnect()
  expect([...shown].filter((ids) => ids.includes(' and '))).toEqual([])
})

test('F76: an error boundary that starts its tree anew goes on in the same session', async () => {
  class Boundary extends Component<{ children: ReactNode }> {
    override state = { hasFailed: false }
    static getDerivedStateFromError = () => ({ hasFailed: true })
    override render() {
      const again = () => this.setState({ hasFailed: false })
      return this.state.hasFailed ? (
        <button type="button" onClick={again}>
          Again
        </button>
      ) : (
        this.props.children
      )
    }
  }
  let fails = false
  const Shop = () => {
    if (fails) throw new Error('the shop failed')
    return <Id />
  }
  vi.spyOn(console, 'error').mockReturnValue()
  const app = (
    <StrictMode>
      <Boundary>
        <SessionProvider baseUrl={session.api.baseUrl}>
          <Shop />
        </SessionProvider>
      </Boundary>
    </StrictMode>
  )
  const view = render(app)
  await waitFor(() => expect(screen.queryByText('none')).toBeNull())
  const id = screen.getByText(/./, { selector: 'p' }).textContent
  fails = true
  view.rerender(<div>{app}</div>)
  fails = false
  await act(async () => screen.getByRole('button').click())
  expect(screen.getByText(/./, { selector: 'p' }).textContent).toBe(id)
  expect(session.api.calls()).toEqual(['PUT /sessions/new'])
  vi.restoreAllMocks()
})

test('F174: of two roots that share a client, the one that goes away does not stop the other', async () => {
  const client = session.open()
  const roots = [0, 1].map(() => createRoot(document.createElement('div')))
  for (const root of roots)
    await act(async () =>
      root.render(
        <StrictMode>
          <SessionProvider client={client}>
            <Id />
          </SessionProvider>
        </StrictMode>,
      ),
    )
  await client.ready()
  await act(async () => roots[0]?.unmount())
  const other = await session.createElsewhere()
  localStorage.setItem('storefront-session', other)
  act(() => void window.dispatchEvent(new StorageEvent('storage', { key: 'storefront-session' })))
  expect(client.getState().sessionId).toBe(other)
  await act(async () => roots[1]?.unmount())
  localStorage.setItem('storefront-session', 'unheard-of-by-a-stopped-client')
  window.dispatchEvent(new StorageEvent('storage', { key: 'storefront-session' }))
  expect(session.events.map((event) => event.sessionId)).not.toContain('unheard-of-by-a-stopped-client')
})
