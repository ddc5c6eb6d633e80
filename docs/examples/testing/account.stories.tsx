import type { Meta, StoryObj } from '@storybook/react-vite'
import { SessionError } from 'storefront-session'
import { createTestSession } from 'storefront-session/testing'
import { Account } from './account'

/** A story with a scripted session: no API runs, and nothing is stored. */
const withSession =
  (...state: Parameters<typeof createTestSession>): NonNullable<Story['decorators']> =>
  (StoryUnderTest) => {
    const session = createTestSession(...state)
    return (
      <session.wrapper>
        <StoryUnderTest />
      </session.wrapper>
    )
  }

export default { component: Account, args: { user: null } } satisfies Meta<typeof Account>
type Story = StoryObj<typeof Account>

export const Visitor: Story = { decorators: withSession() }

export const Customer: Story = {
  decorators: withSession({ session: { sessionId: 's-1', customerId: 'ada' } }),
}

export const ApiDown: Story = {
  decorators: withSession({ status: 'error', error: new SessionError('network', 'No answer') }),
}
