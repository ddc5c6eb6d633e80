import { cleanup, render } from '@testing-library/react'
import { StrictMode } from 'react'
import type { SessionClient } from 'storefront-session'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

let library: typeof import('storefront-session')
let createTestSession: typeof import('storefront-session/testing').createTestSession
let warn = vi.spyOn(console, 'warn')
beforeEach(async () => {
  vi.stubEnv('NODE_ENV', 'development')
  // A warning that came once may not come again in the same page: each test has one of its own.
  vi.resetModules()
  library = await import('storefront-session')
  ;({ createTestSession } = await import('storefront-session/testing'))
  warn = vi.spyOn(console, 'warn').mockReturnValue()
})
afterEach(() => {
  cleanup()
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})
const warnings = () => warn.mock.calls.map((texts) => texts.map(String).join(' '))

function Account({ customerId }: { customerId: string | undefined }) {
  library.useAssociate({ customerId })
  return <p>account</p>
}
const Shop = ({ client, customerId }: { client: SessionClient; customerId?: string | undefined }) => (
  <library.SessionProvider client={client}>
    {customerId ? <Account customerId={customerId} /> : <p>signed out</p>}
  </library.SessionProvider>
)

test('a client prop that changes at every rendering is warned of once', () => {
  const page = () => <Shop client={createTestSession()} />
  const view = render(page())
  for (let time = 0; time < 10; time++) view.rerender(page())
  expect(warnings().filter((text) => /client/.test(text))).toHaveLength(1)
})

test('a client that stays, and one that is replaced once, are not warned of', () => {
  const [one, two] = [createTestSession(), createTestSession()]
  const view = render(<Shop client={one} />)
  for (let time = 0; time < 10; time++) view.rerender(<Shop client={one} />)
  for (let time = 0; time < 10; time++) view.rerender(<Shop client={two} />)
  expect(warnings()).toEqual([])
})

test('F197: a component that unmounts while its useAssociate has a customer is warned of once, with where to put it', async () => {
  const client = createTestSession()
  for (let time = 0; time < 2; time++) {
    const view = render(<Shop client={client} customerId="ada" />)
    view.rerender(<Shop client={client} />)
    await vi.waitFor(() => expect(warnings()).toHaveLength(1))
    view.unmount()
  }
  expect(warnings()).toEqual([expect.stringMatching(/useAssociate/)])
  expect(warnings().join()).not.toContain('ada')
})

test('F197: a component whose customer went away before it unmounts is not warned of', async () => {
  const client = createTestSession()
  const page = (customerId: string | undefined, isThere = true) => (
    <library.SessionProvider client={client}>
      {isThere && <Account customerId={customerId} />}
    </library.SessionProvider>
  )
  const view = render(page('ada'))
  view.rerender(page(undefined))
  view.rerender(page(undefined, false))
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(warnings()).toEqual([])
})

test('F197: StrictMode, which unmounts each component once, is not warned of', async () => {
  render(
    <StrictMode>
      <Shop client={createTestSession()} customerId="ada" />
    </StrictMode>,
  )
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(warnings()).toEqual([])
})
