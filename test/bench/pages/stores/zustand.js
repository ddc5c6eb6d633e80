import { Fragment } from 'react'
import { create } from 'zustand'
import { SESSION_STATE, withVisit } from './session-state.js'

export function createZustand() {
  const useStore = create(() => SESSION_STATE)
  return {
    Provider: Fragment,
    useSelected: () => useStore((state) => state.session?.visitId),
    useWhole: () => useStore().session?.visitId,
    update(visitId) {
      useStore.setState((state) => withVisit(state, visitId))
    },
    background() {
      useStore.setState({ isValidating: true })
      useStore.setState({ isValidating: false })
    },
  }
}
