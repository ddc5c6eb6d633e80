import { act, cleanup } from '@testing-library/react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { SessionProvider, useSession } from 'storefront-session'
import { afterEach, expect, test, vi } from 'vitest'
import { withSessionApi } from '../support/session-setup.ts'

const session = withSessionApi()
afterEach(cleanup)

const Shop = () => {
  const { status, sessionId } = useSession()
  return <p>{`${status} ${sessionId}`}</p>
}

test('F66: hydration shows what the server rendered, then the stored id, without a mismatch', async () => {
  const app = (
    <SessionProvider baseUrl={session.api.baseUrl}>
      <Shop />
    </SessionProvider>
  )
  const html = renderToString(app)
  // From here on: React 18 warns of layout effects, because a server with a document is not one.
  const errors = vi.spyOn(console, 'error')
  expect(html).toBe('<p>pending null</p>')
  localStorage.setItem('storefront-session', 'stored-by-the-last-visit')
  const element = document.createElement('div')
  element.innerHTML = html
  const problems: unknown[] = []
  await act(
    async () => void hydrateRoot(element, app, { onRecoverableError: (error) => problems.push(error) }),
  )
  expect(element.textContent).toBe('ready stored-by-the-last-visit')
  expect(problems).toEqual([])
  expect(errors).not.toHaveBeenCalled()
  expect(session.api.calls()[0]).not.toBe('PUT /sessions/new')
})
