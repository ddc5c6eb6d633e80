// Our provider and hooks over a state that is merely set: what they cost without the client below them.
import { SessionProvider, useSession } from 'storefront-session'
import { createStore } from 'zustand/vanilla'
import { SESSION_STATE, withVisit } from './session-state.js'

const nothing = () => undefined

export function createHooks() {
  const store = createStore(() => SESSION_STATE)
  const client = {
    start: nothing,
    stop: nothing,
    getState: store.getState,
    getServerState: () => SESSION_STATE,
    subscribe: store.subscribe,
    associate: nothing,
    reset: nothing,
    forget: nothing,
  }
  return {
    Provider: ({ children }) => <SessionProvider client={client}>{children}</SessionProvider>,
    useSelected: () => useSession((state) => state.session?.visitId),
    useWhole: () => useSession().session?.visitId,
    update(visitId) {
      store.setState((state) => withVisit(state, visitId))
    },
    background() {
      store.setState({ isValidating: true })
      store.setState({ isValidating: false })
    },
  }
}
