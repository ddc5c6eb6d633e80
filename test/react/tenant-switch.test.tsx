import { cleanup, render, screen, waitFor } from '@testing-library/react'
import { SessionProvider, useSession } from 'storefront-session'
import { afterEach, expect, test } from 'vitest'
import { withSessionApi } from '../support/session-setup.ts'

const session = withSessionApi()
afterEach(cleanup)

test('F184: a provider whose tenant changes shows the session of that tenant, and the first one again later', async () => {
  const Reader = () => {
    const { status, sessionId } = useSession()
    return <p data-testid="session">{`${status} ${sessionId}`}</p>
  }
  const page = (tenantId: string) => (
    <SessionProvider baseUrl={session.api.baseUrl} tenantId={tenantId}>
      <Reader />
    </SessionProvider>
  )
  const shown = () => screen.getByTestId('session').textContent
  const settled = () => waitFor(() => expect(shown()).toMatch(/^ready [\w-]{16,}/))
  const view = render(page('a'))
  await settled()
  const first = shown()
  view.rerender(page('b'))
  expect(shown()).not.toBe(first)
  await settled()
  expect(shown()).not.toBe(first)
  view.rerender(page('a'))
  await settled()
  expect(shown()).toBe(first)
  expect(session.api.seen.filter(({ method }) => method === 'PUT').map(({ search }) => search)).toEqual([
    '?tenantId=a',
    '?tenantId=b',
  ])
})
