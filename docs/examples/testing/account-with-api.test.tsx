// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, render, screen } from '@testing-library/react'
import { setupServer } from 'msw/node'
import { SessionProvider } from 'storefront-session'
import { sessionApiHandlers } from 'storefront-session/msw'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Account } from './account'

const baseUrl = 'http://localhost:3000/gks-server/v1'
let isDown = false
const handlers = sessionApiHandlers(baseUrl, { faults: () => (isDown ? 'network' : undefined) })
const server = setupServer(...handlers)

beforeAll(() => server.listen())
afterEach(() => {
  cleanup()
  localStorage.clear()
})
afterAll(() => server.close())

const renderAccount = (user: { id: string } | null) =>
  render(
    <QueryClientProvider client={new QueryClient()}>
      <SessionProvider baseUrl={baseUrl} retry={0}>
        <Account user={user} />
      </SessionProvider>
    </QueryClientProvider>,
  )

test('the real client ties the customer to a session of the simulated API', async () => {
  renderAccount({ id: 'ada' })
  expect(await screen.findByText('Hello ada')).toBeTruthy()
  await expect.poll(() => handlers.sessions()).toMatchObject([{ customerId: 'ada' }])
})

test('the page renders while the simulated API is down', async () => {
  isDown = true
  renderAccount(null)
  expect((await screen.findByRole('alert')).textContent).toBe('No session: network')
})
