import { Provider, useSelector } from 'react-redux'
import { legacy_createStore } from 'redux'
import { SESSION_STATE, withVisit } from './session-state.js'

export function createRedux() {
  const store = legacy_createStore((state = SESSION_STATE, { type, ...change }) =>
    type === 'changed' ? { ...state, ...change } : state,
  )
  return {
    Provider: ({ children }) => <Provider store={store}>{children}</Provider>,
    useSelected: () => useSelector((state) => state.session?.visitId),
    useWhole: () => useSelector((state) => state).session?.visitId,
    update(visitId) {
      store.dispatch({ type: 'changed', ...withVisit(store.getState(), visitId) })
    },
    background() {
      store.dispatch({ type: 'changed', isValidating: true })
      store.dispatch({ type: 'changed', isValidating: false })
    },
  }
}
