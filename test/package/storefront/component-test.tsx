// A component test of the same storefront, without a runner: what it imports must compile and bundle.
import { createElement } from 'react'
import { SessionProvider, useSession } from 'storefront-session'
import { createTestSession } from 'storefront-session/testing'

const Id = () => useSession((session) => session.sessionId)
const session = createTestSession({ status: 'ready', sessionId: 'abc' })
export const view = createElement(SessionProvider, { client: session }, createElement(Id))
export const calls = session.calls.map(({ name }) => name)
