import { act, cleanup, configure, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { StrictMode } from 'react'
import { type SessionClient, type SessionClientOptions, SessionProvider } from 'storefront-session'
import { SessionDevtools, type SessionDevtoolsProps } from 'storefront-session/devtools'
import { afterEach, vi } from 'vitest'
import { withSessionApi } from '../../support/session-setup.ts'

// Messages between tabs come late on a busy computer.
configure({ asyncUtilTimeout: 10_000 })
vi.setConfig({ testTimeout: 30_000 })

/** A page with a real client and the devtools in a corner. */
export function withDevtools() {
  const session = withSessionApi()
  afterEach(cleanup)

  const pageOf = (client: SessionClient, props: SessionDevtoolsProps = {}) => (
    <StrictMode>
      <SessionProvider client={client}>
        <p>the shop</p>
        <SessionDevtools {...props} />
      </SessionProvider>
    </StrictMode>
  )
  return {
    session,
    pageOf,
    show: (client: SessionClient, props?: SessionDevtoolsProps) => render(pageOf(client, props)),
    /** Open devtools of a page that has its session. */
    async open(options: Partial<SessionClientOptions> = {}) {
      const client = session.open(options)
      render(pageOf(client, { initialIsOpen: true }))
      await act(() => client.ready())
      return client
    },
  }
}

export const press = (name: string) => userEvent.click(screen.getByRole('button', { name }))

/** The rows of a list, without their times. */
export const rowsOf = (name: string) =>
  within(screen.getByRole('list', { name }))
    .getAllByRole('listitem')
    .map(({ textContent }) => textContent?.replace(/^\d\S*( [AP]M)? /, ''))

/** What stands beside the name of a row of the state. */
export const shown = (name: string) =>
  screen.getByText(name, { selector: 'dt' }).nextElementSibling?.textContent

export const isAlive = () => screen.getByText('the shop').isConnected
